DROP TRIGGER accounts_headed ON accounts;
DROP TRIGGER accounts_revised ON accounts;
DROP TRIGGER accounts_wrote ON accounts;
DROP TRIGGER statuses_revised ON statuses;
DROP TRIGGER accounts_renamed ON accounts;
DROP TRIGGER tags_revised ON tags;
DROP TRIGGER mentions_revise ON mentions;
DROP TRIGGER status_tags_revise ON status_tags;
DROP TRIGGER media_revise ON media;
DROP TRIGGER status_cards_revise ON status_cards;
DROP TRIGGER polls_revise ON polls;
DROP TRIGGER quotes_revise ON quotes;
DROP TRIGGER quote_policies_revise ON quote_policies;
DROP TRIGGER profiles_revise ON profiles;
DROP TRIGGER account_moves_revise ON account_moves;
DROP TRIGGER logins_revise ON logins;
DROP TRIGGER follows_counted ON follows;
DROP TRIGGER statuses_counted ON statuses;
DROP TRIGGER favourites_counted ON favourites;
DROP TRIGGER quotes_counted ON quotes;
DROP TRIGGER blocks_counted ON blocks;
DROP TRIGGER mutes_tie ON mutes;
DROP TRIGGER host_blocks_tie ON host_blocks;
DROP TRIGGER bookmarks_tie ON bookmarks;
DROP TRIGGER pins_tie ON pins;
DROP TRIGGER thread_mutes_tie ON thread_mutes;
DROP TRIGGER filters_tie ON filters;
DROP TRIGGER poll_voters_tie ON poll_voters;
DROP TRIGGER poll_votes_tie ON poll_votes;
DROP FUNCTION head_is_there(boolean);
DROP FUNCTION accounts_headed();
DROP FUNCTION accounts_revised();
DROP FUNCTION accounts_wrote();
DROP FUNCTION statuses_revised();
DROP FUNCTION accounts_renamed();
DROP FUNCTION tags_revised();
DROP FUNCTION status_revised();
DROP FUNCTION account_revised();
DROP FUNCTION follows_counted();
DROP FUNCTION statuses_counted();
DROP FUNCTION favourites_counted();
DROP FUNCTION quotes_counted();
DROP FUNCTION blocks_counted();
DROP FUNCTION account_tied();
DROP TABLE status_heads;
DROP TABLE account_heads;
LOCK TABLE accounts, follows, statuses IN SHARE ROW EXCLUSIVE MODE;
CREATE TABLE account_counts (
    account_id BIGINT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
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

CREATE FUNCTION accounts_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO account_counts (account_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_counted AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_counted();

CREATE FUNCTION counted_row(is_there boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT is_there THEN
        RAISE EXCEPTION 'the figures of an account are newer than this transaction' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;

CREATE FUNCTION follows_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- In one order, whoever follows whom: two who follow each other at the same moment must not wait for one another.
    PERFORM 1 FROM account_counts WHERE account_id IN (OLD.followee_id, OLD.follower_id, NEW.followee_id, NEW.follower_id)
        ORDER BY account_id FOR UPDATE;
    IF TG_OP <> 'INSERT' AND OLD.state = 1 THEN
        UPDATE account_counts SET followers = followers - 1 WHERE account_id = OLD.followee_id;
        UPDATE account_counts SET following = following - 1 WHERE account_id = OLD.follower_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 1 THEN
        UPDATE account_counts SET followers = followers + 1 WHERE account_id = NEW.followee_id;
        PERFORM counted_row(FOUND);
        UPDATE account_counts SET following = following + 1 WHERE account_id = NEW.follower_id;
        PERFORM counted_row(FOUND);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follows_added AFTER INSERT ON follows FOR EACH ROW EXECUTE FUNCTION follows_counted();
CREATE TRIGGER follows_removed AFTER DELETE ON follows FOR EACH ROW EXECUTE FUNCTION follows_counted();
CREATE TRIGGER follows_changed AFTER UPDATE OF state, follower_id, followee_id ON follows FOR EACH ROW
    WHEN (OLD.state <> NEW.state OR OLD.follower_id <> NEW.follower_id OR OLD.followee_id <> NEW.followee_id)
    EXECUTE FUNCTION follows_counted();

CREATE FUNCTION statuses_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.visibility < 2 THEN
        UPDATE account_counts SET statuses = statuses - 1 WHERE account_id = OLD.account_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.visibility < 2 THEN
        UPDATE account_counts SET statuses = statuses + 1 WHERE account_id = NEW.account_id;
        PERFORM counted_row(FOUND);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER statuses_added AFTER INSERT ON statuses FOR EACH ROW EXECUTE FUNCTION statuses_counted();
CREATE TRIGGER statuses_removed AFTER DELETE ON statuses FOR EACH ROW EXECUTE FUNCTION statuses_counted();
CREATE TRIGGER statuses_moved AFTER UPDATE OF visibility, account_id ON statuses FOR EACH ROW
    WHEN (OLD.visibility <> NEW.visibility OR OLD.account_id <> NEW.account_id)
    EXECUTE FUNCTION statuses_counted();
ALTER TABLE statuses ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

CREATE FUNCTION row_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER statuses_revised BEFORE UPDATE OF uri, url, account_id, is_local, source, html, warning, is_sensitive, language, visibility, in_reply_to_id, in_reply_to_uri, in_reply_to_account_id, boost_of_id, app_id, created_at, edited_at ON statuses FOR EACH ROW EXECUTE FUNCTION row_revised();
CREATE TRIGGER accounts_revised BEFORE UPDATE OF username, username_key, skeleton, host, uri, url, kind, display_name, bio_html, bio_source, fields, avatar, header, is_locked, is_discoverable, inbox, shared_inbox, outbox, followers_uri, featured_uri, created_at, suspended_at, gone_at, silenced_at, sensitized_at ON accounts FOR EACH ROW EXECUTE FUNCTION row_revised();

CREATE FUNCTION accounts_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (SELECT status_id FROM mentions WHERE account_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_renamed AFTER UPDATE OF username, host, uri, url ON accounts FOR EACH ROW
    WHEN (OLD.username <> NEW.username OR OLD.host <> NEW.host OR OLD.uri <> NEW.uri OR OLD.url <> NEW.url)
    EXECUTE FUNCTION accounts_renamed();
CREATE FUNCTION tags_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE statuses SET revision = revision + 1 WHERE id IN (SELECT status_id FROM status_tags WHERE tag_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER tags_revised AFTER UPDATE OF name, display ON tags FOR EACH ROW
    WHEN (OLD.name <> NEW.name OR OLD.display <> NEW.display) EXECUTE FUNCTION tags_revised();

CREATE FUNCTION status_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE statuses SET revision = revision + 1 WHERE id = OLD.status_id;
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.status_id IS DISTINCT FROM OLD.status_id) THEN
        UPDATE statuses SET revision = revision + 1 WHERE id = NEW.status_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER mentions_revise AFTER INSERT OR UPDATE OR DELETE ON mentions FOR EACH ROW EXECUTE FUNCTION status_revised();
CREATE TRIGGER status_tags_revise AFTER INSERT OR UPDATE OR DELETE ON status_tags FOR EACH ROW EXECUTE FUNCTION status_revised();
CREATE TRIGGER media_revise AFTER INSERT OR UPDATE OR DELETE ON media FOR EACH ROW EXECUTE FUNCTION status_revised();
CREATE TRIGGER status_cards_revise AFTER INSERT OR UPDATE OR DELETE ON status_cards FOR EACH ROW EXECUTE FUNCTION status_revised();
CREATE TRIGGER polls_revise AFTER INSERT OR UPDATE OR DELETE ON polls FOR EACH ROW EXECUTE FUNCTION status_revised();
CREATE TRIGGER quotes_revise AFTER INSERT OR UPDATE OR DELETE ON quotes FOR EACH ROW EXECUTE FUNCTION status_revised();
CREATE TRIGGER quote_policies_revise AFTER INSERT OR UPDATE OR DELETE ON quote_policies FOR EACH ROW EXECUTE FUNCTION status_revised();

CREATE FUNCTION account_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE accounts SET revision = revision + 1 WHERE id = OLD.account_id;
    ELSE
        UPDATE accounts SET revision = revision + 1 WHERE id = NEW.account_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER profiles_revise AFTER INSERT OR UPDATE OR DELETE ON profiles FOR EACH ROW EXECUTE FUNCTION account_revised();
CREATE TRIGGER account_moves_revise AFTER INSERT OR UPDATE OR DELETE ON account_moves FOR EACH ROW EXECUTE FUNCTION account_revised();
CREATE TRIGGER logins_revise AFTER INSERT OR DELETE OR UPDATE OF role ON logins FOR EACH ROW EXECUTE FUNCTION account_revised();
