//! Accounts, logins and tokens; who follows, blocks and mutes whom.

use parvis_model::account::{ActorKind, Role};
use parvis_model::ids::{FollowId, TokenId};
use parvis_model::time::{DAY, MINUTE};
use parvis_store::accounts::{self, Account};
use parvis_store::blocks::{self, Block, Mute};
use parvis_store::follows::{self, Follow};
use parvis_store::logins::{self, Login};
use parvis_store::oauth::{self, App, Token};

use super::{DEPARTMENTS, FIRST_VIEWER, Plan, SPEAKER, TEN, THOUSAND, mixed};
use crate::error::Result;
use crate::events::context_of;
use crate::{Tx, secrets};

/// The program that everybody uses.
pub(super) fn app(tx: &mut Tx<'_>, plan: &Plan) -> Result<()> {
    let row = App {
        id: plan.app(),
        client_id: "bench".to_owned(),
        secret_hash: "-".to_owned(),
        name: "Bench".to_owned(),
        website: Some("https://bench.example/".to_owned()),
        redirect_uris: "urn:ietf:wg:oauth:2.0:oob".to_owned(),
        scopes: "read write follow push".to_owned(),
        created_at: plan.until,
    };
    Ok(oauth::insert_app(tx, &row)?)
}

pub(super) fn username(plan: &Plan, n: i64) -> String {
    match n {
        _ if n < DEPARTMENTS => format!("department{n}"),
        TEN => "ten".to_owned(),
        THOUSAND => "thousand".to_owned(),
        SPEAKER => "speaker".to_owned(),
        _ if n < plan.first_poster() => format!("viewer{}", n - FIRST_VIEWER),
        _ if n < plan.first_person() => format!("poster{}", n - plan.first_poster()),
        _ => format!("person{}", n - plan.first_person()),
    }
}

/// '' for somebody who lives here.
pub(super) fn host(plan: &Plan, n: i64) -> String {
    if plan.is_local(n) { String::new() } else { format!("town-{}.example", mixed(n, 1) % 50) }
}

pub(super) fn uri(tx: &Tx<'_>, plan: &Plan, n: i64) -> Result<String> {
    let name = username(plan, n);
    Ok(match host(plan, n).as_str() {
        "" => context_of(tx)?.urls.actor(&name),
        host => format!("https://{host}/users/{name}"),
    })
}

/// One account with all that belongs to itself.
pub(super) fn account(tx: &mut Tx<'_>, plan: &Plan, n: i64) -> Result<()> {
    let (name, host, uri) = (username(plan, n), host(plan, n), uri(tx, plan, n)?);
    let is_local = plan.is_local(n);
    let kind = if n < DEPARTMENTS { ActorKind::Organization } else { ActorKind::Person };
    let at = plan.until.minus(400 * DAY);
    let row = Account {
        id: plan.account(n),
        username_key: name.to_lowercase(),
        skeleton: is_local.then(|| name.clone()),
        url: if is_local { context_of(tx)?.urls.profile(&name) } else { format!("https://{host}/@{name}") },
        kind: kind.as_str().to_owned(),
        display_name: format!("Somebody called {name}"),
        bio_html: format!(
            "<p>Lives near the square no. {n}, likes <b>markets</b>, concerts and long walks; speaks for nobody else. <a href=\"https://{name}.example/\">more</a></p>"
        ),
        bio_source: String::new(),
        fields: r#"[{"name":"Street","value":"Rue de la Mairie","verified_at":null}]"#.to_owned(),
        avatar: (n % 3 == 0 && !is_local).then(|| format!("https://{host}/avatar/{n}.png")),
        header: None,
        is_locked: false,
        is_discoverable: n % 2 == 0,
        inbox: format!("{uri}/inbox"),
        shared_inbox: None,
        outbox: format!("{uri}/outbox"),
        followers_uri: format!("{uri}/followers"),
        featured_uri: None,
        created_at: at,
        fetched_at: (!is_local).then_some(plan.until),
        suspended_at: None,
        gone_at: None,
        last_status_at: Some(plan.until),
        version: 1,
        silenced_at: None,
        sensitized_at: None,
        username: name.clone(),
        host,
        uri,
    };
    accounts::insert(tx, &row)?;
    if is_local { sign_in(tx, plan, n, &name) } else { Ok(()) }
}

