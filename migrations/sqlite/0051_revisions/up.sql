-- A number for every account and post that rises with each change of what everybody is shown of it, whoever makes the change: what is kept in memory is
-- kept under it, so that nothing needs to be told to forget (docs/adr/0008). Not for counts, votes, what readers do, or when somebody wrote last.
-- Neighbour: crates/store/src/heads.rs.
ALTER TABLE statuses ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

CREATE TRIGGER statuses_revised AFTER UPDATE OF uri, url, account_id, is_local, source, html, warning, is_sensitive, language, visibility, in_reply_to_id, in_reply_to_uri, in_reply_to_account_id, boost_of_id, app_id, created_at, edited_at ON statuses BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id = NEW.id;
END;
CREATE TRIGGER accounts_revised AFTER UPDATE OF username, username_key, skeleton, host, uri, url, kind, display_name, bio_html, bio_source, fields, avatar, header, is_locked, is_discoverable, inbox, shared_inbox, outbox, followers_uri, featured_uri, created_at, suspended_at, gone_at, silenced_at, sensitized_at ON accounts BEGIN
    UPDATE accounts SET revision = revision + 1 WHERE id = NEW.id;
END;
-- Posts show the names of those whom they mention.
CREATE TRIGGER accounts_renamed AFTER UPDATE OF username, host, uri, url ON accounts
    WHEN OLD.username <> NEW.username OR OLD.host <> NEW.host OR OLD.uri <> NEW.uri OR OLD.url <> NEW.url BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (SELECT status_id FROM mentions WHERE account_id = NEW.id);
END;
CREATE TRIGGER tags_revised AFTER UPDATE OF name, display ON tags WHEN OLD.name <> NEW.name OR OLD.display <> NEW.display BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (SELECT status_id FROM status_tags WHERE tag_id = NEW.id);
END;

-- What hangs on posts.
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

-- What hangs on accounts.
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
