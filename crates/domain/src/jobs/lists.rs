//! Timelines of lists: a post into the lists with its author, and a list's timeline anew, batch by batch.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::ids::{ListId, StatusId};

use crate::Town;
use crate::lists::feed;

/// Writes a post into lists: `[status, list after which to go on]`.
pub struct FanOutToLists;

#[async_trait]
impl Job<Town> for FanOutToLists {
    const KIND: &'static str = feed::FAN_OUT;
    type Payload = (i64, i64);

    async fn run((status, after): (i64, i64), town: &Town) -> Result<Next<(i64, i64)>, Problem> {
        let batch = move |tx: &mut crate::Tx<'_>| feed::fan_out(tx, StatusId(status), ListId(after));
        Ok(town.db().write(batch).await?.map_or(Next::Done, |last| Next::Again((status, last.0))))
    }
}

/// Writes a list's timeline anew: `[list, member row after which to go on]`.
pub struct FillList;

#[async_trait]
impl Job<Town> for FillList {
    const KIND: &'static str = feed::FILL;
    type Payload = (i64, i64);

    async fn run((list, after): (i64, i64), town: &Town) -> Result<Next<(i64, i64)>, Problem> {
        let batch = move |tx: &mut crate::Tx<'_>| feed::fill(tx, ListId(list), after);
        Ok(town.db().write(batch).await?.map_or(Next::Done, |last| Next::Again((list, last))))
    }
}
