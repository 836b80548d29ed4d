//! OAuth from end to end, on both databases.

use std::result::Result;

use parvis_model::account::Role;
use parvis_model::ids::AccountId;
use parvis_model::scope::Scopes;
use parvis_model::time::MINUTE;

use super::apps::{NewApp, Registered};
use super::authorize::{Granted, Refused};
use super::revoke::Client;
use super::*;
use crate::accounts::suspend;
use crate::testing::{Town, both};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "https://client.example/cb";

async fn app(town: &Town, scopes: &str) -> Registered {
    let new = NewApp {
        name: "Client".into(),
        redirect_uris: vec![format!("{BACK}\n{}", redirect::OUT_OF_BAND)],
        scopes: Some(scopes.into()),
        website: None,
    };
    town.write(move |tx| apps::register(tx, &new)).await.expect("registered")
}

fn asks(app: &Registered, with_pkce: bool) -> authorize::Request {
    authorize::Request {
        response_type: "code".into(),
        client_id: app.app.client_id.clone(),
        redirect_uri: BACK.into(),
        scope: Some("read".into()),
        state: Some("s t".into()),
        code_challenge: with_pkce.then(|| CHALLENGE.into()),
        code_challenge_method: with_pkce.then(|| "S256".into()),
    }
}

async fn checked(town: &Town, request: &authorize::Request) -> Result<authorize::Checked, Refused> {
    let request = request.clone();
    town.read(move |c| authorize::check(c, &request)).await
}

async fn code(town: &Town, ana: AccountId, request: &authorize::Request) -> String {
    let checked = checked(town, request).await.expect("a good request");
    let granted = town.write(move |tx| authorize::grant(tx, ana, &checked)).await;
    let Granted::GoTo(address) = granted else { panic!("{granted:?}") };
    let url = url::Url::parse(&address).expect("an address");
    assert!(url.query_pairs().any(|(k, v)| k == "state" && v == "s t"));
    url.query_pairs().find(|(k, _)| k == "code").expect("a code").1.into_owned()
}

fn offers(app: &Registered, code: &str, with_pkce: bool) -> token::Request {
    token::Request {
        grant_type: "authorization_code".into(),
        client_id: app.app.client_id.clone(),
        client_secret: Some(app.secret.clone()),
        code: Some(code.into()),
        redirect_uri: Some(BACK.into()),
        code_verifier: with_pkce.then(|| VERIFIER.into()),
        scope: None,
    }
}

async fn exchange(town: &Town, request: &token::Request) -> Result<token::Issued, OAuthError> {
    let request = request.clone();
    town.write(move |tx| token::exchange(tx, &request)).await
}

async fn who(town: &Town, token: &str) -> Option<Grant> {
    let token = token.to_owned();
    town.read(move |c| authenticate(c, &token)).await
}

#[tokio::test]
async fn a_client_gets_a_token_for_a_code_and_gives_it_back() {
    both(|town| async move {
        let ana = town.officer("ana").await;
        let app = app(&town, "read write").await;
        let code = code(&town, ana, &asks(&app, true)).await;
        let issued = exchange(&town, &offers(&app, &code, true)).await.expect("a token");
        let grant = who(&town, &issued.token).await.expect("in force");
        assert_eq!((grant.account, grant.role, grant.state), (Some(ana), Role::Officer, LoginState::Open));
        assert_eq!(grant.scopes.to_string(), "read");
        let client = Client { id: app.app.client_id.clone(), secret: Some(app.secret.clone()) };
        let (asking, token) = (client.clone(), issued.token.clone());
        assert!(town.read(move |c| revoke::introspect(c, &asking, &token)).await.expect("ours").is_some());
        for _ in 0..2 {
            let (client, token) = (client.clone(), issued.token.clone());
            assert_eq!(town.write(move |tx| revoke::revoke(tx, &client, &token)).await, Ok(()));
        }
        assert_eq!(who(&town, &issued.token).await, None);
    })
    .await;
}

#[tokio::test]
async fn a1_an_unknown_client_or_address_is_refused_on_our_page_other_faults_go_back() {
    let town = Town::new().await;
    let app = app(&town, "read").await;
    let good = asks(&app, false);
    for (request, error) in [
        (authorize::Request { client_id: "nobody".into(), ..good.clone() }, OAuthError::InvalidClient),
        (
            authorize::Request { redirect_uri: format!("{BACK}/"), ..good.clone() },
            OAuthError::InvalidRedirect,
        ),
        (
            authorize::Request { redirect_uri: format!("{BACK}?x=1"), ..good.clone() },
            OAuthError::InvalidRedirect,
        ),
        (authorize::Request { redirect_uri: String::new(), ..good.clone() }, OAuthError::InvalidRedirect),
    ] {
        assert_eq!(checked(&town, &request).await.map(|_| ()), Err(Refused::OnPage(error)));
    }
    let token = authorize::Request { response_type: "token".into(), ..good };
    let Err(Refused::Back(address)) = checked(&town, &token).await else { panic!("not sent back") };
    assert!(address.starts_with(&format!("{BACK}?error=unsupported_response_type")), "{address}");
    assert!(address.ends_with("state=s+t"), "{address}");
}

