-- All that a page of posts must ask anew each time stands in two narrow tables, so that it is read from few pages and not from between long texts:
-- the revisions under which posts and accounts are kept in memory (docs/adr/0008), the figures (docs/adr/0007, 0011), and a number that rises with whatever
-- an account has to do with others or did to posts. Triggers write them, nobody else. Neighbours: crates/store/src/heads.rs, crates/store/src/pages.rs.
-- Another server process may be at work: what it writes is counted before, or by the triggers.
LOCK TABLE accounts, statuses, follows, favourites, quotes, blocks, account_counts IN SHARE ROW EXCLUSIVE MODE;
DROP TRIGGER accounts_counted ON accounts;
DROP TRIGGER follows_added ON follows;
DROP TRIGGER follows_removed ON follows;
DROP TRIGGER follows_changed ON follows;
DROP TRIGGER statuses_added ON statuses;
DROP TRIGGER statuses_removed ON statuses;
DROP TRIGGER statuses_moved ON statuses;
DROP TRIGGER statuses_revised ON statuses;
DROP TRIGGER accounts_revised ON accounts;
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
DROP FUNCTION accounts_counted();
DROP FUNCTION counted_row(boolean);
DROP FUNCTION follows_counted();
DROP FUNCTION statuses_counted();
DROP FUNCTION row_revised();
DROP FUNCTION accounts_renamed();
DROP FUNCTION tags_revised();
DROP FUNCTION status_revised();
DROP FUNCTION account_revised();
CREATE TABLE account_heads (
    account_id BIGINT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
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
    status_id BIGINT PRIMARY KEY NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
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

-- Locks are taken in one order, whoever does what at the same moment: first those of accounts, by their ids, then those of posts.
-- Every account and post has a row, so one that cannot be seen was made after this transaction began: it must run again.
CREATE FUNCTION head_is_there(is_there boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT is_there THEN
        RAISE EXCEPTION 'a head is newer than this transaction' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;

-- Revisions: of the rows themselves.
CREATE FUNCTION accounts_headed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO account_heads (account_id, last_status_at) VALUES (NEW.id, NEW.last_status_at);
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_headed AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_headed();
CREATE FUNCTION accounts_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account_heads SET revision = revision + 1 WHERE account_id = NEW.id;
    PERFORM head_is_there(FOUND);
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_revised AFTER UPDATE OF username, username_key, skeleton, host, uri, url, kind, display_name, bio_html, bio_source, fields, avatar, header, is_locked, is_discoverable, inbox, shared_inbox, outbox, followers_uri, featured_uri, created_at, suspended_at, gone_at, silenced_at, sensitized_at ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_revised();
CREATE FUNCTION accounts_wrote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account_heads SET last_status_at = NEW.last_status_at WHERE account_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_wrote AFTER UPDATE OF last_status_at ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_wrote();
CREATE FUNCTION statuses_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE status_heads SET revision = revision + 1, account_id = NEW.account_id, created_at = NEW.created_at, boost_of_id = NEW.boost_of_id
        WHERE status_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER statuses_revised AFTER UPDATE OF uri, url, account_id, is_local, source, html, warning, is_sensitive, language, visibility, in_reply_to_id, in_reply_to_uri, in_reply_to_account_id, thread_id, boost_of_id, app_id, created_at, edited_at ON statuses FOR EACH ROW EXECUTE FUNCTION statuses_revised();
-- Posts show the names of those whom they mention.
CREATE FUNCTION accounts_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (SELECT status_id FROM mentions WHERE account_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_renamed AFTER UPDATE OF username, host, uri, url ON accounts FOR EACH ROW
    WHEN (OLD.username <> NEW.username OR OLD.host <> NEW.host OR OLD.uri <> NEW.uri OR OLD.url <> NEW.url)
    EXECUTE FUNCTION accounts_renamed();
CREATE FUNCTION tags_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE status_heads SET revision = revision + 1 WHERE status_id IN (SELECT status_id FROM status_tags WHERE tag_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER tags_revised AFTER UPDATE OF name, display ON tags FOR EACH ROW
    WHEN (OLD.name <> NEW.name OR OLD.display <> NEW.display) EXECUTE FUNCTION tags_revised();

-- Of what hangs on posts.
CREATE FUNCTION status_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE status_heads SET revision = revision + 1 WHERE status_id = OLD.status_id;
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.status_id IS DISTINCT FROM OLD.status_id) THEN
        UPDATE status_heads SET revision = revision + 1 WHERE status_id = NEW.status_id;
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

-- Of what hangs on accounts.
CREATE FUNCTION account_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE account_heads SET revision = revision + 1 WHERE account_id = OLD.account_id;
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.account_id IS DISTINCT FROM OLD.account_id) THEN
        UPDATE account_heads SET revision = revision + 1 WHERE account_id = NEW.account_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER profiles_revise AFTER INSERT OR DELETE OR UPDATE ON profiles FOR EACH ROW EXECUTE FUNCTION account_revised();
CREATE TRIGGER account_moves_revise AFTER INSERT OR DELETE OR UPDATE ON account_moves FOR EACH ROW EXECUTE FUNCTION account_revised();
CREATE TRIGGER logins_revise AFTER INSERT OR DELETE OR UPDATE OF role ON logins FOR EACH ROW EXECUTE FUNCTION account_revised();

-- Figures and ties.
CREATE FUNCTION follows_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM account_heads WHERE account_id IN (OLD.followee_id, OLD.follower_id, NEW.followee_id, NEW.follower_id)
        ORDER BY account_id FOR UPDATE;
    IF TG_OP <> 'INSERT' THEN
        UPDATE account_heads SET ties = ties + 1, followers = followers - (OLD.state = 1)::int WHERE account_id = OLD.followee_id;
        UPDATE account_heads SET ties = ties + 1, following = following - (OLD.state = 1)::int WHERE account_id = OLD.follower_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE account_heads SET ties = ties + 1, followers = followers + (NEW.state = 1)::int WHERE account_id = NEW.followee_id;
        PERFORM head_is_there(FOUND);
        UPDATE account_heads SET ties = ties + 1, following = following + (NEW.state = 1)::int WHERE account_id = NEW.follower_id;
        PERFORM head_is_there(FOUND);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follows_counted AFTER INSERT OR UPDATE OR DELETE ON follows FOR EACH ROW EXECUTE FUNCTION follows_counted();

CREATE FUNCTION statuses_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO status_heads (status_id, account_id, created_at, boost_of_id) VALUES (NEW.id, NEW.account_id, NEW.created_at, NEW.boost_of_id);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM 1 FROM account_heads WHERE account_id IN (OLD.account_id, NEW.account_id) ORDER BY account_id FOR UPDATE;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE account_heads SET statuses = statuses - (OLD.visibility < 2)::int, ties = ties + (OLD.boost_of_id IS NOT NULL)::int
            WHERE account_id = OLD.account_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE account_heads SET statuses = statuses + (NEW.visibility < 2)::int, ties = ties + (NEW.boost_of_id IS NOT NULL)::int
            WHERE account_id = NEW.account_id;
        PERFORM head_is_there(FOUND);
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE status_heads SET reblogs = reblogs - 1 WHERE status_id = OLD.boost_of_id;
        IF OLD.in_reply_to_id IS NOT NULL AND OLD.visibility < 2 AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = OLD.in_reply_to_account_id AND b.target_id = OLD.account_id) THEN
            UPDATE status_heads SET replies = replies - 1 WHERE status_id = OLD.in_reply_to_id;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF NEW.boost_of_id IS NOT NULL THEN
            UPDATE status_heads SET reblogs = reblogs + 1 WHERE status_id = NEW.boost_of_id;
            PERFORM head_is_there(FOUND);
        END IF;
        IF NEW.in_reply_to_id IS NOT NULL AND NEW.visibility < 2 AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = NEW.in_reply_to_account_id AND b.target_id = NEW.account_id) THEN
            UPDATE status_heads SET replies = replies + 1 WHERE status_id = NEW.in_reply_to_id;
            PERFORM head_is_there(FOUND);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER statuses_counted AFTER INSERT OR DELETE OR UPDATE OF visibility, account_id, in_reply_to_id, in_reply_to_account_id, boost_of_id ON statuses
    FOR EACH ROW EXECUTE FUNCTION statuses_counted();

