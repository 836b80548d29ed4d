//! Admin::Account. Network addresses are not kept here, so `ip` and `ips` are always empty.

use parvis_domain::views::StaffAccount;
use parvis_model::account::Role as RoleName;
use parvis_model::ids::AccountId;
use parvis_model::urls::Urls;
use serde::Serialize;

use crate::entities::Account;
use crate::entities::role::Role;

/// An account as staff see it.
#[derive(Clone, Debug, Serialize)]
pub struct AdminAccount {
    id: AccountId,
    username: String,
    domain: Option<String>,
    created_at: String,
    email: Option<String>,
    ip: Option<String>,
    ips: [(); 0],
    locale: Option<String>,
    invite_request: Option<String>,
    role: Role,
    confirmed: bool,
    approved: bool,
    disabled: bool,
    silenced: bool,
    suspended: bool,
    sensitized: bool,
    created_by_application_id: Option<String>,
    invited_by_account_id: Option<String>,
    account: Account,
}

impl AdminAccount {
    /// Renders an account. One of another server has no login, and counts as confirmed and approved nowhere.
    #[must_use]
    pub fn of(staff: &StaffAccount, urls: &Urls) -> Self {
        let row = &staff.view.account;
        let login = staff.login.as_ref();
        Self {
            id: row.id,
            username: row.username.clone(),
            domain: (!row.is_local()).then(|| row.host.clone()),
            created_at: row.created_at.to_rfc3339(),
            email: login.map(|l| l.email.clone()),
            ip: None,
            ips: [],
            locale: login.map(|l| l.locale.clone()),
            invite_request: login.map(|l| l.sign_up_reason.clone()).filter(|r| !r.is_empty()),
            role: Role::of(login.and_then(|l| RoleName::parse(&l.role)).unwrap_or_default()),
            confirmed: login.is_some_and(|l| l.confirmed_at.is_some()),
            approved: login.is_some_and(|l| l.approved_at.is_some()),
            disabled: login.is_some_and(|l| l.disabled_at.is_some()),
            silenced: row.silenced_at.is_some(),
            suspended: row.suspended_at.is_some(),
            sensitized: row.sensitized_at.is_some(),
            created_by_application_id: None,
            invited_by_account_id: None,
            account: Account::of(&staff.view, urls),
        }
    }

    /// Renders many.
    #[must_use]
    pub fn all(found: &[StaffAccount], urls: &Urls) -> Vec<Self> {
        found.iter().map(|a| Self::of(a, urls)).collect()
    }
}