#[tokio::test]
async fn a1_a_client_with_a_dangerous_address_cannot_be_registered() {
    let town = Town::new().await;
    let new = |uri: &str| NewApp { name: "X".into(), redirect_uris: vec![uri.into()], ..NewApp::default() };
    for bad in ["javascript:alert(1)", "https://good.example data:text/html,x", ""] {
        let new = new(bad);
        assert!(town.write(move |tx| apps::register(tx, &new)).await.is_err(), "{bad}");
    }
    let nameless = NewApp { name: " ".into(), ..new(BACK) };
    assert!(town.write(move |tx| apps::register(tx, &nameless)).await.is_err());
    let tricky = NewApp { website: Some("javascript:alert(1)".into()), ..new(BACK) };
    assert!(town.write(move |tx| apps::register(tx, &tricky)).await.is_err());
}

#[tokio::test]
async fn a2_plain_short_or_missing_challenges_are_refused() {
    let town = Town::new().await;
    let app = app(&town, "read").await;
    for (challenge, method) in [
        (Some(CHALLENGE), None),
        (Some(CHALLENGE), Some("plain")),
        (Some("short"), Some("S256")),
        (None, Some("S256")),
    ] {
        let request = authorize::Request {
            code_challenge: challenge.map(str::to_owned),
            code_challenge_method: method.map(str::to_owned),
            ..asks(&app, false)
        };
        let refused = checked(&town, &request).await.map(|_| ());
        assert!(
            matches!(&refused, Err(Refused::Back(a)) if a.contains("error=invalid_request")),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a2_a_failed_exchange_burns_the_code() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let (app, other) = (app(&town, "read").await, app(&town, "read").await);
        type Fault = fn(&mut token::Request, &Registered);
        let faults: [(&str, Fault); 7] = [
            ("wrong verifier", |r, _| r.code_verifier = Some("x".repeat(43))),
            ("challenge itself", |r, _| r.code_verifier = Some(CHALLENGE.into())),
            ("no verifier", |r, _| r.code_verifier = None),
            ("wrong secret", |r, _| r.client_secret = Some("guess".into())),
            ("other address", |r, _| r.redirect_uri = Some(redirect::OUT_OF_BAND.into())),
            ("no address", |r, _| r.redirect_uri = None),
            ("other client", |r, other| {
                r.client_id.clone_from(&other.app.client_id);
                r.client_secret = Some(other.secret.clone());
            }),
        ];
        for (name, fault) in faults {
            let good = offers(&app, &code(&town, ana, &asks(&app, true)).await, true);
            let mut bad = good.clone();
            fault(&mut bad, &other);
            assert!(exchange(&town, &bad).await.is_err(), "{name}");
            assert_eq!(exchange(&town, &good).await, Err(OAuthError::InvalidGrant), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a2_a_verifier_without_challenge_is_refused_and_a_public_client_needs_pkce() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let app = app(&town, "read").await;
    let without = offers(&app, &code(&town, ana, &asks(&app, false)).await, true);
    assert!(matches!(exchange(&town, &without).await, Err(OAuthError::InvalidRequest(_))));
    let mut public = offers(&app, &code(&town, ana, &asks(&app, false)).await, false);
    public.client_secret = None;
    assert_eq!(exchange(&town, &public).await, Err(OAuthError::InvalidClient));
    let mut public = offers(&app, &code(&town, ana, &asks(&app, true)).await, true);
    public.client_secret = None;
    assert!(exchange(&town, &public).await.is_ok());
}

#[tokio::test]
async fn a3_a_code_used_twice_gives_one_token_and_takes_it_back() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let app = app(&town, "read").await;
        let request = offers(&app, &code(&town, ana, &asks(&app, true)).await, true);
        let issued = exchange(&town, &request).await.expect("a token");
        assert!(who(&town, &issued.token).await.is_some());
        assert_eq!(exchange(&town, &request).await, Err(OAuthError::InvalidGrant));
        assert_eq!(who(&town, &issued.token).await, None);
    })
    .await;
}

#[tokio::test]
async fn a3_of_two_exchanges_at_once_at_most_one_gives_a_token() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let app = app(&town, "read").await;
        for _ in 0..5 {
            let request = offers(&app, &code(&town, ana, &asks(&app, true)).await, true);
            let (one, two) = tokio::join!(exchange(&town, &request), exchange(&town, &request));
            assert_eq!([&one, &two].into_iter().filter(|r| r.is_ok()).count(), 1, "{one:?} {two:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a3_a_code_is_too_old_after_ten_minutes() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let app = app(&town, "read").await;
    let request = offers(&app, &code(&town, ana, &asks(&app, false)).await, false);
    town.clock.advance(10 * MINUTE);
    assert_eq!(exchange(&town, &request).await, Err(OAuthError::InvalidGrant));
}

#[tokio::test]
async fn a4_nobody_gets_more_scopes_than_were_registered() {
    let town = Town::new().await;
    let app = app(&town, "read write:media").await;
    for scope in ["write", "read follow", "admin:read", "everything"] {
        let request = authorize::Request { scope: Some(scope.into()), ..asks(&app, false) };
        let refused = checked(&town, &request).await.map(|_| ());
        assert!(matches!(&refused, Err(Refused::Back(a)) if a.contains("error=invalid_scope")), "{scope}");
        let own = token::Request {
            grant_type: "client_credentials".into(),
            scope: Some(scope.into()),
            ..offers(&app, "", false)
        };
        assert_eq!(exchange(&town, &own).await, Err(OAuthError::InvalidScope), "{scope}");
    }
    let own = token::Request { grant_type: "client_credentials".into(), ..offers(&app, "", false) };
    let issued = exchange(&town, &own).await.expect("a token for the program");
    let grant = who(&town, &issued.token).await.expect("in force");
    assert_eq!((grant.state, grant.scopes.to_string()), (LoginState::Nobody, "read".to_owned()));
    let wrong = token::Request { client_secret: None, ..own };
    assert_eq!(exchange(&town, &wrong).await, Err(OAuthError::InvalidClient));
    let password = token::Request { grant_type: "password".into(), ..wrong };
    assert_eq!(exchange(&town, &password).await, Err(OAuthError::UnsupportedGrantType));
}

#[tokio::test]
async fn a5_tokens_and_codes_end_with_the_account() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let app = app(&town, "read").await;
        let token = exchange(&town, &offers(&app, &code(&town, ana, &asks(&app, false)).await, false)).await;
        let token = token.expect("a token").token;
        let waiting = offers(&app, &code(&town, ana, &asks(&app, false)).await, false);
        town.write(move |tx| suspend::suspend(tx, Role::Admin, ana)).await;
        assert_eq!(who(&town, &token).await, None);
        assert_eq!(exchange(&town, &waiting).await, Err(OAuthError::InvalidGrant));
        town.write(move |tx| suspend::restore(tx, Role::Admin, ana)).await;
        assert_eq!(who(&town, &token).await, None, "it does not come back");
    })
    .await;
}

