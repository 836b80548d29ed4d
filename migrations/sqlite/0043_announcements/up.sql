-- What the town says to everybody, who has put it away, and who reacted how. Neighbour: crates/store/src/announcements.rs.
CREATE TABLE announcements (
    id INTEGER PRIMARY KEY NOT NULL,
    source TEXT NOT NULL CHECK (length(source) <= 5000),
    html TEXT NOT NULL CHECK (length(html) <= 40000),
    starts_at BIGINT,
    ends_at BIGINT,
    is_all_day BOOLEAN NOT NULL DEFAULT FALSE,
    published_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE announcement_dismissals (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    announcement_id BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, announcement_id)
);
CREATE INDEX announcement_dismissals_of ON announcement_dismissals (announcement_id);

CREATE TABLE announcement_reactions (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- an emoji, or the short code of one of the town's
    name TEXT NOT NULL CHECK (length(name) <= 70),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, account_id, name)
);
CREATE INDEX announcement_reactions_account ON announcement_reactions (account_id);