CREATE FUNCTION favourites_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
    IF TG_OP <> 'INSERT' THEN
        UPDATE status_heads SET favourites = favourites - 1 WHERE status_id = OLD.status_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE status_heads SET favourites = favourites + 1 WHERE status_id = NEW.status_id;
        PERFORM head_is_there(FOUND);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER favourites_counted AFTER INSERT OR DELETE OR UPDATE OF account_id, status_id ON favourites
    FOR EACH ROW EXECUTE FUNCTION favourites_counted();

CREATE FUNCTION quotes_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 1 THEN
        UPDATE status_heads SET quotes = quotes - 1 WHERE status_id = OLD.quoted_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 1 AND NEW.quoted_id IS NOT NULL THEN
        UPDATE status_heads SET quotes = quotes + 1 WHERE status_id = NEW.quoted_id;
        PERFORM head_is_there(FOUND);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quotes_counted AFTER INSERT OR DELETE OR UPDATE OF state, quoted_id ON quotes FOR EACH ROW EXECUTE FUNCTION quotes_counted();

-- Whoever is blocked disappears from below the posts of who blocks.
CREATE FUNCTION blocks_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM account_heads WHERE account_id IN (OLD.account_id, OLD.target_id, NEW.account_id, NEW.target_id) ORDER BY account_id FOR UPDATE;
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, OLD.target_id, NEW.account_id, NEW.target_id);
    UPDATE status_heads SET replies =
        (SELECT COUNT(*) FROM statuses s WHERE s.in_reply_to_id = status_heads.status_id AND s.visibility < 2 AND NOT EXISTS
            (SELECT 1 FROM blocks b WHERE b.account_id = s.in_reply_to_account_id AND b.target_id = s.account_id))
        WHERE status_id IN (SELECT s.in_reply_to_id FROM statuses s
            WHERE (s.account_id = OLD.target_id AND s.in_reply_to_account_id = OLD.account_id)
               OR (s.account_id = NEW.target_id AND s.in_reply_to_account_id = NEW.account_id));
    RETURN NULL;
