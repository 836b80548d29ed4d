-- A number for every account and post that rises with each change of what everybody is shown of it, whoever makes the change: what is kept in memory is
-- kept under it, so that nothing needs to be told to forget (docs/adr/0008). Not for counts, votes, what readers do, or when somebody wrote last.
-- Neighbour: crates/store/src/heads.rs.
ALTER TABLE statuses ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

CREATE FUNCTION row_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER statuses_revised BEFORE UPDATE OF uri, url, account_id, is_local, source, html, warning, is_sensitive, language, visibility, in_reply_to_id, in_reply_to_uri, in_reply_to_account_id, boost_of_id, app_id, created_at, edited_at ON statuses FOR EACH ROW EXECUTE FUNCTION row_revised();
CREATE TRIGGER accounts_revised BEFORE UPDATE OF username, username_key, skeleton, host, uri, url, kind, display_name, bio_html, bio_source, fields, avatar, header, is_locked, is_discoverable, inbox, shared_inbox, outbox, followers_uri, featured_uri, created_at, suspended_at, gone_at, silenced_at, sensitized_at ON accounts FOR EACH ROW EXECUTE FUNCTION row_revised();

-- Posts show the names of those whom they mention.
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

-- What hangs on posts.
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

-- What hangs on accounts.
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
