-- Posts and what hangs on them. Counts are counted from unique rows (docs/adr/0004). Neighbours: crates/store/src/{statuses,media,tags,reactions,timelines}.rs.
CREATE TABLE statuses (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL CHECK (length(uri) <= 2048),
    url TEXT NOT NULL CHECK (length(url) <= 2048),
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    is_local BOOLEAN NOT NULL,
    source TEXT NOT NULL DEFAULT '' CHECK (length(source) <= 10000),
    html TEXT NOT NULL DEFAULT '' CHECK (length(html) <= 200000),
    warning TEXT NOT NULL DEFAULT '' CHECK (length(warning) <= 1000),
    is_sensitive BOOLEAN NOT NULL DEFAULT FALSE,
    language TEXT CHECK (length(language) <= 35),
    visibility SMALLINT NOT NULL,
    in_reply_to_id BIGINT,
    in_reply_to_uri TEXT CHECK (length(in_reply_to_uri) <= 2048),
    in_reply_to_account_id BIGINT,
    thread_id BIGINT NOT NULL,
    boost_of_id BIGINT REFERENCES statuses (id) ON DELETE CASCADE,
    app_id BIGINT,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX statuses_uri ON statuses (uri);
CREATE INDEX statuses_account ON statuses (account_id, id);
CREATE INDEX statuses_thread ON statuses (thread_id, id);
CREATE INDEX statuses_parent ON statuses (in_reply_to_id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX statuses_missing_parent ON statuses (in_reply_to_uri) WHERE in_reply_to_id IS NULL AND in_reply_to_uri IS NOT NULL;
CREATE UNIQUE INDEX statuses_boost ON statuses (boost_of_id, account_id) WHERE boost_of_id IS NOT NULL;
CREATE INDEX statuses_public ON statuses (id) WHERE visibility = 0 AND boost_of_id IS NULL;
CREATE INDEX statuses_public_local ON statuses (id) WHERE visibility = 0 AND boost_of_id IS NULL AND is_local;

CREATE TABLE status_edits (
    id INTEGER PRIMARY KEY NOT NULL,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    html TEXT NOT NULL CHECK (length(html) <= 200000),
    warning TEXT NOT NULL CHECK (length(warning) <= 1000),
    is_sensitive BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX status_edits_status ON status_edits (status_id, id);

CREATE TABLE mentions (
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (status_id, account_id)
);
CREATE INDEX mentions_account ON mentions (account_id, status_id);

CREATE TABLE tags (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (length(name) <= 200),
    display TEXT NOT NULL CHECK (length(display) <= 200)
);
CREATE UNIQUE INDEX tags_name ON tags (name);

CREATE TABLE status_tags (
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_id, status_id)
);
CREATE INDEX status_tags_status ON status_tags (status_id);

CREATE TABLE media (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id BIGINT REFERENCES statuses (id) ON DELETE CASCADE,
    position SMALLINT NOT NULL DEFAULT 0,
    kind TEXT NOT NULL CHECK (length(kind) <= 20),
    mime TEXT NOT NULL DEFAULT '' CHECK (length(mime) <= 100),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 1500),
    focus_x DOUBLE PRECISION NOT NULL DEFAULT 0,
    focus_y DOUBLE PRECISION NOT NULL DEFAULT 0,
    blurhash TEXT CHECK (length(blurhash) <= 200),
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    small_width INTEGER NOT NULL DEFAULT 0,
    small_height INTEGER NOT NULL DEFAULT 0,
    file_key TEXT CHECK (length(file_key) <= 200),
    small_key TEXT CHECK (length(small_key) <= 200),
    remote_url TEXT CHECK (length(remote_url) <= 2048),
    created_at BIGINT NOT NULL
);
CREATE INDEX media_status ON media (status_id, position);
CREATE INDEX media_orphans ON media (created_at) WHERE status_id IS NULL;
CREATE INDEX media_account ON media (account_id);

CREATE TABLE favourites (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    uri TEXT CHECK (length(uri) <= 2048),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (status_id, account_id)
);
CREATE UNIQUE INDEX favourites_account ON favourites (account_id, id);
CREATE INDEX favourites_uri ON favourites (uri) WHERE uri IS NOT NULL;

CREATE TABLE bookmarks (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE UNIQUE INDEX bookmarks_account ON bookmarks (account_id, id);

CREATE TABLE pins (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, status_id)
);

CREATE TABLE home_entries (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX home_entries_status ON home_entries (status_id);
CREATE INDEX home_entries_author ON home_entries (account_id, author_id);

-- Posts of authors with very many local followers, once for all.
CREATE TABLE big_entries (
    status_id INTEGER PRIMARY KEY NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL
);
CREATE INDEX big_entries_author ON big_entries (author_id, status_id);
CREATE TABLE big_authors (
    account_id INTEGER PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);

CREATE TABLE idempotency_keys (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (length(key) <= 200),
    status_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
