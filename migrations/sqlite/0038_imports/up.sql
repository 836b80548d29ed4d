-- Lists that people bring from elsewhere as files, worked through by a job. Neighbours: crates/store/src/imports.rs, crates/domain/src/imports.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (length(kind) <= 20),
    is_overwriting BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX imports_account ON imports (account_id, id);
CREATE TABLE import_rows (
    import_id BIGINT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    target TEXT NOT NULL CHECK (length(target) <= 2048),
    options TEXT NOT NULL CHECK (length(options) <= 500),
    -- 0 waiting, 1 done, 2 failed
    state SMALLINT NOT NULL,
    PRIMARY KEY (import_id, position)
);
