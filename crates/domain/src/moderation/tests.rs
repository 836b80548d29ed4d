//! Reports, decisions and appeals, as the town lives through them, on both databases.

use parvis_model::account::Role;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::moderation::{APPEAL_WITHIN, Action, Category, REPORTS_A_DAY};
use parvis_model::notification::NotificationKind;
use parvis_model::refusal::Refusal;
use parvis_model::time::DAY;
use parvis_model::visibility::Visibility;
use parvis_store::notifications::Filter as NotificationFilter;
use parvis_store::timelines::Range;

use super::actions::{self, Decision};
use super::desk::{self, Step};
use super::reports::{self, NewReport};
use super::{AccountFilter, ReportFilter, State, appeals, lifting, presets, roster, servers};
use crate::accounts::suspend;
use crate::error::Error;
use crate::notifications;
use crate::policy::Terms;
use crate::staff::By;
use crate::statuses::{self, Draft};
use crate::testing::{Builder, PASSWORD, Place, Town, cost_of};
use crate::{Result, audit, sign_in};

async fn both<F: std::future::Future<Output = ()>>(test: impl Fn(Town) -> F) {
    let told = || -> Builder { Town::builder().listeners(vec![notifications::on_event]) };
    test(told().build().await).await;
    if let Some(place) = Place::postgres() {
        test(told().place(place).build().await).await;
    }
}

fn decided(action: Action) -> Decision {
    Decision { action, report: None, preset: None, text: "Insults.".to_owned(), sends_letter: true }
}

fn refusal<T>(result: Result<T>) -> Option<Refusal> {
    match result {
        Err(Error::Refused(refusal) | Error::Forbidden(refusal)) => Some(refusal),
        Err(Error::Invalid(problems)) => problems.first().map(|p| p.refusal),
        _ => None,
    }
}

async fn post(town: &Town, who: AccountId, visibility: Visibility) -> StatusId {
    let draft = Draft { text: "one".to_owned(), visibility, ..Draft::default() };
    town.write(move |tx| statuses::publish(tx, who, &draft)).await
}

async fn told(town: &Town, who: AccountId) -> Vec<NotificationKind> {
    let filter = NotificationFilter::default();
    let page = town.read(move |c| notifications::page(c, who, &filter, Range::newest(40))).await;
    page.into_iter().map(|n| n.kind).collect()
}

async fn actions_of(town: &Town) -> Vec<(String, String, String)> {
    let page = town.read(|c| audit::page(c, Range::newest(100))).await;
    page.into_iter().rev().map(|e| (e.actor, e.action, e.target)).collect()
}

#[tokio::test]
async fn a_report_reaches_staff_with_what_the_reporter_could_see_and_nothing_else() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let (mo, eve) = (town.moderator("mo").await, town.officer("eve").await);
        let (seen, letter) =
            (post(&town, ben, Visibility::Public).await, post(&town, ben, Visibility::Direct).await);
        let own = post(&town, ana, Visibility::Public).await;
        let new = NewReport {
            target: ben,
            statuses: vec![seen, letter, own],
            comment: "rude".to_owned(),
            rules: vec![1],
            ..NewReport::default()
        };
        let id = town.write(move |tx| reports::file(tx, ana, &new)).await;
        assert_eq!(told(&town, mo).await, [NotificationKind::AdminReport]);
        assert!(told(&town, eve).await.is_empty() && told(&town, ben).await.is_empty());
        let found = town.read(move |c| desk::one(c, mo, id)).await;
        assert_eq!(found.statuses.iter().map(|v| v.status.id).collect::<Vec<_>>(), [seen], "threats I1");
        assert_eq!(found.report.category, Category::Violation.as_str());
        for stranger in [ana, ben, eve] {
            let asked = town.db().read(move |c| desk::one(c, stranger, id)).await;
            assert_eq!(refusal(asked), Some(Refusal::RoleTooLow));
        }
        let others = town.db().read(move |c| reports::own(c, ben, id)).await;
        assert!(matches!(others, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn nobody_reports_themselves_without_end_or_for_rules_that_are_not_there() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let file = async |new: NewReport| town.db().write(move |tx| reports::file(tx, ana, &new)).await;
        let about = |target| NewReport { target, ..NewReport::default() };
        assert_eq!(refusal(file(about(ana)).await), Some(Refusal::NotOneself));
        let rules = NewReport { rules: vec![99], ..about(ben) };
        assert_eq!(refusal(file(rules).await), Some(Refusal::ReportEmpty));
        let none = NewReport { category: Some(Category::Violation), ..about(ben) };
        assert_eq!(refusal(file(none).await), Some(Refusal::ReportEmpty));
        let long = NewReport { comment: "x".repeat(1_001), ..about(ben) };
        assert_eq!(refusal(file(long).await), Some(Refusal::TextTooLong));
        town.write(move |tx| {
            for _ in 0..REPORTS_A_DAY {
                reports::file(tx, ana, &NewReport { target: ben, ..NewReport::default() })?;
            }
            Ok(())
        })
        .await;
        assert_eq!(refusal(file(about(ben)).await), Some(Refusal::TooManyAttempts));
        town.clock.advance(DAY + 1);
        file(about(ben)).await.expect("another day");
    })
    .await;
}

