-- Groups of this town (FEP-1b12): what stands in them, who looks after them, who is kept out. The groups themselves are accounts.
-- Neighbours: crates/store/src/groups.rs, crates/store/src/communities.rs.
CREATE TABLE communities (
    account_id INTEGER PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
);

CREATE TABLE group_posts (
    status_id INTEGER PRIMARY KEY NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    group_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- the post that began the thread, its own id for that one; stays when that post is gone
    root_id BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    -- since when its Create was passed on to the followers
    passed_on_at BIGINT,
    -- since when nobody answers in the thread any more; of the post that began it
    locked_at BIGINT,
    -- since when it stands in the group no longer, and why
    removed_at BIGINT,
    reason TEXT NOT NULL DEFAULT '' CHECK (length(reason) <= 500)
);
CREATE INDEX group_posts_group ON group_posts (group_id, status_id);

CREATE TABLE group_moderators (
    group_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, account_id)
);
CREATE INDEX group_moderators_account ON group_moderators (account_id);

CREATE TABLE group_bans (
    group_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    reason TEXT NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, account_id)
);
CREATE INDEX group_bans_account ON group_bans (account_id);
