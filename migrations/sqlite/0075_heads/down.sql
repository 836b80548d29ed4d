DROP TRIGGER accounts_headed;
DROP TRIGGER accounts_revised;
DROP TRIGGER accounts_wrote;
DROP TRIGGER statuses_revised;
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
DROP TRIGGER follows_added;
DROP TRIGGER follows_removed;
DROP TRIGGER follows_changed;
DROP TRIGGER statuses_added;
DROP TRIGGER statuses_removed;
DROP TRIGGER statuses_moved;
DROP TRIGGER favourites_added;
DROP TRIGGER favourites_removed;
DROP TRIGGER favourites_moved;
DROP TRIGGER quotes_added;
DROP TRIGGER quotes_removed;
DROP TRIGGER quotes_moved;
DROP TRIGGER blocks_added;
DROP TRIGGER blocks_removed;
DROP TRIGGER blocks_moved;
DROP TRIGGER mutes_tie_insert;
DROP TRIGGER mutes_tie_delete;
DROP TRIGGER mutes_tie_update;
DROP TRIGGER host_blocks_tie_insert;
DROP TRIGGER host_blocks_tie_delete;
DROP TRIGGER host_blocks_tie_update;
DROP TRIGGER bookmarks_tie_insert;
DROP TRIGGER bookmarks_tie_delete;
DROP TRIGGER bookmarks_tie_update;
DROP TRIGGER pins_tie_insert;
DROP TRIGGER pins_tie_delete;
DROP TRIGGER pins_tie_update;
DROP TRIGGER thread_mutes_tie_insert;
DROP TRIGGER thread_mutes_tie_delete;
DROP TRIGGER thread_mutes_tie_update;
DROP TRIGGER filters_tie_insert;
DROP TRIGGER filters_tie_delete;
DROP TRIGGER filters_tie_update;
DROP TRIGGER poll_voters_tie_insert;
DROP TRIGGER poll_voters_tie_delete;
DROP TRIGGER poll_voters_tie_update;
DROP TRIGGER poll_votes_tie_insert;
DROP TRIGGER poll_votes_tie_delete;
DROP TRIGGER poll_votes_tie_update;
DROP TABLE status_heads;
DROP TABLE account_heads;
CREATE TABLE account_counts (
    account_id INTEGER PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    followers BIGINT NOT NULL DEFAULT 0,
    following BIGINT NOT NULL DEFAULT 0,
    -- posts and boosts that everybody may see
    statuses BIGINT NOT NULL DEFAULT 0
);
INSERT INTO account_counts (account_id, followers, following, statuses)
    SELECT id,
        (SELECT COUNT(*) FROM follows WHERE followee_id = accounts.id AND state = 1),
        (SELECT COUNT(*) FROM follows WHERE follower_id = accounts.id AND state = 1),
        (SELECT COUNT(*) FROM statuses WHERE account_id = accounts.id AND visibility < 2)
    FROM accounts;

CREATE TRIGGER accounts_counted AFTER INSERT ON accounts BEGIN
    INSERT INTO account_counts (account_id) VALUES (NEW.id);
END;

CREATE TRIGGER follows_added AFTER INSERT ON follows WHEN NEW.state = 1 BEGIN
    UPDATE account_counts SET followers = followers + 1 WHERE account_id = NEW.followee_id;
    UPDATE account_counts SET following = following + 1 WHERE account_id = NEW.follower_id;
END;
CREATE TRIGGER follows_removed AFTER DELETE ON follows WHEN OLD.state = 1 BEGIN
    UPDATE account_counts SET followers = followers - 1 WHERE account_id = OLD.followee_id;
    UPDATE account_counts SET following = following - 1 WHERE account_id = OLD.follower_id;
END;
CREATE TRIGGER follows_changed AFTER UPDATE OF state, follower_id, followee_id ON follows
    WHEN OLD.state <> NEW.state OR OLD.follower_id <> NEW.follower_id OR OLD.followee_id <> NEW.followee_id BEGIN
    UPDATE account_counts SET followers = followers - 1 WHERE account_id = OLD.followee_id AND OLD.state = 1;
    UPDATE account_counts SET following = following - 1 WHERE account_id = OLD.follower_id AND OLD.state = 1;
    UPDATE account_counts SET followers = followers + 1 WHERE account_id = NEW.followee_id AND NEW.state = 1;
    UPDATE account_counts SET following = following + 1 WHERE account_id = NEW.follower_id AND NEW.state = 1;
END;

CREATE TRIGGER statuses_added AFTER INSERT ON statuses WHEN NEW.visibility < 2 BEGIN
    UPDATE account_counts SET statuses = statuses + 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER statuses_removed AFTER DELETE ON statuses WHEN OLD.visibility < 2 BEGIN
    UPDATE account_counts SET statuses = statuses - 1 WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER statuses_moved AFTER UPDATE OF visibility, account_id ON statuses
    WHEN OLD.visibility <> NEW.visibility OR OLD.account_id <> NEW.account_id BEGIN
    UPDATE account_counts SET statuses = statuses - 1 WHERE account_id = OLD.account_id AND OLD.visibility < 2;
    UPDATE account_counts SET statuses = statuses + 1 WHERE account_id = NEW.account_id AND NEW.visibility < 2;
