-- Actors, local and remote, with their keys. `host` is '' for accounts of this town. Neighbour: crates/store/src/accounts.rs.
CREATE TABLE accounts (
    id BIGINT PRIMARY KEY NOT NULL,
    username TEXT NOT NULL CHECK (length(username) <= 64),
    username_key TEXT NOT NULL CHECK (length(username_key) <= 64),
    skeleton TEXT CHECK (length(skeleton) <= 200),
    host TEXT NOT NULL DEFAULT '' CHECK (length(host) <= 260),
    uri TEXT NOT NULL CHECK (length(uri) <= 2048),
    url TEXT NOT NULL CHECK (length(url) <= 2048),
    kind TEXT NOT NULL CHECK (length(kind) <= 20),
    display_name TEXT NOT NULL DEFAULT '' CHECK (length(display_name) <= 200),
    bio_html TEXT NOT NULL DEFAULT '' CHECK (length(bio_html) <= 20000),
    bio_source TEXT NOT NULL DEFAULT '' CHECK (length(bio_source) <= 10000),
    fields TEXT NOT NULL DEFAULT '[]' CHECK (length(fields) <= 20000),
    avatar TEXT CHECK (length(avatar) <= 2048),
    header TEXT CHECK (length(header) <= 2048),
    is_locked BOOLEAN NOT NULL DEFAULT FALSE,
    is_discoverable BOOLEAN NOT NULL DEFAULT TRUE,
    inbox TEXT NOT NULL DEFAULT '' CHECK (length(inbox) <= 2048),
    shared_inbox TEXT CHECK (length(shared_inbox) <= 2048),
    outbox TEXT NOT NULL DEFAULT '' CHECK (length(outbox) <= 2048),
    followers_uri TEXT NOT NULL DEFAULT '' CHECK (length(followers_uri) <= 2048),
    featured_uri TEXT CHECK (length(featured_uri) <= 2048),
    created_at BIGINT NOT NULL,
    fetched_at BIGINT,
    suspended_at BIGINT,
    gone_at BIGINT,
    last_status_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX accounts_uri ON accounts (uri);
CREATE UNIQUE INDEX accounts_handle ON accounts (username_key, host);
CREATE UNIQUE INDEX accounts_skeleton ON accounts (skeleton);
CREATE INDEX accounts_host ON accounts (host);

CREATE TABLE actor_keys (
    id BIGINT PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    uri TEXT NOT NULL CHECK (length(uri) <= 2048),
    algorithm TEXT NOT NULL CHECK (length(algorithm) <= 20),
    public_der BYTEA NOT NULL,
    private_sealed BYTEA,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX actor_keys_uri ON actor_keys (uri);
CREATE INDEX actor_keys_account ON actor_keys (account_id);

-- Key pairs made ahead of need by a job; taken in the transaction that makes an account.
CREATE TABLE key_pool (
    id BIGINT PRIMARY KEY NOT NULL,
    public_der BYTEA NOT NULL,
    private_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE custom_emojis (
    id BIGINT PRIMARY KEY NOT NULL,
    shortcode TEXT NOT NULL CHECK (length(shortcode) <= 64),
    host TEXT NOT NULL DEFAULT '' CHECK (length(host) <= 260),
    image TEXT NOT NULL CHECK (length(image) <= 2048),
    category TEXT CHECK (length(category) <= 100),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX custom_emojis_code ON custom_emojis (shortcode, host);

CREATE TABLE domain_blocks (
    host TEXT PRIMARY KEY NOT NULL CHECK (length(host) <= 260),
    severity TEXT NOT NULL CHECK (length(severity) <= 20),
    reject_media BOOLEAN NOT NULL DEFAULT FALSE,
    public_comment TEXT NOT NULL DEFAULT '' CHECK (length(public_comment) <= 1000),
    private_comment TEXT NOT NULL DEFAULT '' CHECK (length(private_comment) <= 1000),
    created_at BIGINT NOT NULL
);
