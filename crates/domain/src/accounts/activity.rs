//! When an account wrote last: the order of the directory, and a date on profiles.

use parvis_model::time::{MINUTE, Moment};
use parvis_store::Tx;
use parvis_store::accounts::{self, Account};

use crate::error::Result;

/// So far behind it may be: people see the date only, and each change of it is one of a row with many indexes.
const BEHIND: i64 = 5 * MINUTE;

/// Keeps that an account wrote something. What was written before is no news.
///
/// # Errors
/// Internal.
pub fn has_written(tx: &mut Tx<'_>, account: &Account, at: Moment) -> Result<()> {
    let is_known = account
        .last_status_at
        .is_some_and(|last| at <= last || (at < last.plus(BEHIND) && at.to_date() == last.to_date()));
    if is_known { Ok(()) } else { Ok(accounts::set_last_status_at(tx, account.id, at)?) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Town, both};

    #[tokio::test]
    async fn only_what_is_later_by_minutes_or_on_another_day_is_written() {
        both(|town: Town| async move {
            let ana = town.resident("ana").await;
            let last = || town.read(move |c| Ok(accounts::by_id(c, ana)?.unwrap().last_status_at));
            let write = |at: Moment| {
                town.write(move |tx| {
                    let row = accounts::by_id(tx, ana)?.unwrap();
                    has_written(tx, &row, at)
                })
            };
            // Noon, 2 January 1970.
            let noon = Moment(36 * 60 * MINUTE);
            write(noon).await;
            assert_eq!(last().await, Some(noon), "the first");
            write(noon.plus(BEHIND - 1)).await;
            assert_eq!(last().await, Some(noon), "soon after");
            write(noon.plus(-MINUTE)).await;
            assert_eq!(last().await, Some(noon), "an old post that came late");
            write(noon.plus(BEHIND)).await;
            assert_eq!(last().await, Some(noon.plus(BEHIND)), "later");
            let midnight = Moment(48 * 60 * MINUTE);
            write(midnight.plus(-MINUTE)).await;
            write(midnight).await;
            assert_eq!(last().await, Some(midnight), "another day");
        })
        .await;
    }
}
