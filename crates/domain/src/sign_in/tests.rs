//! Signing in, on both databases.

use std::net::{IpAddr, Ipv4Addr};

use parvis_config::settings::Registration;
use parvis_model::account::Role;
use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_model::time::{DAY, HOUR, MINUTE};

use super::*;
use crate::accounts::{SignUp, find, revoke, sign_up, suspend};
use crate::error::{Error, Result};
use crate::testing::{PASSWORD, Town, both};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

fn refusal<T>(result: Result<T>) -> Option<Refusal> {
    match result {
        Err(Error::Refused(refusal) | Error::Forbidden(refusal)) => Some(refusal),
        Err(Error::Invalid(problems)) => problems.first().map(|p| p.refusal),
        Err(other) => panic!("{other}"),
        Ok(_) => None,
    }
}

async fn newcomer(town: &Town, name: &str) -> AccountId {
    let form = SignUp {
        username: name.to_owned(),
        email: format!("{name}@mail.example"),
        password: PASSWORD.to_owned(),
        accepts_rules: true,
        ..SignUp::default()
    };
    sign_up(town, form).await.expect("signed up").expect("an account")
}

async fn session(town: &Town, name: &str) -> String {
    let login = password::check(town, name, PASSWORD, HERE).await.expect("the right password");
    town.write(move |tx| sessions::open(tx, &login)).await
}

async fn is_open(town: &Town, token: &str) -> bool {
    let token = token.to_owned();
    town.read(move |c| sessions::login_of(c, &token)).await.is_some()
}

#[tokio::test]
async fn somebody_signs_in_by_name_or_address_and_out_again() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        for login in ["ana", "@Ana", " ANA@mail.example "] {
            let found = password::check(&town, login, PASSWORD, HERE).await.expect("the right password");
            assert_eq!(found.account_id, ana, "{login}");
        }
        let token = session(&town, "ana").await;
        assert!(is_open(&town, &token).await);
        let same = token.clone();
        town.write(move |tx| sessions::close(tx, &same)).await;
        assert!(!is_open(&town, &token).await);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_after_fourteen_days() {
    let town = Town::new().await;
    town.resident("ana").await;
    let token = session(&town, "ana").await;
    town.clock.advance(sessions::DURATION - 1);
    assert!(is_open(&town, &token).await);
    town.clock.advance(1);
    assert!(!is_open(&town, &token).await);
}

#[tokio::test]
async fn i2_a_wrong_password_and_no_account_get_the_same_answer() {
    let town = Town::new().await;
    town.resident("ana").await;
    for login in ["ana", "ana@mail.example", "nobody", "nobody@mail.example", ""] {
        let answer = password::check(&town, login, "not the password", HERE).await;
        assert_eq!(refusal(answer), Some(Refusal::WrongCredentials), "{login}");
    }
}

#[tokio::test]
async fn a8_guessing_is_slowed_down_and_does_not_lock_the_owner_out() {
    let town = Town::new().await;
    town.resident("ana").await;
    for login in ["ana", "ana@mail.example"].into_iter().cycle().take(10) {
        let answer = password::check(&town, login, "a guess", ELSEWHERE).await;
        assert_eq!(refusal(answer), Some(Refusal::WrongCredentials));
    }
    let answer = password::check(&town, "ana", PASSWORD, ELSEWHERE).await;
    assert_eq!(refusal(answer), Some(Refusal::TooManyAttempts), "name and address count together");
    assert!(password::check(&town, "ana", PASSWORD, HERE).await.is_ok());
    town.clock.advance(15 * MINUTE);
    assert!(password::check(&town, "ana", PASSWORD, ELSEWHERE).await.is_ok());
}

#[tokio::test]
async fn a8_one_network_cannot_try_many_names() {
    let town = Town::new().await;
    let mut answers = Vec::new();
    for n in 0..61 {
        answers.push(refusal(password::check(&town, &format!("name{n}"), "a guess", ELSEWHERE).await));
    }
    assert_eq!(answers.last(), Some(&Some(Refusal::TooManyAttempts)));
    assert_eq!(answers.iter().filter(|a| **a == Some(Refusal::WrongCredentials)).count(), 60);
}

#[tokio::test]
async fn a8_who_knows_their_password_is_not_counted() {
    let town = Town::new().await;
    town.resident("ana").await;
    for _ in 0..70 {
        assert!(password::check(&town, "ana", PASSWORD, HERE).await.is_ok());
    }
    town.resident("ben").await;
    for _ in 0..10 {
        assert!(password::check(&town, "ana", "a guess", HERE).await.is_err());
        assert!(password::check(&town, "ben", PASSWORD, HERE).await.is_ok());
    }
    let answer = password::check(&town, "ana", PASSWORD, HERE).await;
    assert_eq!(refusal(answer), Some(Refusal::TooManyAttempts), "an own account wipes nothing out");
}

