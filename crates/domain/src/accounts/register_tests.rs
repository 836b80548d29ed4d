//! Opening accounts, on both databases.

use parvis_model::account::Role;
use parvis_store::{keys, logins};

use super::*;
use crate::accounts::{find, instance_actor};
use crate::testing::{PASSWORD, Town, both};

fn form(username: &str) -> SignUp {
    SignUp {
        username: username.to_owned(),
        email: format!("{username}@mail.example"),
        password: PASSWORD.to_owned(),
        reason: String::new(),
        accepts_rules: true,
        locale: "fr".to_owned(),
        from: None,
    }
}

fn problems<T>(result: Result<T>) -> Vec<(&'static str, Refusal)> {
    match result {
        Err(Error::Invalid(problems)) => problems.into_iter().map(|p| (p.field, p.refusal)).collect(),
        Err(other) => panic!("not a form error: {other}"),
        Ok(_) => Vec::new(),
    }
}

#[tokio::test]
async fn somebody_signs_up_and_gets_a_letter_in_their_language() {
    both(|town| async move {
        let id = sign_up(&town, form("Ana")).await.expect("signed up").expect("an account");
        let letter = town.mail.newest_to("Ana@mail.example");
        assert!(letter.text.contains("Bonjour ana"), "{}", letter.text);
        assert!(letter.text.contains("http://town.example/auth/confirm?token="), "{}", letter.text);
        let (login, keys) = town
            .read(move |c| Ok((logins::of_account(c, id)?.expect("a login"), keys::of_account(c, id)?)))
            .await;
        assert_eq!(login.email_key, "ana@mail.example");
        assert!(login.approved_at.is_some() && login.confirmed_at.is_none());
        let key = keys.first().expect("a key");
        assert_eq!(key.uri, "http://town.example/users/ana#main-key");
        let sealed = key.private_sealed.as_deref().expect("a private key");
        assert!(town.secrets().open(&format!("key {}", key.uri), sealed).is_ok());
        assert!(!login.password_hash.contains(PASSWORD));
    })
    .await;
}

#[tokio::test]
async fn all_mistakes_of_a_form_are_said_at_once() {
    let town = Town::new().await;
    let bad =
        SignUp { username: "a b".into(), email: "ana".into(), password: "short".into(), ..SignUp::default() };
    let found = problems(sign_up(&town, bad).await);
    assert_eq!(
        found,
        [
            ("agreement", Refusal::RulesNotAccepted),
            ("password", Refusal::PasswordLength),
            ("email", Refusal::EmailUnusable),
            ("username", Refusal::HandleShape),
        ]
    );
}

