-- Whom people recommend, whom they do not want to be recommended, which servers they avoid, and how lively the town was week by week. Neighbours:
-- crates/store/src/{discovery,endorsements,host_blocks,weeks}.rs.
CREATE TABLE endorsements (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    PRIMARY KEY (account_id, target_id)
);
CREATE UNIQUE INDEX endorsements_order ON endorsements (account_id, id);
CREATE INDEX endorsements_target ON endorsements (target_id);

CREATE TABLE suggestion_dismissals (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX suggestion_dismissals_target ON suggestion_dismissals (target_id);

-- Accounts that the town itself recommends to newcomers.
CREATE TABLE town_picks (
    account_id INTEGER PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
);

CREATE TABLE host_blocks (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    host TEXT NOT NULL CHECK (length(host) <= 260),
    id BIGINT NOT NULL,
    PRIMARY KEY (account_id, host)
);
CREATE UNIQUE INDEX host_blocks_order ON host_blocks (account_id, id);

-- week is the instant at which it begins (Monday, UTC).
CREATE TABLE activity_weeks (
    week INTEGER PRIMARY KEY NOT NULL,
    statuses BIGINT NOT NULL,
    logins BIGINT NOT NULL,
    registrations BIGINT NOT NULL
);
-- Who was here in a week; forgotten when the week after it is over.
CREATE TABLE activity_logins (
    week BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (week, account_id)
);
CREATE INDEX activity_logins_account ON activity_logins (account_id);

CREATE INDEX accounts_by_last_post ON accounts (last_status_at, id) WHERE is_discoverable AND last_status_at IS NOT NULL;
CREATE INDEX accounts_by_arrival ON accounts (created_at, id) WHERE is_discoverable;