#[tokio::test]
async fn an_address_is_confirmed_by_a_link_that_works_once() {
    both(|town| async move {
        let ana = newcomer(&town, "ana").await;
        let early = password::check(&town, "ana", PASSWORD, HERE).await;
        assert_eq!(refusal(early), Some(Refusal::EmailNotConfirmed));
        let token = town.mail.token_to("ana@mail.example");
        let again = token.clone();
        assert!(town.write(move |tx| confirm::confirm(tx, &token)).await.is_open());
        let second = town.db().write(move |tx| confirm::confirm(tx, &again)).await;
        assert_eq!(refusal(second), Some(Refusal::LinkExpired));
        assert!(password::check(&town, "ana", PASSWORD, HERE).await.is_ok());
        assert!(town.read(move |c| Ok(find::by_id(c, ana).is_ok())).await);
    })
    .await;
}

#[tokio::test]
async fn a_confirmation_link_is_too_old_after_a_week_and_can_be_sent_again() {
    let town = Town::new().await;
    newcomer(&town, "ana").await;
    town.clock.advance(7 * DAY);
    let old = town.mail.token_to("ana@mail.example");
    let late = town.db().write(move |tx| confirm::confirm(tx, &old)).await;
    assert_eq!(refusal(late), Some(Refusal::LinkExpired));
    confirm::send_again(&town, "Ana@mail.example", HERE).await.expect("sent");
    let new = town.mail.token_to("ana@mail.example");
    town.write(move |tx| confirm::confirm(tx, &new)).await;
    let letters = town.mail.letters().len();
    confirm::send_again(&town, "ana@mail.example", HERE).await.expect("the same answer");
    confirm::send_again(&town, "nobody@mail.example", HERE).await.expect("the same answer");
    assert_eq!(town.mail.letters().len(), letters, "nobody who needs one is left");
}

#[tokio::test]
async fn a8_nobody_gets_more_than_a_few_letters_an_hour() {
    let town = Town::new().await;
    town.resident("ana").await;
    for _ in 0..8 {
        reset::ask(&town, "ana@mail.example", HERE).await.expect("the same answer");
    }
    assert_eq!(town.mail.letters().len(), 5);
    let mut last = None;
    for n in 0..20 {
        last = refusal(reset::ask(&town, &format!("a{n}@mail.example"), HERE).await);
    }
    assert_eq!(last, Some(Refusal::TooManyAttempts));
}