END $$;
CREATE TRIGGER blocks_counted AFTER INSERT OR DELETE OR UPDATE OF account_id, target_id ON blocks FOR EACH ROW EXECUTE FUNCTION blocks_counted();

-- Ties only.
CREATE FUNCTION account_tied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account_heads SET ties = ties + 1 WHERE account_id IN (OLD.account_id, NEW.account_id);
    RETURN NULL;
END $$;
CREATE TRIGGER mutes_tie AFTER INSERT OR UPDATE OR DELETE ON mutes FOR EACH ROW EXECUTE FUNCTION account_tied();
CREATE TRIGGER host_blocks_tie AFTER INSERT OR UPDATE OR DELETE ON host_blocks FOR EACH ROW EXECUTE FUNCTION account_tied();
CREATE TRIGGER bookmarks_tie AFTER INSERT OR UPDATE OR DELETE ON bookmarks FOR EACH ROW EXECUTE FUNCTION account_tied();
CREATE TRIGGER pins_tie AFTER INSERT OR UPDATE OR DELETE ON pins FOR EACH ROW EXECUTE FUNCTION account_tied();
CREATE TRIGGER thread_mutes_tie AFTER INSERT OR UPDATE OR DELETE ON thread_mutes FOR EACH ROW EXECUTE FUNCTION account_tied();
CREATE TRIGGER filters_tie AFTER INSERT OR UPDATE OR DELETE ON filters FOR EACH ROW EXECUTE FUNCTION account_tied();
CREATE TRIGGER poll_voters_tie AFTER INSERT OR UPDATE OR DELETE ON poll_voters FOR EACH ROW EXECUTE FUNCTION account_tied();
CREATE TRIGGER poll_votes_tie AFTER INSERT OR UPDATE OR DELETE ON poll_votes FOR EACH ROW EXECUTE FUNCTION account_tied();
