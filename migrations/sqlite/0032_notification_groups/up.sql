-- Which notifications show as one, and which are held back for people to look at first. Neighbours: crates/store/src/notifications.rs,
-- crates/store/src/notification_policies.rs.

-- '' shows alone (model::notification::group_key).
ALTER TABLE notifications ADD COLUMN group_key TEXT NOT NULL DEFAULT '' CHECK (length(group_key) <= 120);
ALTER TABLE notifications ADD COLUMN is_filtered BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX notifications_group ON notifications (account_id, group_key, id);
CREATE INDEX notifications_kind ON notifications (account_id, kind, status_id, id);
CREATE INDEX notifications_pair ON notifications (account_id, from_account_id, id);

-- What happens with notifications of strangers: 0 told, 1 held back, 2 not written. No row: model::notification_policy::NotificationPolicy::default.
CREATE TABLE notification_policies (
    account_id INTEGER PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    for_not_following SMALLINT NOT NULL,
    for_not_followers SMALLINT NOT NULL,
    for_new_accounts SMALLINT NOT NULL,
    for_private_mentions SMALLINT NOT NULL,
    for_limited_accounts SMALLINT NOT NULL
);

-- Whose notifications are told whatever the policy.
CREATE TABLE notification_permissions (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, from_account_id)
);
CREATE INDEX notification_permissions_from ON notification_permissions (from_account_id);

-- Who wrote to somebody and was held back.
CREATE TABLE notification_requests (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    last_status_id BIGINT REFERENCES statuses (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX notification_requests_pair ON notification_requests (account_id, from_account_id);
CREATE INDEX notification_requests_account ON notification_requests (account_id, id);
CREATE INDEX notification_requests_from ON notification_requests (from_account_id);
CREATE INDEX notification_requests_status ON notification_requests (last_status_id) WHERE last_status_id IS NOT NULL;
