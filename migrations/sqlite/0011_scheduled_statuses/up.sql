-- Posts that wait for their time. Neighbour: crates/store/src/scheduled_statuses.rs.
CREATE TABLE scheduled_statuses (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    draft TEXT NOT NULL CHECK (length(draft) <= 100000),
    scheduled_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX scheduled_statuses_account ON scheduled_statuses (account_id, id);

-- Pictures that wait with them: not to be cleaned away, and for no other post.
CREATE TABLE scheduled_media (
    media_id INTEGER PRIMARY KEY NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    scheduled_id BIGINT NOT NULL REFERENCES scheduled_statuses (id) ON DELETE CASCADE,
    position SMALLINT NOT NULL
);
CREATE INDEX scheduled_media_scheduled ON scheduled_media (scheduled_id, position);
