-- The figures of profiles, kept up with the rows they count by triggers, in the same transaction (docs/adr/0007): a page of posts shows those of all
-- its authors, and counting the followers of a department took longer than the rest of the page. Neighbour: crates/store/src/pages.rs.
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