#[tokio::test]
async fn a5_a_client_revokes_its_own_tokens_only() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let (mine, other) = (app(&town, "read").await, app(&town, "read").await);
    let token = town.token(ana, "read").await;
    for client in [
        Client { id: mine.app.client_id.clone(), secret: Some(mine.secret) },
        Client { id: mine.app.client_id, secret: Some(other.secret) },
        Client { id: other.app.client_id, secret: None },
        Client::default(),
    ] {
        let same = token.clone();
        let answer = town.write(move |tx| revoke::revoke(tx, &client, &same)).await;
        assert_eq!(answer, Err(OAuthError::UnauthorizedClient));
    }
    assert!(who(&town, &token).await.is_some());
}

#[tokio::test]
async fn a7_the_token_of_a_sign_up_tells_nobody_whether_the_address_was_taken() {
    let town = Town::new().await;
    let app = app(&town, "read write").await.app.id;
    let scopes = Scopes::parse("read").expect("scopes");
    let form = crate::accounts::SignUp {
        username: "ana".into(),
        email: "ana@mail.example".into(),
        password: crate::testing::PASSWORD.into(),
        accepts_rules: true,
        ..Default::default()
    };
    let mut seen = Vec::new();
    for username in ["ana", "ben"] {
        let form = crate::accounts::SignUp { username: username.into(), ..form.clone() };
        let account = crate::accounts::sign_up(&town, form).await.expect("the same answer");
        let scopes = scopes.clone();
        let issued = town.write(move |tx| tokens::issue_at_sign_up(tx, app, account, &scopes)).await;
        let grant = who(&town, &issued.token).await.expect("in force");
        seen.push((grant.state, grant.scopes, issued.token.len()));
    }
    assert_eq!(seen.first(), seen.last());
    assert_eq!(seen.first().map(|s| s.0), Some(LoginState::AwaitsConfirmation));
}
