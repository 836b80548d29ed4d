-- What live streams need to know of a post that is gone, for the hour in which somebody may still show it. Neighbour: crates/store/src/crowds.rs.
CREATE TABLE stream_deletions (
    id INTEGER PRIMARY KEY NOT NULL,
    status_id BIGINT NOT NULL,
    -- JSON: whose followers may have seen it, who was mentioned, and whether it was on public timelines
    audience TEXT NOT NULL CHECK (length(audience) <= 40000),
    created_at BIGINT NOT NULL
);
CREATE INDEX stream_deletions_age ON stream_deletions (created_at);
