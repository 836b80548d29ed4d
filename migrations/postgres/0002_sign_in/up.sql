-- Logins, sessions, e-mail links, OAuth. Secrets are stored as SHA-256 only. Neighbours: crates/store/src/{logins,sessions,oauth}.rs.
CREATE TABLE logins (
    account_id BIGINT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    email TEXT NOT NULL CHECK (length(email) <= 320),
    email_key TEXT NOT NULL CHECK (length(email_key) <= 320),
    password_hash TEXT NOT NULL CHECK (length(password_hash) <= 300),
    role TEXT NOT NULL CHECK (length(role) <= 20),
    locale TEXT NOT NULL DEFAULT 'en' CHECK (length(locale) <= 10),
    sign_up_reason TEXT NOT NULL DEFAULT '' CHECK (length(sign_up_reason) <= 1000),
    rules_accepted_at BIGINT,
    confirmed_at BIGINT,
    approved_at BIGINT,
    last_active_at BIGINT NOT NULL,
    default_visibility SMALLINT NOT NULL DEFAULT 0,
    default_sensitive BOOLEAN NOT NULL DEFAULT FALSE,
    default_language TEXT CHECK (length(default_language) <= 35),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX logins_email ON logins (email_key);
CREATE INDEX logins_active ON logins (last_active_at);

CREATE TABLE email_links (
    token_hash TEXT PRIMARY KEY NOT NULL CHECK (length(token_hash) <= 64),
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (length(purpose) <= 20),
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX email_links_account ON email_links (account_id);

CREATE TABLE web_sessions (
    token_hash TEXT PRIMARY KEY NOT NULL CHECK (length(token_hash) <= 64),
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX web_sessions_account ON web_sessions (account_id);

CREATE TABLE oauth_apps (
    id BIGINT PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL CHECK (length(client_id) <= 64),
    secret_hash TEXT NOT NULL CHECK (length(secret_hash) <= 64),
    name TEXT NOT NULL CHECK (length(name) <= 200),
    website TEXT CHECK (length(website) <= 2048),
    redirect_uris TEXT NOT NULL CHECK (length(redirect_uris) <= 8192),
    scopes TEXT NOT NULL CHECK (length(scopes) <= 1000),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX oauth_apps_client ON oauth_apps (client_id);

CREATE TABLE oauth_codes (
    code_hash TEXT PRIMARY KEY NOT NULL CHECK (length(code_hash) <= 64),
    app_id BIGINT NOT NULL REFERENCES oauth_apps (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL CHECK (length(redirect_uri) <= 2048),
    scopes TEXT NOT NULL CHECK (length(scopes) <= 1000),
    challenge TEXT CHECK (length(challenge) <= 128),
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    token_id BIGINT
);

CREATE TABLE oauth_tokens (
    id BIGINT PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL CHECK (length(token_hash) <= 64),
    app_id BIGINT NOT NULL REFERENCES oauth_apps (id) ON DELETE CASCADE,
    account_id BIGINT REFERENCES accounts (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL CHECK (length(scopes) <= 1000),
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX oauth_tokens_hash ON oauth_tokens (token_hash);
CREATE INDEX oauth_tokens_account ON oauth_tokens (account_id);