fn sign_in(tx: &mut Tx<'_>, plan: &Plan, n: i64, name: &str) -> Result<()> {
    let at = plan.until.minus(400 * DAY);
    let login = Login {
        account_id: plan.account(n),
        email: format!("{name}@mail.example"),
        email_key: format!("{name}@mail.example"),
        password_hash: "-".to_owned(),
        role: Role::Resident.as_str().to_owned(),
        locale: "en".to_owned(),
        sign_up_reason: String::new(),
        rules_accepted_at: Some(at),
        confirmed_at: Some(at),
        approved_at: Some(at),
        // In time to come, so that reading is all that a measured reader does.
        last_active_at: plan.until.plus(3_000 * DAY),
        default_visibility: 0,
        default_sensitive: false,
        default_language: Some("en".to_owned()),
        created_at: at,
        default_quote_policy: 2,
        disabled_at: None,
    };
    logins::insert(tx, &login)?;
    let token = Token {
        id: TokenId(plan.account(n).0),
        token_hash: secrets::hash(&plan.token_of(n)),
        app_id: plan.app(),
        account_id: Some(plan.account(n)),
        scopes: "read write follow push".to_owned(),
        created_at: at,
        revoked_at: None,
    };
    Ok(oauth::insert_token(tx, &token)?)
}

/// Whom somebody follows beside the departments: so many accounts from a number on, turning round at the end.
pub(super) fn followed(plan: &Plan, n: i64) -> (i64, i64) {
    let start = mixed(n, 2) % plan.persons();
    let count = match n {
        _ if n < DEPARTMENTS => 0,
        TEN => 10 - DEPARTMENTS,
        THOUSAND => (1_000 - DEPARTMENTS).min(plan.persons()),
        SPEAKER => 0,
        _ if n < plan.first_poster() => 10 + mixed(n, 3) % 190,
        _ => 0,
    };
    (start, count.min(plan.persons()))
}

/// Whom somebody follows, blocks and mutes.
pub(super) fn relations(tx: &mut Tx<'_>, plan: &Plan, n: i64) -> Result<()> {
    let (start, count) = followed(plan, n);
    for step in 0..count {
        follow(tx, plan, n, plan.first_person() + (start + step) % plan.persons(), step)?;
    }
    if plan.is_local(n) && n >= DEPARTMENTS {
        for department in 0..DEPARTMENTS {
            follow(tx, plan, n, department, 2_000 + department)?;
        }
    }
    if n >= plan.first_person() {
        for step in 0..5 {
            let viewer = FIRST_VIEWER + (mixed(n, 4) + step) % plan.viewers;
            follow(tx, plan, n, viewer, 3_000 + step)?;
        }
    }
    let is_reader = n < plan.first_poster() && n >= DEPARTMENTS && n != SPEAKER;
    for step in (0..2).filter(|_| is_reader && count < plan.persons() - 4) {
        // Right behind those whom they follow.
        let target = |more: i64| plan.account(plan.first_person() + (start + count + more) % plan.persons());
        let id = plan.account(n).0 + step;
        let uri = format!("https://bench.example/blocks/{n}/{step}");
        blocks::block(tx, &Block { account_id: plan.account(n), target_id: target(step), id, uri })?;
        let mute = Mute {
            account_id: plan.account(n),
            target_id: target(2 + step),
            id,
            hides_notifications: true,
            expires_at: None,
        };
        blocks::mute(tx, &mute)?;
    }
    Ok(())
}

fn follow(tx: &mut Tx<'_>, plan: &Plan, from: i64, to: i64, step: i64) -> Result<()> {
    let row = Follow {
        // Five thousand ids for everybody.
        id: FollowId(plan.until.minus(300 * DAY).0 * MINUTE + from * 5_000 + step),
        follower_id: plan.account(from),
        followee_id: plan.account(to),
        uri: format!("https://bench.example/follows/{from}/{to}"),
        state: 1,
        shows_boosts: true,
        notifies: false,
        languages: String::new(),
        created_at: plan.until,
    };
    Ok(follows::insert(tx, &row)?)
}
