-- All that a page of posts must ask anew each time stands in two narrow tables, so that it is read from few pages and not from between long texts:
-- the revisions under which posts and accounts are kept in memory (docs/adr/0008), the figures (docs/adr/0007, 0011), and a number that rises with whatever
-- an account has to do with others or did to posts. Triggers write them, nobody else. Neighbours: crates/store/src/heads.rs, crates/store/src/pages.rs.
DROP TRIGGER accounts_counted;
DROP TRIGGER follows_added;
DROP TRIGGER follows_removed;
DROP TRIGGER follows_changed;
DROP TRIGGER statuses_added;
DROP TRIGGER statuses_removed;
DROP TRIGGER statuses_moved;
DROP TRIGGER statuses_revised;
DROP TRIGGER accounts_revised;
DROP TRIGGER accounts_renamed;
DROP TRIGGER tags_revised;
DROP TRIGGER mentions_revise_insert;
DROP TRIGGER mentions_revise_delete;
DROP TRIGGER mentions_revise_update;
DROP TRIGGER status_tags_revise_insert;
DROP TRIGGER status_tags_revise_delete;
DROP TRIGGER status_tags_revise_update;
DROP TRIGGER media_revise_insert;
DROP TRIGGER media_revise_delete;
DROP TRIGGER media_revise_update;
DROP TRIGGER status_cards_revise_insert;
DROP TRIGGER status_cards_revise_delete;
DROP TRIGGER status_cards_revise_update;
DROP TRIGGER polls_revise_insert;
DROP TRIGGER polls_revise_delete;
DROP TRIGGER polls_revise_update;
DROP TRIGGER quotes_revise_insert;
DROP TRIGGER quotes_revise_delete;
DROP TRIGGER quotes_revise_update;
DROP TRIGGER quote_policies_revise_insert;
DROP TRIGGER quote_policies_revise_delete;
DROP TRIGGER quote_policies_revise_update;
DROP TRIGGER profiles_revise_insert;
DROP TRIGGER profiles_revise_delete;
DROP TRIGGER profiles_revise_update;
DROP TRIGGER account_moves_revise_insert;
DROP TRIGGER account_moves_revise_delete;
DROP TRIGGER account_moves_revise_update;
DROP TRIGGER logins_revise_insert;
DROP TRIGGER logins_revise_delete;
DROP TRIGGER logins_revise_update;
CREATE TABLE account_heads (
    account_id INTEGER PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL DEFAULT 0,
    -- rises with its follows, blocks, mutes, reactions, votes and filters, and with those of others that concern it
    ties BIGINT NOT NULL DEFAULT 0,
    -- a copy of accounts.last_status_at
    last_status_at BIGINT,
    followers BIGINT NOT NULL DEFAULT 0,
    following BIGINT NOT NULL DEFAULT 0,
    -- posts and boosts that everybody may see
    statuses BIGINT NOT NULL DEFAULT 0
);
INSERT INTO account_heads (account_id, revision, last_status_at, followers, following, statuses)
    SELECT a.id, a.revision, a.last_status_at, n.followers, n.following, n.statuses
    FROM accounts a JOIN account_counts n ON n.account_id = a.id;

CREATE TABLE status_heads (
    status_id INTEGER PRIMARY KEY NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL DEFAULT 0,
    -- copies of the post's
    account_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    boost_of_id BIGINT,
    -- answers that everybody may see, but for those of whom the author blocks
    replies BIGINT NOT NULL DEFAULT 0,
    reblogs BIGINT NOT NULL DEFAULT 0,
    favourites BIGINT NOT NULL DEFAULT 0,
    -- that the author agreed to
    quotes BIGINT NOT NULL DEFAULT 0
);
INSERT INTO status_heads (status_id, revision, account_id, created_at, boost_of_id, replies, reblogs, favourites, quotes)
    SELECT p.id, p.revision, p.account_id, p.created_at, p.boost_of_id,
        (SELECT COUNT(*) FROM statuses s WHERE s.in_reply_to_id = p.id AND s.visibility < 2 AND NOT EXISTS
            (SELECT 1 FROM blocks b WHERE b.account_id = s.in_reply_to_account_id AND b.target_id = s.account_id)),
        (SELECT COUNT(*) FROM statuses s WHERE s.boost_of_id = p.id),
        (SELECT COUNT(*) FROM favourites f WHERE f.status_id = p.id),
        (SELECT COUNT(*) FROM quotes q WHERE q.quoted_id = p.id AND q.state = 1)
    FROM statuses p;