END;
ALTER TABLE statuses ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

CREATE TRIGGER statuses_revised AFTER UPDATE OF uri, url, account_id, is_local, source, html, warning, is_sensitive, language, visibility, in_reply_to_id, in_reply_to_uri, in_reply_to_account_id, boost_of_id, app_id, created_at, edited_at ON statuses BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = NEW.id;
END;
CREATE TRIGGER accounts_revised AFTER UPDATE OF username, username_key, skeleton, host, uri, url, kind, display_name, bio_html, bio_source, fields, avatar, header, is_locked, is_discoverable, inbox, shared_inbox, outbox, followers_uri, featured_uri, created_at, suspended_at, gone_at, silenced_at, sensitized_at ON accounts BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id = NEW.id;
END;
CREATE TRIGGER accounts_renamed AFTER UPDATE OF username, host, uri, url ON accounts
    WHEN OLD.username <> NEW.username OR OLD.host <> NEW.host OR OLD.uri <> NEW.uri OR OLD.url <> NEW.url BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (SELECT status_id FROM mentions WHERE account_id = NEW.id);
END;
CREATE TRIGGER tags_revised AFTER UPDATE OF name, display ON tags WHEN OLD.name <> NEW.name OR OLD.display <> NEW.display BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (SELECT status_id FROM status_tags WHERE tag_id = NEW.id);
END;

CREATE TRIGGER mentions_revise_insert AFTER INSERT ON mentions BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = NEW.status_id;
END;
CREATE TRIGGER mentions_revise_delete AFTER DELETE ON mentions BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = OLD.status_id;
END;
CREATE TRIGGER mentions_revise_update AFTER UPDATE ON mentions BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER status_tags_revise_insert AFTER INSERT ON status_tags BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = NEW.status_id;
END;
CREATE TRIGGER status_tags_revise_delete AFTER DELETE ON status_tags BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = OLD.status_id;
END;
CREATE TRIGGER status_tags_revise_update AFTER UPDATE ON status_tags BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER media_revise_insert AFTER INSERT ON media BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = NEW.status_id;
END;
CREATE TRIGGER media_revise_delete AFTER DELETE ON media BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = OLD.status_id;
END;
CREATE TRIGGER media_revise_update AFTER UPDATE ON media BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER status_cards_revise_insert AFTER INSERT ON status_cards BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = NEW.status_id;
END;
CREATE TRIGGER status_cards_revise_delete AFTER DELETE ON status_cards BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = OLD.status_id;
END;
CREATE TRIGGER status_cards_revise_update AFTER UPDATE ON status_cards BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER polls_revise_insert AFTER INSERT ON polls BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = NEW.status_id;
END;
CREATE TRIGGER polls_revise_delete AFTER DELETE ON polls BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = OLD.status_id;
END;
CREATE TRIGGER polls_revise_update AFTER UPDATE ON polls BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER quotes_revise_insert AFTER INSERT ON quotes BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = NEW.status_id;
END;
CREATE TRIGGER quotes_revise_delete AFTER DELETE ON quotes BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = OLD.status_id;
END;
CREATE TRIGGER quotes_revise_update AFTER UPDATE ON quotes BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;
CREATE TRIGGER quote_policies_revise_insert AFTER INSERT ON quote_policies BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = NEW.status_id;
END;
CREATE TRIGGER quote_policies_revise_delete AFTER DELETE ON quote_policies BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = OLD.status_id;
END;
CREATE TRIGGER quote_policies_revise_update AFTER UPDATE ON quote_policies BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (OLD.status_id, NEW.status_id);
END;

CREATE TRIGGER profiles_revise_insert AFTER INSERT ON profiles BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id = NEW.account_id;
END;
CREATE TRIGGER profiles_revise_delete AFTER DELETE ON profiles BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id = OLD.account_id;
END;
CREATE TRIGGER profiles_revise_update AFTER UPDATE ON profiles BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER account_moves_revise_insert AFTER INSERT ON account_moves BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id = NEW.account_id;
END;
CREATE TRIGGER account_moves_revise_delete AFTER DELETE ON account_moves BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id = OLD.account_id;
END;
CREATE TRIGGER account_moves_revise_update AFTER UPDATE ON account_moves BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id IN (OLD.account_id, NEW.account_id);
END;
CREATE TRIGGER logins_revise_insert AFTER INSERT ON logins BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id = NEW.account_id;
END;
CREATE TRIGGER logins_revise_delete AFTER DELETE ON logins BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id = OLD.account_id;
END;
CREATE TRIGGER logins_revise_update AFTER UPDATE OF role ON logins BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id IN (OLD.account_id, NEW.account_id);
END;
