-- Conversations from which somebody wants to hear nothing. Neighbour: crates/store/src/thread_mutes.rs.
CREATE TABLE thread_mutes (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    thread_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, thread_id)
);
CREATE INDEX thread_mutes_thread ON thread_mutes (thread_id);
