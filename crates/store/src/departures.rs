//! What is removed with an account that is gone, besides posts, pictures and follows (those go in batches, `domain::accounts::delete`).
//! The account's own row and its keys stay.

use diesel::prelude::*;
use parvis_model::ids::AccountId;

use crate::conn::db::each;
use crate::schema::{
    account_aliases, account_moves, account_notes, activity_logins, big_authors, blocks, bookmarks,
    collection_items, collections, conversations, email_links, endorsements, favourites, featured_tags,
    filters, home_entries, host_blocks, idempotency_keys, imports, list_accounts, lists, markers, mentions,
    mutes, notification_permissions, notification_policies, notification_requests, notifications,
    oauth_codes, oauth_tokens, pins, poll_voters, poll_votes, profiles, scheduled_statuses, severances,
    suggestion_dismissals, tag_follows, thread_mutes, town_picks, web_sessions,
};
use crate::{Conn, Result};

/// Removes reactions, relations, notifications and reading positions of an account, and those of others that concern it.
///
/// # Errors
/// As the database's.
pub fn delete_traces(c: &mut Conn, account: AccountId) -> Result<()> {
    macro_rules! forget {
        ($($table:ident . $column:ident),+ $(,)?) => {$(
            each!(c, |db| diesel::delete($table::table.filter($table::$column.eq(account))).execute(db))?;
        )+};
    }
    forget!(
        favourites.account_id,
        bookmarks.account_id,
        pins.account_id,
        poll_voters.account_id,
        poll_votes.account_id,
        scheduled_statuses.account_id,
        thread_mutes.account_id,
        mentions.account_id,
        home_entries.account_id,
        big_authors.account_id,
        lists.account_id,
        filters.account_id,
        tag_follows.account_id,
        featured_tags.account_id,
        conversations.account_id,
        list_accounts.account_id,
        idempotency_keys.account_id,
        blocks.account_id,
        blocks.target_id,
        mutes.account_id,
        mutes.target_id,
        account_notes.account_id,
        account_notes.target_id,
        account_aliases.account_id,
        account_moves.account_id,
        account_moves.target_id,
        endorsements.account_id,
        endorsements.target_id,
        suggestion_dismissals.account_id,
        suggestion_dismissals.target_id,
        town_picks.account_id,
        host_blocks.account_id,
        activity_logins.account_id,
        profiles.account_id,
        imports.account_id,
        collections.account_id,
        collection_items.account_id,
        severances.account_id,
        notifications.account_id,
        notifications.from_account_id,
        notification_policies.account_id,
        notification_permissions.account_id,
        notification_permissions.from_account_id,
        notification_requests.account_id,
        notification_requests.from_account_id,
        markers.account_id,
        email_links.account_id,
        web_sessions.account_id,
        oauth_codes.account_id,
        oauth_tokens.account_id,
    );
    Ok(())
}
