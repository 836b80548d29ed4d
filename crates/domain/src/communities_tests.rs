//! Opening communities, on both databases.

use super::*;
use crate::testing::{Town, both};
use crate::{figures, groups};

pub(crate) fn garden(facilitators: &[&str]) -> NewCommunity {
    NewCommunity {
        username: "garden".to_owned(),
        title: "The shared garden".to_owned(),
        charter: "Be kind.\n\nTools go back into the shed.".to_owned(),
        facilitators: facilitators.iter().map(|f| format!("@{f}")).collect(),
    }
}

async fn refused(town: &Town, by: By, new: NewCommunity) -> Option<(&'static str, Refusal)> {
    match create(town, by, new).await {
        Err(Error::Invalid(problems)) => problems.first().map(|p| (p.field, p.refusal)),
        Err(Error::Forbidden(refusal)) => Some(("", refusal)),
        _ => None,
    }
}

#[tokio::test]
async fn a_community_is_a_group_with_a_charter_and_facilitators() {
    both(|town| async move {
        let fay = town.resident("fay").await;
        let id = create(&town, By::Operator, garden(&["fay"])).await.unwrap();
        let group = town.read(move |c| groups::by_id(c, id)).await;
        assert_eq!((group.username.as_str(), group.kind.as_str()), ("garden", "group"));
        assert_eq!(group.bio_html, "<p>Be kind.</p><p>Tools go back into the shed.</p>");
        assert!(!group.is_locked, "anybody may follow it");
        assert!(town.read(move |c| is_one(c, id)).await);
        let moderators = town.read(move |c| groups::moderators(c, id)).await;
        assert_eq!(moderators.iter().map(|m| m.id).collect::<Vec<_>>(), [fay]);
        let all = town.read(|c| all(c, "", 10)).await;
        assert_eq!(all.iter().map(|a| a.id).collect::<Vec<_>>(), [id]);
        assert_eq!(town.read(figures::count).await.accounts, 1, "a group is nobody's account");
    })
    .await;
}

#[tokio::test]
async fn a_community_that_cannot_be_is_not_half_there() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let with = |change: fn(&mut NewCommunity)| {
            let mut new = garden(&[]);
            change(&mut new);
            new
        };
        for (new, expected) in [
            (with(|n| n.username = "ana".to_owned()), ("username", Refusal::HandleTaken)),
            (with(|n| n.username = "a n a".to_owned()), ("username", Refusal::HandleShape)),
            (with(|n| n.title = " ".to_owned()), ("title", Refusal::TitleMissing)),
            (with(|n| n.title = "x".repeat(5_000)), ("title", Refusal::TextTooLong)),
            (with(|n| n.charter = "x".repeat(5_001)), ("charter", Refusal::TextTooLong)),
            (garden(&["nobody"]), ("facilitators", Refusal::AccountGone)),
        ] {
            assert_eq!(refused(&town, By::Operator, new).await, Some(expected));
        }
        let who = By::Account(ana);
        assert_eq!(refused(&town, who, garden(&[])).await, Some(("", Refusal::RoleTooLow)));
        assert!(town.read(|c| all(c, "", 10)).await.is_empty());
        create(&town, By::Operator, garden(&["ana"])).await.unwrap();
    })
    .await;
}
