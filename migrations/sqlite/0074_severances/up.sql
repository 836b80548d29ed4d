-- Follows that somebody here lost because the town, or they themselves, will have nothing to do with a server: how many, not whose.
-- Neighbour: crates/store/src/severances.rs.
CREATE TABLE severances (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- domain_block: the town's; user_domain_block: their own
    kind TEXT NOT NULL CHECK (length(kind) <= 30),
    -- the server
    target TEXT NOT NULL CHECK (length(target) <= 253),
    followers BIGINT NOT NULL,
    following BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX severances_account ON severances (account_id);
ALTER TABLE notifications ADD COLUMN severance_id BIGINT REFERENCES severances (id) ON DELETE CASCADE;
CREATE INDEX notifications_severance ON notifications (severance_id) WHERE severance_id IS NOT NULL;