#[tokio::test]
async fn a_decision_limits_tells_closes_and_is_written_down() {
    both(|town| async move {
        let (ana, ben, mo) =
            (town.resident("ana").await, town.resident("ben").await, town.moderator("mo").await);
        let about = NewReport { target: ben, ..NewReport::default() };
        let id = town.write(move |tx| reports::file(tx, ana, &about)).await;
        town.write(move |tx| desk::step(tx, mo, id, &Step::Take)).await;
        let decision = Decision { report: Some(id), ..decided(Action::Silence) };
        actions::decide(&town, mo, ben, decision).await.expect("decided");

        assert_eq!(told(&town, ben).await, [NotificationKind::ModerationWarning]);
        let letter = town.mail.newest_to("ben@mail.example");
        assert!(
            letter.text.contains("Insults.") && letter.text.contains("/disputes/strikes"),
            "{}",
            letter.text
        );
        let open = town.read(move |c| desk::page(c, mo, ReportFilter::default(), Range::newest(9))).await;
        assert!(open.is_empty());
        let silenced = AccountFilter { states: vec![State::Silenced], ..AccountFilter::default() };
        let found = town.read(move |c| roster::page(c, mo, &silenced, Range::newest(9))).await;
        assert_eq!(found.iter().map(|a| a.view.account.id).collect::<Vec<_>>(), [ben]);
        town.write(move |tx| lifting::lift(tx, mo, ben, Action::Silence)).await;
        town.write(move |tx| lifting::lift(tx, mo, ben, Action::Silence)).await;
        let line = |action: &str| ("mo".to_owned(), action.to_owned(), "ben".to_owned());
        assert_eq!(
            actions_of(&town).await,
            ["assign_to_self", "silence", "resolve", "unsilence"].map(line),
            "what changes nothing is not written down"
        );
    })
    .await;
}

#[tokio::test]
async fn a_decision_that_fails_leaves_nothing_behind() {
    both(|town| async move {
        let (ben, mo) = (town.resident("ben").await, town.moderator("mo").await);
        let gone = Decision { preset: Some(7), ..decided(Action::Silence) };
        assert!(matches!(actions::decide(&town, mo, ben, gone).await, Err(Error::NotFound)));
        let long = Decision { text: "x".repeat(5_001), ..decided(Action::Silence) };
        assert_eq!(refusal(actions::decide(&town, mo, ben, long).await), Some(Refusal::TextTooLong));
        assert!(actions_of(&town).await.is_empty() && town.mail.letters().is_empty());
        assert!(told(&town, ben).await.is_empty());
        let id = town.write(|tx| presets::add(tx, By::Operator, "Tone", "Mind your tone.")).await;
        let preset = Decision { preset: Some(id), ..decided(Action::None) };
        actions::decide(&town, mo, ben, preset).await.expect("decided");
        assert_eq!(
            town.read(move |c| appeals::about(c, ben)).await[0].strike.text,
            "Mind your tone.\n\nInsults."
        );
    })
    .await;
}

