-- Lists of accounts that people read apart, and their timelines, written as posts come. Neighbour: crates/store/src/lists.rs.
CREATE TABLE lists (
    id BIGINT PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (length(title) <= 256),
    replies_policy SMALLINT NOT NULL,
    is_exclusive BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
);
CREATE INDEX lists_account ON lists (account_id, id);

CREATE TABLE list_accounts (
    list_id BIGINT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    PRIMARY KEY (list_id, account_id)
);
CREATE UNIQUE INDEX list_accounts_order ON list_accounts (list_id, id);
CREATE INDEX list_accounts_account ON list_accounts (account_id, list_id);

CREATE TABLE list_entries (
    list_id BIGINT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL,
    PRIMARY KEY (list_id, status_id)
);
CREATE INDEX list_entries_status ON list_entries (status_id);
CREATE INDEX list_entries_author ON list_entries (list_id, author_id);