DROP TABLE account_counts;
ALTER TABLE accounts DROP COLUMN revision;
ALTER TABLE statuses DROP COLUMN revision;

-- Revisions: of the rows themselves.
CREATE TRIGGER accounts_headed AFTER INSERT ON accounts BEGIN
    INSERT INTO account_heads (account_id, last_status_at) VALUES (NEW.id, NEW.last_status_at);
END;
CREATE TRIGGER accounts_revised AFTER UPDATE OF username, username_key, skeleton, host, uri, url, kind, display_name, bio_html, bio_source, fields, avatar, header, is_locked, is_discoverable, inbox, shared_inbox, outbox, followers_uri, featured_uri, created_at, suspended_at, gone_at, silenced_at, sensitized_at ON accounts BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id = NEW.id;
END;
CREATE TRIGGER accounts_wrote AFTER UPDATE OF last_status_at ON accounts BEGIN
    UPDATE account_heads SET last_status_at = NEW.last_status_at WHERE account_id = NEW.id;
END;
CREATE TRIGGER statuses_revised AFTER UPDATE OF uri, url, account_id, is_local, source, html, warning, is_sensitive, language, visibility, in_reply_to_id, in_reply_to_uri, in_reply_to_account_id, thread_id, boost_of_id, app_id, created_at, edited_at ON statuses BEGIN
    UPDATE status_heads SET revision = revision + 1, account_id = NEW.account_id, created_at = NEW.created_at, boost_of_id = NEW.boost_of_id
        WHERE status_id = NEW.id;
END;
-- Posts show the names of those whom they mention.
CREATE TRIGGER accounts_renamed AFTER UPDATE OF username, host, uri, url ON accounts
    WHEN OLD.username <> NEW.username OR OLD.host <> NEW.host OR OLD.uri <> NEW.uri OR OLD.url <> NEW.url BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (SELECT status_id FROM mentions WHERE account_id = NEW.id);
END;
CREATE TRIGGER tags_revised AFTER UPDATE OF name, display ON tags WHEN OLD.name <> NEW.name OR OLD.display <> NEW.display BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (SELECT status_id FROM status_tags WHERE tag_id = NEW.id);
END;

-- Of what hangs on posts.
CREATE TRIGGER mentions_revise_insert AFTER INSERT ON mentions BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = NEW.status_id;
END;
CREATE TRIGGER mentions_revise_delete AFTER DELETE ON mentions BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = OLD.status_id;
END;
CREATE TRIGGER mentions_revise_update AFTER UPDATE ON mentions BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER status_tags_revise_insert AFTER INSERT ON status_tags BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = NEW.status_id;
END;
CREATE TRIGGER status_tags_revise_delete AFTER DELETE ON status_tags BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = OLD.status_id;
END;
CREATE TRIGGER status_tags_revise_update AFTER UPDATE ON status_tags BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER media_revise_insert AFTER INSERT ON media BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = NEW.status_id;
END;
CREATE TRIGGER media_revise_delete AFTER DELETE ON media BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = OLD.status_id;
END;
CREATE TRIGGER media_revise_update AFTER UPDATE ON media BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER status_cards_revise_insert AFTER INSERT ON status_cards BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = NEW.status_id;
END;
CREATE TRIGGER status_cards_revise_delete AFTER DELETE ON status_cards BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = OLD.status_id;
END;
CREATE TRIGGER status_cards_revise_update AFTER UPDATE ON status_cards BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER polls_revise_insert AFTER INSERT ON polls BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = NEW.status_id;
END;
CREATE TRIGGER polls_revise_delete AFTER DELETE ON polls BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = OLD.status_id;
END;
CREATE TRIGGER polls_revise_update AFTER UPDATE ON polls BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER quotes_revise_insert AFTER INSERT ON quotes BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = NEW.status_id;
END;
CREATE TRIGGER quotes_revise_delete AFTER DELETE ON quotes BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = OLD.status_id;
END;
CREATE TRIGGER quotes_revise_update AFTER UPDATE ON quotes BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER quote_policies_revise_insert AFTER INSERT ON quote_policies BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = NEW.status_id;
END;
CREATE TRIGGER quote_policies_revise_delete AFTER DELETE ON quote_policies BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id = OLD.status_id;
END;
CREATE TRIGGER quote_policies_revise_update AFTER UPDATE ON quote_policies BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (OLD.status_id, NEW.status_id);
END;