#[tokio::test]
async fn v10_a_handle_that_is_taken_reserved_or_looks_like_one_is_refused() {
    both(|town| async move {
        town.resident("paul").await;
        instance_actor::ensure(&town).await.expect("the town itself");
        for (wanted, refusal) in [
            ("paul", Refusal::HandleTaken),
            ("PAUL", Refusal::HandleTaken),
            ("pau1", Refusal::HandleTaken),
            ("mairie", Refusal::HandleReserved),
            ("town_example", Refusal::HandleTaken),
        ] {
            let mut form = form(wanted);
            form.email = "new@mail.example".to_owned();
            assert_eq!(problems(sign_up(&town, form).await), [("username", refusal)], "{wanted}");
        }
        assert!(town.mail.letters().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a7_a_taken_address_gets_a_letter_and_the_visitor_learns_nothing() {
    both(|town| async move {
        town.resident("ana").await;
        let mut second = form("ben");
        second.email = "ANA@mail.example".to_owned();
        let answer = sign_up(&town, second).await.expect("the same answer as for a new address");
        assert_eq!(answer, None);
        let letter = town.mail.newest_to("ana@mail.example");
        assert!(letter.text.contains("@ana"), "{}", letter.text);
        assert!(town.read(|c| Ok(find::local(c, "ben").is_err())).await);
    })
    .await;
}

#[tokio::test]
async fn a_closed_town_takes_nobody_and_one_with_approval_lets_nobody_in_at_once() {
    let closed = Town::builder().settings(|s| s.accounts.registration = Registration::Closed).build().await;
    assert!(matches!(sign_up(&closed, form("ana")).await, Err(Error::Refused(Refusal::RegistrationClosed))));
    let asking = Town::builder().settings(|s| s.accounts.registration = Registration::Approval).build().await;
    let id = sign_up(&asking, form("ana")).await.expect("signed up").expect("an account");
    let login = asking.read(move |c| find::login(c, id)).await;
    assert!(login.approved_at.is_none());
}

#[tokio::test]
async fn i2_an_account_nobody_confirmed_is_not_there() {
    let town = Town::new().await;
    let id = sign_up(&town, form("ana")).await.expect("signed up").expect("an account");
    let found = town.read(move |c| Ok((find::by_id(c, id).is_ok(), find::local(c, "ana").is_ok()))).await;
    assert_eq!(found, (false, false));
    let ben = town.resident("ben").await;
    assert_eq!(town.read(move |c| Ok(find::local(c, "BEN")?.id)).await, ben);
}

#[tokio::test]
async fn two_people_who_want_the_same_handle_at_once_do_not_both_get_it() {
    both(|town| async move {
        let mut rival = form("ana");
        rival.email = "rival@mail.example".to_owned();
        let (one, two) = tokio::join!(sign_up(&town, form("ana")), sign_up(&town, rival));
        let won = [one, two].into_iter().filter_map(Result::ok).flatten().count();
        assert_eq!(won, 1);
    })
    .await;
}

#[tokio::test]
async fn two_sign_ups_with_the_same_address_at_once_make_one_account() {
    both(|town| async move {
        let mut rival = form("ben");
        rival.email = "ana@mail.example".to_owned();
        let (one, two) = tokio::join!(sign_up(&town, form("ana")), sign_up(&town, rival));
        let made = [one.expect("answered"), two.expect("answered")].into_iter().flatten().count();
        assert_eq!(made, 1);
    })
    .await;
}

#[tokio::test]
async fn keys_come_from_the_pool_when_it_has_some() {
    both(|town| async move {
        assert_eq!(key_pool::refill(&town).await.expect("refilled"), 8);
        assert_eq!(key_pool::refill(&town).await.expect("refilled"), 0);
        town.resident("ana").await;
        assert_eq!(town.read(|c| Ok(keys::pool_size(c)?)).await, 7);
    })
    .await;
}

#[tokio::test]
async fn every_account_has_a_key_for_requests_and_one_for_documents_and_old_accounts_get_theirs() {
    both(|town| async move {
        key_pool::refill(&town).await.expect("refilled");
        let (ana, bob) = (town.resident("ana").await, town.resident("bob").await);
        let algorithms = |id| {
            town.read(move |c| {
                Ok(keys::of_account(c, id)?.into_iter().map(|key| key.algorithm).collect::<Vec<_>>())
            })
        };
        for id in [ana, bob] {
            assert_eq!(algorithms(id).await, ["rsa", "ed25519"]);
        }
        assert_eq!(key_pool::complete(&town).await.expect("complete"), 0);
        // As it was before there were such keys.
        town.write(move |tx| Ok(keys::delete_of_account(tx, bob)?)).await;
        assert_eq!(key_pool::complete(&town).await.expect("complete"), 1);
        assert_eq!(algorithms(bob).await, ["ed25519"]);
        assert_eq!(key_pool::complete(&town).await.expect("complete"), 0);
    })
    .await;
}

#[tokio::test]
async fn a9_the_operator_gives_roles_and_reserved_names_and_a_form_cannot() {
    let town = Town::new().await;
    let id = town.account("mairie", Role::Admin).await;
    assert_eq!(town.read(move |c| find::login(c, id)).await.role, "admin");
    let id = sign_up(&town, form("ana")).await.expect("signed up").expect("an account");
    assert_eq!(town.read(move |c| find::login(c, id)).await.role, "resident");
}

#[tokio::test]
async fn the_town_itself_is_an_actor_made_once() {
    both(|town| async move {
        let id = instance_actor::ensure(&town).await.expect("made");
        assert_eq!(instance_actor::ensure(&town).await.expect("found"), id);
        let actor = town.read(move |c| find::by_id(c, id)).await;
        assert_eq!((actor.uri.as_str(), actor.username.as_str()), ("http://town.example/", "town.example"));
    })
    .await;
}

#[tokio::test]
async fn a8_one_network_opens_a_few_accounts_an_hour_and_one_address_gets_a_few_letters() {
    let town = Town::builder().settings(|s| s.limits.rate_limits = true).build().await;
    let from = Some(IpAddr::from([192, 0, 2, 7]));
    for n in 0..20 {
        let form = SignUp { from, ..form(&format!("ana{n}")) };
        sign_up(&town, form).await.expect("signed up");
    }
    let next = || SignUp { from, ..form("bea") };
    assert!(matches!(sign_up(&town, next()).await, Err(Error::Refused(Refusal::TooManyAttempts))));
    town.clock.advance(HOUR);
    sign_up(&town, next()).await.expect("signed up");
    let letters = town.mail.letters().len();
    for n in 0..5 {
        let mut again = form(&format!("cleo{n}"));
        again.email = "bea@mail.example".to_owned();
        assert_eq!(sign_up(&town, again).await.expect("the same answer"), None);
    }
    assert_eq!(town.mail.letters().len(), letters + 4);
}
