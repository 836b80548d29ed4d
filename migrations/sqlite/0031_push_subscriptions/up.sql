-- Where the devices of people are told of notifications (RFC 8030): one per bearer token. Neighbour: crates/store/src/push.rs.
CREATE TABLE push_subscriptions (
    id INTEGER PRIMARY KEY NOT NULL,
    token_id BIGINT NOT NULL REFERENCES oauth_tokens (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    endpoint TEXT NOT NULL CHECK (length(endpoint) <= 2048),
    -- the device's public key and secret, base64url
    p256dh TEXT NOT NULL CHECK (length(p256dh) <= 100),
    auth TEXT NOT NULL CHECK (length(auth) <= 40),
    is_standard BOOLEAN NOT NULL,
    alerts TEXT NOT NULL CHECK (length(alerts) <= 500),
    policy TEXT NOT NULL CHECK (length(policy) <= 20),
    -- the bearer token itself, by which programs know whose message it is; sealed
    token_sealed BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX push_subscriptions_token ON push_subscriptions (token_id);
CREATE INDEX push_subscriptions_account ON push_subscriptions (account_id, id);
