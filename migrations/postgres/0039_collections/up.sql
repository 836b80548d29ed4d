-- Accounts that somebody puts together under a name, for others to find. Neighbours: crates/store/src/collections.rs, crates/domain/src/collections.rs.
CREATE TABLE collections (
    id BIGINT PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) <= 40),
    description TEXT NOT NULL CHECK (length(description) <= 100),
    tag_name TEXT CHECK (length(tag_name) <= 200),
    language TEXT CHECK (length(language) <= 35),
    is_sensitive BOOLEAN NOT NULL,
    is_discoverable BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX collections_account ON collections (account_id, id);

CREATE TABLE collection_items (
    id BIGINT PRIMARY KEY NOT NULL,
    collection_id BIGINT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- 1 accepted, 3 revoked by the account itself
    state SMALLINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX collection_items_once ON collection_items (collection_id, account_id);
CREATE INDEX collection_items_account ON collection_items (account_id);