-- Of what hangs on accounts.
CREATE TRIGGER profiles_revise_insert AFTER INSERT ON profiles BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER profiles_revise_delete AFTER DELETE ON profiles BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER profiles_revise_update AFTER UPDATE ON profiles BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER account_moves_revise_insert AFTER INSERT ON account_moves BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER account_moves_revise_delete AFTER DELETE ON account_moves BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER account_moves_revise_update AFTER UPDATE ON account_moves BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER logins_revise_insert AFTER INSERT ON logins BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER logins_revise_delete AFTER DELETE ON logins BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER logins_revise_update AFTER UPDATE OF role ON logins BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;

-- Figures and ties.
CREATE TRIGGER follows_added AFTER INSERT ON follows BEGIN
    UPDATE account_heads SET ties = ties + 1, followers = followers + (NEW.state = 1) WHERE account_id = NEW.followee_id;
    UPDATE account_heads SET ties = ties + 1, following = following + (NEW.state = 1) WHERE account_id = NEW.follower_id;
END;
CREATE TRIGGER follows_removed AFTER DELETE ON follows BEGIN
    UPDATE account_heads SET ties = ties + 1, followers = followers - (OLD.state = 1) WHERE account_id = OLD.followee_id;
    UPDATE account_heads SET ties = ties + 1, following = following - (OLD.state = 1) WHERE account_id = OLD.follower_id;
END;
CREATE TRIGGER follows_changed AFTER UPDATE ON follows BEGIN
    UPDATE account_heads SET ties = ties + 1, followers = followers - (OLD.state = 1) WHERE account_id = OLD.followee_id;
    UPDATE account_heads SET ties = ties + 1, following = following - (OLD.state = 1) WHERE account_id = OLD.follower_id;
    UPDATE account_heads SET ties = ties + 1, followers = followers + (NEW.state = 1) WHERE account_id = NEW.followee_id;
    UPDATE account_heads SET ties = ties + 1, following = following + (NEW.state = 1) WHERE account_id = NEW.follower_id;
END;

CREATE TRIGGER statuses_added AFTER INSERT ON statuses BEGIN
    INSERT INTO status_heads (status_id, account_id, created_at, boost_of_id) VALUES (NEW.id, NEW.account_id, NEW.created_at, NEW.boost_of_id);
    UPDATE account_heads SET statuses = statuses + (NEW.visibility < 2), ties = ties + (NEW.boost_of_id IS NOT NULL) WHERE account_id = NEW.account_id;
    UPDATE status_heads SET reblogs = reblogs + 1 WHERE status_id = NEW.boost_of_id;
    UPDATE status_heads SET replies = replies + 1 WHERE status_id = NEW.in_reply_to_id AND NEW.in_reply_to_id IS NOT NULL AND NEW.visibility < 2 AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = NEW.in_reply_to_account_id AND b.target_id = NEW.account_id);