#[tokio::test]
async fn a5_a_new_password_by_letter_ends_all_sessions_and_works_once() {
    both(|town| async move {
        town.resident("ana").await;
        let cookie = session(&town, "ana").await;
        reset::ask(&town, "ana@mail.example", HERE).await.expect("asked");
        let token = town.mail.token_to("ana@mail.example");
        assert_eq!(refusal(reset::finish(&town, &token, "short").await), Some(Refusal::PasswordLength));
        reset::finish(&town, &token, "another long password").await.expect("changed");
        assert!(!is_open(&town, &cookie).await);
        let again = reset::finish(&town, &token, "yet another password").await;
        assert_eq!(refusal(again), Some(Refusal::LinkExpired));
        let old = password::check(&town, "ana", PASSWORD, HERE).await;
        assert_eq!(refusal(old), Some(Refusal::WrongCredentials));
        assert!(password::check(&town, "ana", "another long password", HERE).await.is_ok());
        assert!(town.mail.newest_to("ana@mail.example").subject.contains("was changed"));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_use_one_link_at_once_one_wins() {
    both(|town| async move {
        town.resident("ana").await;
        reset::ask(&town, "ana@mail.example", HERE).await.expect("asked");
        let token = town.mail.token_to("ana@mail.example");
        let (one, two) = tokio::join!(
            reset::finish(&town, &token, "the first new password"),
            reset::finish(&town, &token, "the second new password"),
        );
        assert_eq!([one, two].into_iter().filter(Result::is_ok).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_reset_link_is_too_old_after_two_hours_and_a_newer_one_replaces_it() {
    let town = Town::new().await;
    town.resident("ana").await;
    reset::ask(&town, "ana@mail.example", HERE).await.expect("asked");
    let first = town.mail.token_to("ana@mail.example");
    reset::ask(&town, "ana@mail.example", HERE).await.expect("asked");
    let second = town.mail.token_to("ana@mail.example");
    let usable = |token: &str| {
        let token = token.to_owned();
        town.read(move |c| reset::is_usable(c, &token))
    };
    assert!(!usable(&first).await);
    assert!(usable(&second).await);
    town.clock.advance(2 * HOUR);
    assert!(!usable(&second).await);
}

#[tokio::test]
async fn a5_a_session_cannot_be_opened_with_a_password_that_changed_meanwhile() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let checked = password::check(&town, "ana", PASSWORD, HERE).await.expect("the right password");
    password::change(&town, ana, PASSWORD, "another long password", HERE).await.expect("changed");
    let late = town.db().write(move |tx| sessions::open(tx, &checked)).await;
    assert_eq!(refusal(late), Some(Refusal::WrongCredentials));
    let wrong = password::change(&town, ana, PASSWORD, "yet another password", HERE).await;
    assert_eq!(refusal(wrong), Some(Refusal::WrongCredentials));
}

#[tokio::test]
async fn a5_suspending_and_signing_out_everywhere_end_sessions() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let (one, two) = (session(&town, "ana").await, session(&town, "ana").await);
        town.write(move |tx| revoke::everything(tx, ana)).await;
        assert!(!is_open(&town, &one).await && !is_open(&town, &two).await);
        let third = session(&town, "ana").await;
        town.write(move |tx| suspend::suspend(tx, Role::Moderator, ana)).await;
        assert!(!is_open(&town, &third).await);
        let barred = password::check(&town, "ana", PASSWORD, HERE).await;
        assert_eq!(refusal(barred), Some(Refusal::Suspended));
        town.write(move |tx| suspend::restore(tx, Role::Moderator, ana)).await;
        assert!(password::check(&town, "ana", PASSWORD, HERE).await.is_ok());
        assert!(!is_open(&town, &third).await, "old sessions stay ended");
    })
    .await;
}

#[tokio::test]
async fn moderators_let_people_in_or_not() {
    let town = Town::builder().settings(|s| s.accounts.registration = Registration::Approval).build().await;
    let (ana, ben) = (newcomer(&town, "ana").await, newcomer(&town, "ben").await);
    for name in ["ana", "ben"] {
        let token = town.mail.token_to(&format!("{name}@mail.example"));
        town.write(move |tx| confirm::confirm(tx, &token)).await;
    }
    let early = password::check(&town, "ana", PASSWORD, HERE).await;
    assert_eq!(refusal(early), Some(Refusal::AwaitingApproval));
    let stranger = town.db().read(|c| approval::waiting(c, Role::Officer, 10)).await;
    assert_eq!(refusal(stranger), Some(Refusal::RoleTooLow));
    let waiting = town.read(|c| approval::waiting(c, Role::Moderator, 10)).await;
    assert_eq!(waiting.iter().map(|(a, _)| a.id).collect::<Vec<_>>(), [ana, ben]);
    let (eve, mo) = (town.account("eve", Role::Elected).await, town.moderator("mo").await);
    assert_eq!(refusal(approval::approve(&town, eve, ana).await), Some(Refusal::RoleTooLow));
    assert!(!town.events().contains(&"SignedUp".to_owned()), "nobody is in yet");
    approval::approve(&town, mo, ana).await.expect("approved");
    assert_eq!(town.events(), ["SignedUp"]);
    approval::reject(&town, mo, ben).await.expect("rejected");
    assert!(password::check(&town, "ana", PASSWORD, HERE).await.is_ok());
    assert!(town.mail.newest_to("ana@mail.example").text.contains("/sign_in"));
    assert!(approval::reject(&town, mo, ana).await.is_err(), "who is in stays in");
    newcomer(&town, "ben").await;
}

#[tokio::test]
async fn accounts_that_nobody_confirms_give_their_handle_back() {
    let town = Town::new().await;
    let ana = newcomer(&town, "ana").await;
    town.resident("ben").await;
    town.clock.advance(14 * DAY + 1);
    assert_eq!(town.write(|tx| confirm::forget_unconfirmed(tx, 100)).await, [ana]);
    newcomer(&town, "ana").await;
}

#[tokio::test]
async fn presence_is_written_once_an_hour_and_a_long_absence_is_noticed() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let touch = || town.write(move |tx| activity::touch(tx, ana));
    town.clock.advance(HOUR + 1);
    assert!(!touch().await);
    let noted = town.read(move |c| find::login(c, ana)).await.last_active_at;
    town.clock.advance(MINUTE);
    assert!(!activity::is_due(noted, town.now()));
    assert!(!touch().await);
    assert_eq!(town.read(move |c| find::login(c, ana)).await.last_active_at, noted);
    town.clock.advance(31 * DAY);
    assert!(touch().await);
}
