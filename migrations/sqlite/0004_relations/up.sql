-- Who follows, blocks, mutes whom; what people are told; how far they have read. Neighbours: crates/store/src/{follows,blocks,notifications,markers}.rs.
CREATE TABLE follows (
    id INTEGER PRIMARY KEY NOT NULL,
    follower_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    followee_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    uri TEXT NOT NULL CHECK (length(uri) <= 2048),
    state SMALLINT NOT NULL,
    shows_boosts BOOLEAN NOT NULL DEFAULT TRUE,
    notifies BOOLEAN NOT NULL DEFAULT FALSE,
    languages TEXT NOT NULL DEFAULT '' CHECK (length(languages) <= 500),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX follows_pair ON follows (follower_id, followee_id);
CREATE UNIQUE INDEX follows_uri ON follows (uri);
CREATE INDEX follows_followee ON follows (followee_id, state, id);
CREATE INDEX follows_follower ON follows (follower_id, state, id);

CREATE TABLE blocks (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    uri TEXT NOT NULL CHECK (length(uri) <= 2048),
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX blocks_target ON blocks (target_id, account_id);
CREATE UNIQUE INDEX blocks_order ON blocks (account_id, id);

CREATE TABLE mutes (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    hides_notifications BOOLEAN NOT NULL DEFAULT TRUE,
    expires_at BIGINT,
    PRIMARY KEY (account_id, target_id)
);
CREATE UNIQUE INDEX mutes_order ON mutes (account_id, id);

CREATE TABLE account_notes (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    note TEXT NOT NULL CHECK (length(note) <= 2000),
    PRIMARY KEY (account_id, target_id)
);

CREATE TABLE notifications (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (length(kind) <= 30),
    from_account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id BIGINT REFERENCES statuses (id) ON DELETE CASCADE,
    unique_key TEXT NOT NULL CHECK (length(unique_key) <= 120),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX notifications_once ON notifications (unique_key);
CREATE INDEX notifications_account ON notifications (account_id, id);
CREATE INDEX notifications_status ON notifications (status_id) WHERE status_id IS NOT NULL;
CREATE INDEX notifications_from ON notifications (from_account_id);

CREATE TABLE markers (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    timeline TEXT NOT NULL CHECK (length(timeline) <= 20),
    last_read_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, timeline)
);
