-- The job queue. Neighbours: crates/store/src/jobs.rs (rows), crates/jobs (engine).
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL CHECK (length(kind) <= 60),
    payload TEXT NOT NULL CHECK (length(payload) <= 100000),
    unique_key TEXT CHECK (length(unique_key) <= 200),
    run_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- 0 waiting, 2 parked; a finished job has no row
    state SMALLINT NOT NULL DEFAULT 0,
    leased_until BIGINT,
    problem TEXT CHECK (length(problem) <= 1000),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX jobs_unique ON jobs (unique_key);
CREATE INDEX jobs_waiting ON jobs (run_at, id) WHERE state = 0;
