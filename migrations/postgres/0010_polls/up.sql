-- Polls. A vote counts once because its row is unique (docs/adr/0004). Neighbour: crates/store/src/polls.rs.
CREATE TABLE polls (
    id BIGINT PRIMARY KEY NOT NULL,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    is_multiple BOOLEAN NOT NULL,
    hides_totals BOOLEAN NOT NULL DEFAULT FALSE,
    -- none: open without end (other servers have such)
    expires_at BIGINT,
    -- people who voted, as the author's server counted; none for our own
    remote_voters BIGINT,
    -- when the author's server was heard last; none for our own
    fetched_at BIGINT
);
CREATE UNIQUE INDEX polls_status ON polls (status_id);

CREATE TABLE poll_options (
    poll_id BIGINT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    position SMALLINT NOT NULL,
    title TEXT NOT NULL CHECK (length(title) <= 500),
    -- as the author's server counted; 0 for our own
    remote_votes BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (poll_id, position)
);

-- Who voted.
CREATE TABLE poll_voters (
    poll_id BIGINT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (poll_id, account_id)
);
CREATE INDEX poll_voters_account ON poll_voters (account_id);

-- For what.
CREATE TABLE poll_votes (
    poll_id BIGINT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    position SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (poll_id, account_id, position)
);
CREATE INDEX poll_votes_account ON poll_votes (account_id);

-- The options of an earlier version of a post: a JSON list of texts.
ALTER TABLE status_edits ADD COLUMN poll_options TEXT CHECK (length(poll_options) <= 20000);
