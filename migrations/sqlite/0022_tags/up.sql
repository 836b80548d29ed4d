-- Hashtags that people follow, and those that they show on their profile. Neighbour: crates/store/src/tags.rs.
CREATE TABLE tag_follows (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    PRIMARY KEY (account_id, tag_id)
);
CREATE UNIQUE INDEX tag_follows_order ON tag_follows (account_id, id);
CREATE INDEX tag_follows_tag ON tag_follows (tag_id, account_id);

CREATE TABLE featured_tags (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX featured_tags_once ON featured_tags (account_id, tag_id);
CREATE INDEX featured_tags_tag ON featured_tags (tag_id);
