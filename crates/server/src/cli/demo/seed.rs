//! The people of the demo and what they do: through the use cases, one town after the other, waiting for what must cross before it is answered.

use std::time::Duration;

use anyhow::Context as _;
use parvis_domain::accounts::profile;
use parvis_domain::accounts::register::{self, NewAccount};
use parvis_domain::follows::{self, Wishes};
use parvis_domain::media::{self, Details};
use parvis_domain::search::{self, Query};
use parvis_domain::statuses::{self, Draft};
use parvis_domain::{Town, reactions};
use parvis_model::follow::FollowState;
use parvis_model::handle::Address;
use parvis_model::ids::{AccountId, StatusId};

use super::people::{PASSWORD, PEOPLE, Person, email};

/// How long a demo waits for the other town.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Seeds both towns and returns when what was said has crossed.
///
/// # Errors
/// In words for the operator.
pub async fn seed(clairval: &Town, aubepine: &Town) -> anyhow::Result<()> {
    let mut ids = std::collections::HashMap::new();
    for person in PEOPLE {
        let town = if person.town == "clairval" { clairval } else { aubepine };
        ids.insert(person.username, settle(town, person).await.with_context(|| person.username)?);
    }
    let who = |name: &str| ids.get(name).copied().context("an unknown person of the demo");
    let (lea, marc, nadia) = (who("lea")?, who("marc")?, who("nadia")?);
    let (tom, ines) = (who("tom")?, who("ines")?);

    follow_here(clairval, lea, marc).await?;
    follow_here(clairval, marc, nadia).await?;
    follow_here(aubepine, ines, tom).await?;
    follow_across(clairval, lea, "tom", aubepine).await?;
    follow_across(aubepine, tom, "lea", clairval).await?;
    follow_across(aubepine, ines, "lea", clairval).await?;

    let market = picture_post(
        clairval,
        lea,
        "Le marché du samedi revient sur le parvis, de 8 h à 13 h. Venez à pied, le parking de la halle est fermé pour travaux. #marché #Clairval",
    )
    .await?;
    say(clairval, nadia, "La bibliothèque cherche des voix pour la lecture du soir, le premier jeudi du mois. Qui se lance ? #bibliothèque", None).await?;
    say(
        clairval,
        marc,
        "Fuite d'eau signalée rue des Tanneurs : l'équipe est sur place, retour à la normale vers 16 h.",
        None,
    )
    .await?;

    let market_there = arrived(aubepine, clairval, market).await?;
    let reply = say(aubepine, tom, "@lea@clairval.localhost:4001 Is the footbridge open again? We would come over from Aubépine with the cargo bike.", Some(market_there)).await?;
    boost(aubepine, ines, market_there).await?;
    favourite(aubepine, tom, market_there).await?;

    let reply_here = arrived(clairval, aubepine, reply).await?;
    favourite(clairval, marc, reply_here).await?;
    let answer = say(clairval, lea, "@tom@aubepine.localhost:4002 Oui, depuis mardi ! And there is a rack for cargo bikes next to the fountain.", Some(reply_here)).await?;
    let orchard = say(aubepine, ines, "The orchard behind the school needs hands on Sunday: ladders are there, cake too. #orchard #Aubépine", None).await?;
    arrived(aubepine, clairval, answer).await?;
    boost(aubepine, tom, orchard).await?;
    Ok(())
}

async fn settle(town: &Town, person: &Person) -> anyhow::Result<AccountId> {
    let new = NewAccount {
        username: person.username.to_owned(),
        email: email(person),
        password: PASSWORD.to_owned(),
        role: person.role,
    };
    let id = register::create_by_command(town, new).await?;
    let change = profile::Change {
        display_name: Some(person.display_name.to_owned()),
        bio: Some(person.bio.to_owned()),
        ..profile::Change::default()
    };
    town.db().write(move |tx| profile::update(tx, id, &change).map(|_| ())).await?;
    Ok(id)
}

async fn follow_here(town: &Town, who: AccountId, whom: AccountId) -> anyhow::Result<()> {
    town.db().write(move |tx| follows::follow(tx, who, whom, &Wishes::default(), None)).await?;
    Ok(())
}

/// Follows somebody of the other town, and waits for the answer.
async fn follow_across(town: &Town, who: AccountId, name: &str, other: &Town) -> anyhow::Result<()> {
    let address = Address { username: name.to_owned(), host: Some(other.urls().domain().to_owned()) };
    let whom = town
        .remote()
        .account_by_address(&address)
        .await?
        .with_context(|| format!("{} was not found", address.acct()))?;
    town.db().write(move |tx| follows::follow(tx, who, whom, &Wishes::default(), None)).await?;
    until(|| async move {
        let state = town
            .db()
            .read(move |c| {
                Ok::<_, parvis_domain::Error>(parvis_domain::blocks::relationships(c, who, &[whom])?.pop())
            })
            .await?;
        Ok(state.filter(|(_, r)| r.following).map(|_| FollowState::Accepted))
    })
    .await
    .context("a follow was not answered by the other town")?;
    Ok(())
}

async fn say(
    town: &Town,
    who: AccountId,
    text: &str,
    reply_to: Option<StatusId>,
) -> anyhow::Result<StatusId> {
    let draft = Draft { text: text.to_owned(), in_reply_to: reply_to, ..Draft::default() };
    statuses::fetch_mentioned(town, &draft.text).await?;
    Ok(town.db().write(move |tx| statuses::publish(tx, who, &draft)).await?)
}

async fn picture_post(town: &Town, who: AccountId, text: &str) -> anyhow::Result<StatusId> {
    const SQUARE: &[u8] = include_bytes!("square.png");
    let details = Details {
        description: Some(
            "Le parvis de Clairval au petit matin : la halle, la fontaine et les collines derrière."
                .to_owned(),
        ),
        ..Details::default()
    };
    let picture = media::upload(town, who, SQUARE.into(), details).await?;
    let draft = Draft {
        text: text.to_owned(),
        language: Some("fr".to_owned()),
        media: vec![picture],
        ..Draft::default()
    };
    Ok(town.db().write(move |tx| statuses::publish(tx, who, &draft)).await?)
}

async fn boost(town: &Town, who: AccountId, id: StatusId) -> anyhow::Result<()> {
    town.db().write(move |tx| statuses::boost(tx, who, id, None)).await?;
    Ok(())
}

async fn favourite(town: &Town, who: AccountId, id: StatusId) -> anyhow::Result<()> {
    town.db().write(move |tx| reactions::favourite(tx, who, id, None)).await?;
    Ok(())
}

/// Waits until a post of `from` is known in `town`, and returns its id there.
async fn arrived(town: &Town, from: &Town, id: StatusId) -> anyhow::Result<StatusId> {
    let uri = from.db().read(move |c| parvis_domain::access::status(c, None, id).map(|s| s.uri)).await?;
    until(|| {
        let query = Query { text: uri.clone(), statuses: true, limit: 1, ..Query::default() };
        async move { Ok(search::search(town, None, query).await?.statuses.pop().map(|v| v.status.id)) }
    })
    .await
    .context("a post did not reach the other town")
}

async fn until<T, F>(look: impl Fn() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "waited {} s in vain", PATIENCE.as_secs());
        tokio::time::sleep(PAUSE).await;
    }
}