END;
CREATE TRIGGER statuses_removed AFTER DELETE ON statuses BEGIN
    UPDATE account_heads SET statuses = statuses - (OLD.visibility < 2), ties = ties + (OLD.boost_of_id IS NOT NULL) WHERE account_id = OLD.account_id;
    UPDATE status_heads SET reblogs = reblogs - 1 WHERE status_id = OLD.boost_of_id;
    UPDATE status_heads SET replies = replies - 1 WHERE status_id = OLD.in_reply_to_id AND OLD.in_reply_to_id IS NOT NULL AND OLD.visibility < 2 AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = OLD.in_reply_to_account_id AND b.target_id = OLD.account_id);
END;
CREATE TRIGGER statuses_moved AFTER UPDATE OF visibility, account_id, in_reply_to_id, in_reply_to_account_id, boost_of_id ON statuses BEGIN
    UPDATE account_heads SET statuses = statuses - (OLD.visibility < 2), ties = ties + (OLD.boost_of_id IS NOT NULL) WHERE account_id = OLD.account_id;
    UPDATE status_heads SET reblogs = reblogs - 1 WHERE status_id = OLD.boost_of_id;
    UPDATE status_heads SET replies = replies - 1 WHERE status_id = OLD.in_reply_to_id AND OLD.in_reply_to_id IS NOT NULL AND OLD.visibility < 2 AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = OLD.in_reply_to_account_id AND b.target_id = OLD.account_id);
    UPDATE account_heads SET statuses = statuses + (NEW.visibility < 2), ties = ties + (NEW.boost_of_id IS NOT NULL) WHERE account_id = NEW.account_id;
    UPDATE status_heads SET reblogs = reblogs + 1 WHERE status_id = NEW.boost_of_id;
    UPDATE status_heads SET replies = replies + 1 WHERE status_id = NEW.in_reply_to_id AND NEW.in_reply_to_id IS NOT NULL AND NEW.visibility < 2 AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = NEW.in_reply_to_account_id AND b.target_id = NEW.account_id);
END;

CREATE TRIGGER favourites_added AFTER INSERT ON favourites BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = NEW.account_id;
    UPDATE status_heads SET favourites = favourites + 1 WHERE status_id = NEW.status_id;
END;
CREATE TRIGGER favourites_removed AFTER DELETE ON favourites BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = OLD.account_id;
    UPDATE status_heads SET favourites = favourites - 1 WHERE status_id = OLD.status_id;
END;
CREATE TRIGGER favourites_moved AFTER UPDATE OF account_id, status_id ON favourites BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
    UPDATE status_heads SET favourites = favourites - 1 WHERE status_id = OLD.status_id;
    UPDATE status_heads SET favourites = favourites + 1 WHERE status_id = NEW.status_id;
END;

CREATE TRIGGER quotes_added AFTER INSERT ON quotes WHEN NEW.state = 1 BEGIN
    UPDATE status_heads SET quotes = quotes + 1 WHERE status_id = NEW.quoted_id;
END;
CREATE TRIGGER quotes_removed AFTER DELETE ON quotes WHEN OLD.state = 1 BEGIN
    UPDATE status_heads SET quotes = quotes - 1 WHERE status_id = OLD.quoted_id;
END;
CREATE TRIGGER quotes_moved AFTER UPDATE OF state, quoted_id ON quotes BEGIN
    UPDATE status_heads SET quotes = quotes - 1 WHERE status_id = OLD.quoted_id AND OLD.state = 1;
    UPDATE status_heads SET quotes = quotes + 1 WHERE status_id = NEW.quoted_id AND NEW.state = 1;
END;

-- Whoever is blocked disappears from below the posts of who blocks.
CREATE TRIGGER blocks_added AFTER INSERT ON blocks BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (NEW.account_id, NEW.target_id);
    UPDATE status_heads SET replies =
        (SELECT COUNT(*) FROM statuses s WHERE s.in_reply_to_id = status_heads.status_id AND s.visibility < 2 AND NOT EXISTS
            (SELECT 1 FROM blocks b WHERE b.account_id = s.in_reply_to_account_id AND b.target_id = s.account_id))
        WHERE status_id IN (SELECT s.in_reply_to_id FROM statuses s WHERE s.account_id = NEW.target_id AND s.in_reply_to_account_id = NEW.account_id);
