//! Figures for staff: how many of something per day. One statement each, bounded by the period; days are counted from its beginning.
//! Use cases: `domain::moderation::measures`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use parvis_model::time::{DAY, Moment};

use crate::conn::db::each;
use crate::schema::logins;
use crate::{Conn, Result};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Logins by when they were here last.
    ActiveUsers,
    /// Logins by when they were made.
    NewUsers,
    /// Favourites, boosts and answers of people here.
    Interactions,
    OpenedReports,
    ResolvedReports,
    /// Accounts of a server that came to be known.
    InstanceAccounts,
    /// Posts of a server.
    InstanceStatuses,
    /// Reports about accounts of a server.
    InstanceReports,
    /// Follows of people here to a server.
    InstanceFollows,
    /// Follows of a server to people here.
    InstanceFollowers,
    /// Posts with a hashtag.
    TagUses,
    /// People who wrote them.
    TagAccounts,
    /// Servers they are on.
    TagServers,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// What a count is about: a host, or a tag's id.
#[derive(Clone, Debug, Default)]
pub struct About {
    pub host: String,
    pub tag: i64,
}

/// How many per day of `from..to`: (number of the day, count). Days without any are left out.
///
/// # Errors
/// As the database's.
pub fn per_day(
    c: &mut Conn,
    what: Counted,
    about: &About,
    from: Moment,
    to: Moment,
) -> Result<Vec<(i64, i64)>> {
    // Numbers of our own are safe in the text; the host is bound. Ids of accounts and posts carry their millisecond.
    let (column, count, source) = match what {
        Counted::ActiveUsers => ("last_active_at", "COUNT(*)", "logins WHERE TRUE"),
        Counted::NewUsers => ("created_at", "COUNT(*)", "logins WHERE TRUE"),
        Counted::Interactions => (
            "at",
            "COUNT(*)",
            "(SELECT f.created_at AS at FROM favourites f JOIN accounts a ON a.id = f.account_id WHERE a.host = '' \
              UNION ALL SELECT s.created_at FROM statuses s WHERE s.is_local AND (s.boost_of_id IS NOT NULL OR s.in_reply_to_id IS NOT NULL)) AS done WHERE TRUE",
        ),
        Counted::OpenedReports => ("created_at", "COUNT(*)", "reports WHERE TRUE"),
        Counted::ResolvedReports => ("acted_at", "COUNT(*)", "reports WHERE acted_at IS NOT NULL"),
        Counted::InstanceAccounts => ("id / 65536", "COUNT(*)", "accounts WHERE host = {host}"),
        Counted::InstanceStatuses => (
            "s.created_at",
            "COUNT(*)",
            "statuses s JOIN accounts a ON a.id = s.account_id WHERE a.host = {host}",
        ),
        Counted::InstanceReports => (
            "r.created_at",
            "COUNT(*)",
            "reports r JOIN accounts a ON a.id = r.target_id WHERE a.host = {host}",
        ),
        Counted::InstanceFollows => (
            "f.created_at",
            "COUNT(*)",
            "follows f JOIN accounts a ON a.id = f.followee_id WHERE a.host = {host} AND f.state = 1",
        ),
        Counted::InstanceFollowers => (
            "f.created_at",
            "COUNT(*)",
            "follows f JOIN accounts a ON a.id = f.follower_id WHERE a.host = {host} AND f.state = 1",
        ),
        Counted::TagUses => ("s.created_at", "COUNT(*)", TAGGED),
        Counted::TagAccounts => ("s.created_at", "COUNT(DISTINCT s.account_id)", TAGGED),
        Counted::TagServers => ("s.created_at", "COUNT(DISTINCT a.host)", TAGGED),
    };
    let text = format!(
        "SELECT ({column} - {from}) / {DAY} AS day, {count} AS n FROM {source} AND {column} >= {from} AND {column} < {to} GROUP BY 1",
        from = from.0,
        to = to.0,
    )
    .replace("{tag}", &about.tag.to_string());
    let rows: Vec<DayRow> = if text.contains("{host}") {
        crate::conn::db::each!(
            c.db(),
            pg | db
                | diesel::sql_query(text.replace("{host}", "$1"))
                    .bind::<Text, _>(about.host.clone())
                    .load(db),
            sqlite
                | db
                | diesel::sql_query(text.replace("{host}", "?")).bind::<Text, _>(about.host.clone()).load(db)
        )?
    } else {
        each!(c, |db| diesel::sql_query(text).load(db))?
    };
    Ok(rows.into_iter().map(|r| (r.day, r.n)).collect())
}

const TAGGED: &str = "status_tags t JOIN statuses s ON s.id = t.status_id JOIN accounts a ON a.id = s.account_id WHERE t.tag_id = {tag}";

/// Something by how much there is of it.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Share {
    #[diesel(sql_type = Nullable<Text>)]
    pub name: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

/// By what something is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divided {
    /// Logins by the language of their pages.
    Languages,
    /// Posts of the period by server.
    Servers,
    /// Posts of a tag by server.
    TagServers,
    /// Posts of a tag by language.
    TagLanguages,
    /// Posts of a server by account.
    InstanceAccounts,
    /// Posts of a server by language.
    InstanceLanguages,
}

/// The largest shares of the period.
///
/// # Errors
/// As the database's.
pub fn shares(
    c: &mut Conn,
    by: Divided,
    about: &About,
    from: Moment,
    to: Moment,
    limit: i64,
) -> Result<Vec<Share>> {
    let of_host = "statuses s JOIN accounts a ON a.id = s.account_id WHERE a.host = {host}";
    let (name, time, source) = match by {
        Divided::Languages => ("locale", "last_active_at", "logins WHERE TRUE"),
        Divided::Servers => {
            ("a.host", "s.created_at", "statuses s JOIN accounts a ON a.id = s.account_id WHERE TRUE")
        }
        Divided::TagServers => ("a.host", "s.created_at", TAGGED),
        Divided::TagLanguages => ("s.language", "s.created_at", TAGGED),
        Divided::InstanceAccounts => ("a.username", "s.created_at", of_host),
        Divided::InstanceLanguages => ("s.language", "s.created_at", of_host),
    };
    let text = format!(
        "SELECT {name} AS name, COUNT(*) AS n FROM {source} AND {time} >= {from} AND {time} < {to} GROUP BY {name} ORDER BY 2 DESC, 1 LIMIT {limit}",
        from = from.0,
        to = to.0,
    )
    .replace("{tag}", &about.tag.to_string());
    Ok(if text.contains("{host}") {
        crate::conn::db::each!(
            c.db(),
            pg | db
                | diesel::sql_query(text.replace("{host}", "$1"))
                    .bind::<Text, _>(about.host.clone())
                    .load(db),
            sqlite
                | db
                | diesel::sql_query(text.replace("{host}", "?")).bind::<Text, _>(about.host.clone()).load(db)
        )?
    } else {
        each!(c, |db| diesel::sql_query(text).load(db))?
    })
}

/// When logins of a period were made and were here last, at most 100,000.
///
/// # Errors
/// As the database's.
pub fn lives(c: &mut Conn, from: Moment, to: Moment) -> Result<Vec<(Moment, Moment)>> {
    Ok(each!(c, |db| logins::table
        .filter(logins::created_at.ge(from).and(logins::created_at.lt(to)))
        .filter(logins::confirmed_at.is_not_null())
        .order(logins::account_id.asc())
        .limit(100_000)
        .select((logins::created_at, logins::last_active_at))
        .load(db))?)
}
