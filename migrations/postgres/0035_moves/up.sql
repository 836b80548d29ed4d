-- Former addresses that people name as theirs, and accounts that live elsewhere now. Neighbours: crates/store/src/moves.rs, crates/domain/src/moves.
CREATE TABLE account_aliases (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    uri TEXT NOT NULL CHECK (length(uri) <= 2048),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, uri)
);

-- One row per account that ever moved: the last move counts for the time to wait, whether it still shows or not.
CREATE TABLE account_moves (
    account_id BIGINT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    moved_at BIGINT NOT NULL,
    is_shown BOOLEAN NOT NULL
);
CREATE INDEX account_moves_target ON account_moves (target_id);

-- Who mutes an account, and who wrote a note on it, when it moves.
CREATE INDEX mutes_target ON mutes (target_id, account_id);
CREATE INDEX account_notes_target ON account_notes (target_id, account_id);
