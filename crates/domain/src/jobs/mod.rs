//! The town's own jobs, for `server::wire`: what use cases left to be done later, and what comes back by itself. Each is a use case from above
//! and a loop around it. Neighbours: the engine is the `jobs` crate; jobs that need HTTP are in the crates that have it.

mod all_rows;
mod cleaning;
mod departures;
mod figures;
mod home;
mod imports;
mod keys;
mod links;
mod lists;
mod previews;
mod resanitise;
mod search;
mod severances;
mod takeover;
mod moves;
mod parting;
mod push;
mod quotes;
mod requests;
mod trends;
mod tags;

use parvis_jobs::Registry;
use parvis_model::event::Event;
use parvis_model::time::{DAY, HOUR, MINUTE};

pub use cleaning::Clean;
pub use departures::RemoveAccount;
pub use figures::CountActivity;
pub use home::{FanOut, Rebuild};
pub use imports::WorkThroughImport;
pub use keys::RefillKeys;
pub use links::VerifyLinks;
pub use lists::{FanOutToLists, FillList};
pub use moves::CarryOver;
pub use parting::PartFromHost;
pub use previews::FetchPreview;
pub use push::Deliver;
pub use quotes::VerifyQuote;
pub use requests::LetIn;
pub use resanitise::Resanitise;
pub use search::{IndexAll, IndexPosts, NoteAuthor};
pub use severances::TellOfSeverance;
pub use tags::FanOutToTags;
pub use takeover::take_over;
pub use trends::CountTrends;

use crate::accounts::letters::SendLetter;
use crate::error::Result;
use crate::leftovers::DeleteFiles;
use crate::media::recordings::ProcessRecording;
use crate::notifications::TellBoosters;
use crate::polls::later::{EndPoll, ReadAgain, TellCounts};
use crate::scheduled_statuses::PublishScheduled;
use crate::{Town, Tx};

/// Adds the town's own jobs.
#[must_use]
pub fn add_to(registry: Registry<Town>) -> Registry<Town> {
    registry
        .with::<FanOut>()
        .with::<Rebuild>()
        .with::<FanOutToLists>()
        .with::<FillList>()
        .with::<FanOutToTags>()
        .with::<RemoveAccount>()
        .with::<CarryOver>()
        .with::<LetIn>()
        .with::<TellBoosters>()
        .with::<IndexPosts>()
        .with::<NoteAuthor>()
        .with::<VerifyLinks>()
        .with::<WorkThroughImport>()
        .with::<PartFromHost>()
        .with::<TellOfSeverance>()
        .with::<SendLetter>()
        .with::<FetchPreview>()
        .with::<Deliver>()
        .with::<VerifyQuote>()
        .every::<CountTrends>(crate::trends::EVERY, &())
        .with::<PublishScheduled>()
        .with::<ProcessRecording>()
        .with::<DeleteFiles>()
        .with::<EndPoll>()
        .with::<TellCounts>()
        .with::<ReadAgain>()
        .every::<RefillKeys>(HOUR, &())
        .every::<CountActivity>(HOUR, &())
        .every::<Clean>(DAY / 4, &())
        .every::<Resanitise>(HOUR, &())
        .every::<IndexAll>(10 * MINUTE, &())
}

/// Leaves to jobs what events make necessary and no use case asks for itself. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::AccountDeleted { account, .. } => departures::later(tx, *account),
        Event::ServerShutOut { host } => crate::severances::later(tx, host),
        Event::AccountSuspended { account } => crate::severances::later_of(tx, *account),
        Event::AccountMoved { account, target } => moves::later(tx, *account, *target),
        Event::ProfileChanged { account } => crate::verified_links::later(tx, *account),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
