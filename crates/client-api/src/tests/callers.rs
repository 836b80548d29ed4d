//! Every route, called by everybody: what each must be told follows from the route's declared access and nothing else (threats A4, A5, I4).

use parvis_domain::accounts::suspend;
use parvis_model::account::Role;

use super::guard::program_token;
use super::*;
use crate::access::{Access, Route};
use crate::auth::TokenFrom;
use crate::table::table;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    Unknown,
    /// With a token that was given back.
    Revoked,
    /// A program with all scopes, and nobody behind it.
    Program,
    /// A program with none of the scopes that are asked for.
    ProgramWithout,
    /// Somebody whose token has none of the scopes that are asked for.
    Without,
    /// Somebody who has not confirmed their address.
    Newcomer,
    /// Somebody who is suspended, with a token made since.
    Suspended,
    Resident,
    Admin,
}

const EVERYBODY: [Who; 10] = [
    Who::Nobody,
    Who::Unknown,
    Who::Revoked,
    Who::Program,
    Who::ProgramWithout,
    Who::Without,
    Who::Newcomer,
    Who::Suspended,
    Who::Resident,
    Who::Admin,
];

/// What the guard says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Come in: whatever the answer is, it is not the guard's.
    ComeIn,
    NoToken,
    OutsideScopes,
    NotConfirmed,
    Disabled,
    NeedsPerson,
    NotStaff,
}

impl Told {
    /// What an answer was.
    fn of(answer: &Answer) -> Self {
        let error = answer.json()["error"].as_str().unwrap_or_default().to_owned();
        match (answer.status.as_u16(), error.as_str()) {
            (401, "The access token is invalid") => Self::NoToken,
            (403, "This action is outside the authorized scopes") => Self::OutsideScopes,
            (403, "Your login is missing a confirmed e-mail address") => Self::NotConfirmed,
            (403, "Your login is currently disabled") => Self::Disabled,
            (422, "This method requires an authenticated user") => Self::NeedsPerson,
            (403, "This action is not allowed") => Self::NotStaff,
            _ => Self::ComeIn,
        }
    }

    /// What it must be.
    fn expected(access: Access, who: Who) -> Self {
        let (scopes, needs_person) = match access {
            Access::Public => return Self::ComeIn,
            Access::Optional(_) if who == Who::Nobody => return Self::ComeIn,
            Access::Optional(scopes) | Access::Program(scopes) => (scopes, false),
            Access::User(scopes) | Access::Newcomer(scopes) | Access::Staff(scopes, _) => (scopes, true),
        };
        let has_scope = scopes.is_empty() || !matches!(who, Who::Without | Who::ProgramWithout);
        match who {
            Who::Nobody | Who::Unknown | Who::Revoked => Self::NoToken,
            _ if !has_scope => Self::OutsideScopes,
            Who::Program | Who::ProgramWithout if needs_person => Self::NeedsPerson,
            Who::Suspended => Self::Disabled,
            Who::Newcomer if !matches!(access, Access::Newcomer(_)) => Self::NotConfirmed,
            Who::Resident | Who::Without | Who::Newcomer if matches!(access, Access::Staff(..)) => {
                Self::NotStaff
            }
            _ => Self::ComeIn,
        }
    }
}

const ALL: &str = "read write follow push profile admin:read admin:write";

/// A scope that the route does not ask for.
fn other_scope(route: &Route) -> &'static str {
    let asks_for_push = match route.access {
        Access::Optional(s)
        | Access::Program(s)
        | Access::User(s)
        | Access::Newcomer(s)
        | Access::Staff(s, _) => s.contains(&"push"),
        Access::Public => false,
    };
    if asks_for_push { "profile" } else { "push" }
}

/// The tokens of everybody.
struct Tokens {
    api: Api,
    revoked: String,
    program: String,
    newcomer: String,
    suspended: String,
    resident: String,
    admin: String,
}

impl Tokens {
    async fn new() -> Self {
        let api = Api::new().await;
        let [gone, ana, sam, ada] = [
            api.resident("gone").await.id,
            api.resident("ana").await.id,
            api.resident("sam").await.id,
            api.town.account("ada", Role::Admin).await,
        ];
        let revoked = api.token(gone, ALL).await;
        api.town.write(move |tx| parvis_domain::accounts::revoke::everything(tx, gone)).await;
        api.town.write(move |tx| suspend::suspend(tx, Role::Admin, sam)).await;
        let program = program_token(&api, ALL).await;
        let form = "username=newcomer&email=new@mail.example&password=a+long+enough+one&agreement=true";
        let made = api.call(Method::POST, &program, "/api/v1/accounts", form).await.ok();
        Self {
            revoked,
            program,
            newcomer: made["access_token"].as_str().unwrap().to_owned(),
            suspended: api.token(sam, ALL).await,
            resident: api.token(ana, ALL).await,
            admin: api.token(ada, ALL).await,
            api,
        }
    }

    async fn of(&self, who: Who, route: &Route) -> String {
        let without = match who {
            Who::ProgramWithout => return program_token(&self.api, other_scope(route)).await,
            Who::Without => {
                let ana = self.api.town.read(|c| parvis_domain::accounts::find::local(c, "ana")).await.id;
                return self.api.token(ana, other_scope(route)).await;
            }
            Who::Nobody => "",
            Who::Unknown => "never-issued",
            Who::Revoked => &self.revoked,
            Who::Program => &self.program,
            Who::Newcomer => &self.newcomer,
            Who::Suspended => &self.suspended,
            Who::Resident => &self.resident,
            Who::Admin => &self.admin,
        };
        without.to_owned()
    }
}

#[tokio::test]
async fn a4_a5_i4_what_each_caller_is_told_follows_from_the_declared_access() {
    let tokens = Tokens::new().await;
    let mut wrong = Vec::new();
    for route in table() {
        let path = guard::path_of(&route);
        for who in EVERYBODY {
            let expected = Told::expected(route.access, who);
            // A stream that opens has no end: `streaming` looks at those.
            let opens_stream = route.token == TokenFrom::Anywhere && expected == Told::ComeIn;
            // What ends the resident's own sign-in would spoil the rest.
            let signs_out = route.path == "/oauth/revoke";
            if opens_stream || signs_out {
                continue;
            }
            let token = tokens.of(who, &route).await;
            let answer = tokens.api.call(route.method.clone(), &token, &path, "").await;
            let told = Told::of(&answer);
            assert!(answer.status.as_u16() < 500, "{} {path} by {who:?}: {}", route.method, answer.status);
            if told != expected {
                wrong.push(format!("{} {path} by {who:?}: {told:?} instead of {expected:?}", route.method));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