#[tokio::test]
async fn a_login_that_is_switched_off_is_of_no_use_until_it_is_on_again() {
    both(|town| async move {
        let (ben, mo) = (town.resident("ben").await, town.moderator("mo").await);
        let token = town.token(ben, "read").await;
        actions::decide(&town, mo, ben, decided(Action::Disable)).await.expect("decided");
        assert!(town.grant_of(&token).await.is_none(), "threats A5");
        let here = std::net::IpAddr::from([192, 0, 2, 1]);
        let enter = || sign_in::password::check(&town, "ben", PASSWORD, here);
        assert_eq!(refusal(enter().await), Some(Refusal::LoginDisabled));
        town.write(move |tx| lifting::lift(tx, mo, ben, Action::Disable)).await;
        assert!(enter().await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn v15_who_is_decided_about_answers_once_and_somebody_else_looks() {
    both(|town| async move {
        let (ben, ana) = (town.resident("ben").await, town.resident("ana").await);
        let (mo, mia) = (town.moderator("mo").await, town.moderator("mia").await);
        actions::decide(&town, mo, ben, decided(Action::Suspend)).await.expect("decided");
        let token = town.mail.token_to("ben@mail.example");
        let owner = town.read(move |c| appeals::owner_of_link(c, &token)).await;
        assert_eq!(owner, ben, "who cannot sign in has the letter");
        let strike = town.read(move |c| appeals::about(c, ben)).await[0].strike.id;
        let answer = async |who, text: &'static str| {
            town.db().write(move |tx| appeals::appeal(tx, who, strike, text)).await
        };
        assert!(matches!(answer(ana, "It was me").await, Err(Error::NotFound)));
        assert_eq!(refusal(answer(ben, " ").await), Some(Refusal::EmptyPost));
        let id = answer(ben, "It was a joke").await.expect("in time");
        assert_eq!(refusal(answer(ben, "Again").await), Some(Refusal::AppealOver));
        assert_eq!(refusal(appeals::decide(&town, mo, id, false).await), Some(Refusal::RoleTooLow));
        assert_eq!(town.read(move |c| appeals::waiting(c, mia)).await.len(), 1);
        appeals::decide(&town, mia, id, true).await.expect("decided");
        assert!(matches!(appeals::decide(&town, mia, id, false).await, Err(Error::NotFound)), "once");
        assert!(town.read(move |c| roster::one(c, mia, ben)).await.view.account.is_active());
        assert!(town.mail.newest_to("ben@mail.example").text.contains("taken back"));
    })
    .await;
}

#[tokio::test]
async fn an_appeal_comes_too_late_after_twenty_days() {
    both(|town| async move {
        let (ben, mo) = (town.resident("ben").await, town.moderator("mo").await);
        actions::decide(&town, mo, ben, decided(Action::None)).await.expect("decided");
        let strike = town.read(move |c| appeals::about(c, ben)).await[0].strike.id;
        town.clock.advance(APPEAL_WITHIN);
        let late = town.db().write(move |tx| appeals::appeal(tx, ben, strike, "Sorry")).await;
        assert_eq!(refusal(late), Some(Refusal::AppealOver));
    })
    .await;
}

#[tokio::test]
async fn what_a_suspended_account_left_is_deleted_by_administrators_only() {
    both(|town| async move {
        let (ben, mo, ada) =
            (town.resident("ben").await, town.moderator("mo").await, town.account("ada", Role::Admin).await);
        let remove =
            async |by: AccountId, whom| town.db().write(move |tx| actions::remove(tx, by, whom)).await;
        assert_eq!(refusal(remove(ada, ben).await), Some(Refusal::NotSuspended));
        town.write(move |tx| suspend::suspend(tx, Role::Moderator, ben)).await;
        assert_eq!(refusal(remove(mo, ben).await), Some(Refusal::RoleTooLow));
        remove(ada, ben).await.expect("deleted");
        assert!(matches!(town.db().read(move |c| roster::one(c, ada, ben)).await, Err(Error::NotFound)));
        let alone = town.db().write(move |tx| suspend::suspend(tx, Role::Admin, ada)).await;
        assert_eq!(refusal(alone), Some(Refusal::LastAdmin));
    })
    .await;
}

#[tokio::test]
async fn the_desk_costs_the_same_number_of_statements_whatever_lies_on_it() {
    both(|town| async move {
        let mo = town.moderator("mo").await;
        let mut costs = Vec::new();
        for round in 0..2 {
            for n in 0..(1 + round * 4) {
                let (ana, ben) = (
                    town.resident(&format!("ana{round}{n}")).await,
                    town.resident(&format!("ben{round}{n}")).await,
                );
                let seen = post(&town, ben, Visibility::Public).await;
                let new = NewReport { target: ben, statuses: vec![seen], ..NewReport::default() };
                town.write(move |tx| reports::file(tx, ana, &new)).await;
            }
            let desk = cost_of(&town, move |c| desk::page(c, mo, ReportFilter::default(), Range::newest(40)));
            let people = AccountFilter::default();
            let people = cost_of(&town, move |c| roster::page(c, mo, &people, Range::newest(40)));
            costs.push((desk.await.1, people.await.1));
        }
        assert_eq!(costs[0], costs[1]);
    })
    .await;
}

#[tokio::test]
async fn what_the_command_line_does_is_written_down_too() {
    both(|town| async move {
        let ben = town.resident("ben").await;
        town.write(move |tx| {
            servers::set(tx, By::Operator, "evil.example", &Terms::default())?;
            servers::unblock_host(tx, By::Operator, "Evil.example")?;
            actions::remove(tx, By::Operator, ben)
        })
        .await;
        let none = town.db().write(|tx| servers::unblock_host(tx, By::Operator, "evil.example")).await;
        assert!(matches!(none, Err(Error::NotFound)));
        let line = "command line".to_owned();
        let done = actions_of(&town).await;
        assert!(done.iter().all(|(actor, ..)| *actor == line), "{done:?}");
        let acts: Vec<&str> = done.iter().map(|(_, action, _)| action.as_str()).collect();
        assert_eq!(acts, ["update", "destroy", "destroy"]);
    })
    .await;
}
