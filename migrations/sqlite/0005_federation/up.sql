-- What goes out, what comes in, and what is known of each peer. Neighbours: crates/store/src/{outbox,inbound,peers,tombstones}.rs.

-- One row per activity, whatever the number of recipients. `id` is arrival order, `seq` is gap-free and is what readers go by.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    seq BIGINT,
    uri TEXT NOT NULL CHECK (length(uri) <= 2048),
    actor_id BIGINT NOT NULL,
    -- the activity's type: Create, Delete, …
    kind TEXT NOT NULL CHECK (length(kind) <= 40),
    -- what it brings into being, changes or ends
    object_uri TEXT CHECK (length(object_uri) <= 2048),
    -- the exact bytes; '' when too old to be sent and only kept to know where the object went
    body TEXT NOT NULL,
    -- followers of this account are recipients, as of outbox id `as_of` and as of this row
    followers_of BIGINT,
    as_of BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX outbox_uri ON outbox (uri);
CREATE UNIQUE INDEX outbox_seq ON outbox (seq) WHERE seq IS NOT NULL;
CREATE INDEX outbox_unnumbered ON outbox (id) WHERE seq IS NULL;
CREATE INDEX outbox_object ON outbox (object_uri) WHERE object_uri IS NOT NULL;
CREATE INDEX outbox_created ON outbox (created_at);

-- Further recipients of a row, fixed when it is written.
CREATE TABLE outbox_inboxes (
    outbox_id BIGINT NOT NULL,
    host TEXT NOT NULL CHECK (length(host) <= 260),
    inbox TEXT NOT NULL CHECK (length(inbox) <= 2048),
    PRIMARY KEY (outbox_id, host, inbox)
);
CREATE INDEX outbox_inboxes_host ON outbox_inboxes (host, outbox_id);

CREATE TABLE peers (
    host TEXT PRIMARY KEY NOT NULL CHECK (length(host) <= 260),
    cursor_seq BIGINT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    next_try_at BIGINT,
    first_failure_at BIGINT,
    last_success_at BIGINT,
    last_inbound_at BIGINT,
    is_dead BOOLEAN NOT NULL DEFAULT FALSE,
    signature TEXT NOT NULL DEFAULT 'cavage' CHECK (length(signature) <= 20),
    shared_inbox TEXT CHECK (length(shared_inbox) <= 2048),
    software TEXT CHECK (length(software) <= 100),
    created_at BIGINT NOT NULL
);
CREATE INDEX peers_next_try ON peers (next_try_at) WHERE next_try_at IS NOT NULL;

-- Which hosts hear an account, in outbox ids: a row goes where since < id <= until.
CREATE TABLE peer_follows (
    id INTEGER PRIMARY KEY NOT NULL,
    host TEXT NOT NULL CHECK (length(host) <= 260),
    actor_id BIGINT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT
);
CREATE INDEX peer_follows_actor ON peer_follows (actor_id, host);
CREATE UNIQUE INDEX peer_follows_open ON peer_follows (host, actor_id) WHERE until IS NULL;

-- Tasks that one node at a time does for all.
CREATE TABLE leaders (
    task TEXT PRIMARY KEY NOT NULL CHECK (length(task) <= 60),
    holder BIGINT NOT NULL,
    leased_until BIGINT NOT NULL
);

CREATE TABLE inbound (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    actor_uri TEXT NOT NULL CHECK (length(actor_uri) <= 2048),
    activity_uri TEXT NOT NULL CHECK (length(activity_uri) <= 2048),
    host TEXT NOT NULL CHECK (length(host) <= 260),
    body BLOB NOT NULL,
    received_at BIGINT NOT NULL,
    -- 0 waiting, 1 done, 2 parked
    state SMALLINT NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    run_at BIGINT NOT NULL,
    leased_until BIGINT,
    problem TEXT CHECK (length(problem) <= 1000)
);
CREATE UNIQUE INDEX inbound_once ON inbound (actor_uri, activity_uri);
CREATE INDEX inbound_waiting ON inbound (run_at, id) WHERE state = 0;
CREATE INDEX inbound_actor_waiting ON inbound (actor_uri, id) WHERE state = 0;
CREATE INDEX inbound_age ON inbound (received_at);

-- Ids of things that are gone (late Create and Announce are refused) and of activities that were undone before they came.
CREATE TABLE tombstones (
    uri TEXT PRIMARY KEY NOT NULL CHECK (length(uri) <= 2048),
    actor_uri TEXT NOT NULL CHECK (length(actor_uri) <= 2048),
    kind TEXT NOT NULL CHECK (length(kind) <= 20),
    created_at BIGINT NOT NULL
);
CREATE INDEX tombstones_age ON tombstones (created_at);