END;
CREATE TRIGGER blocks_removed AFTER DELETE ON blocks BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, OLD.target_id);
    UPDATE status_heads SET replies =
        (SELECT COUNT(*) FROM statuses s WHERE s.in_reply_to_id = status_heads.status_id AND s.visibility < 2 AND NOT EXISTS
            (SELECT 1 FROM blocks b WHERE b.account_id = s.in_reply_to_account_id AND b.target_id = s.account_id))
        WHERE status_id IN (SELECT s.in_reply_to_id FROM statuses s WHERE s.account_id = OLD.target_id AND s.in_reply_to_account_id = OLD.account_id);
END;
CREATE TRIGGER blocks_moved AFTER UPDATE OF account_id, target_id ON blocks BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, OLD.target_id, NEW.account_id, NEW.target_id);
    UPDATE status_heads SET replies =
        (SELECT COUNT(*) FROM statuses s WHERE s.in_reply_to_id = status_heads.status_id AND s.visibility < 2 AND NOT EXISTS
            (SELECT 1 FROM blocks b WHERE b.account_id = s.in_reply_to_account_id AND b.target_id = s.account_id))
        WHERE status_id IN (SELECT s.in_reply_to_id FROM statuses s WHERE s.account_id = OLD.target_id AND s.in_reply_to_account_id = OLD.account_id);
    UPDATE status_heads SET replies =
        (SELECT COUNT(*) FROM statuses s WHERE s.in_reply_to_id = status_heads.status_id AND s.visibility < 2 AND NOT EXISTS
            (SELECT 1 FROM blocks b WHERE b.account_id = s.in_reply_to_account_id AND b.target_id = s.account_id))
        WHERE status_id IN (SELECT s.in_reply_to_id FROM statuses s WHERE s.account_id = NEW.target_id AND s.in_reply_to_account_id = NEW.account_id);
END;

-- Ties only.
CREATE TRIGGER mutes_tie_insert AFTER INSERT ON mutes BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER mutes_tie_delete AFTER DELETE ON mutes BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER mutes_tie_update AFTER UPDATE ON mutes BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER host_blocks_tie_insert AFTER INSERT ON host_blocks BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER host_blocks_tie_delete AFTER DELETE ON host_blocks BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER host_blocks_tie_update AFTER UPDATE ON host_blocks BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER bookmarks_tie_insert AFTER INSERT ON bookmarks BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER bookmarks_tie_delete AFTER DELETE ON bookmarks BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER bookmarks_tie_update AFTER UPDATE ON bookmarks BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER pins_tie_insert AFTER INSERT ON pins BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER pins_tie_delete AFTER DELETE ON pins BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER pins_tie_update AFTER UPDATE ON pins BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER thread_mutes_tie_insert AFTER INSERT ON thread_mutes BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER thread_mutes_tie_delete AFTER DELETE ON thread_mutes BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER thread_mutes_tie_update AFTER UPDATE ON thread_mutes BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER filters_tie_insert AFTER INSERT ON filters BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER filters_tie_delete AFTER DELETE ON filters BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER filters_tie_update AFTER UPDATE ON filters BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER poll_voters_tie_insert AFTER INSERT ON poll_voters BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER poll_voters_tie_delete AFTER DELETE ON poll_voters BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER poll_voters_tie_update AFTER UPDATE ON poll_voters BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER poll_votes_tie_insert AFTER INSERT ON poll_votes BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER poll_votes_tie_delete AFTER DELETE ON poll_votes BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER poll_votes_tie_update AFTER UPDATE ON poll_votes BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
END;
