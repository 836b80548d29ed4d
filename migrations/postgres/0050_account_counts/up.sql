-- The figures of profiles, kept up with the rows they count by triggers, in the same transaction (docs/adr/0007): a page of posts shows those of all
-- its authors, and counting the followers of a department took longer than the rest of the page. Neighbour: crates/store/src/pages.rs.
-- Another server process may be at work: what it writes is counted before, or by the triggers.
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

-- Every account has a row, so one that cannot be seen was made after this transaction began: it must run again.
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
