-- What staff decided about hashtags; most have no row. Whether one may trend is in trend_reviews. Neighbour: crates/store/src/tags.rs.
CREATE TABLE tag_rules (
    tag_id INTEGER PRIMARY KEY NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    -- People here may write it.
    is_usable BOOLEAN NOT NULL,
    -- Search and suggestions show it.
    is_listable BOOLEAN NOT NULL
);
