-- What many people of the last days use, as a job counted it, and what staff think of it. Neighbour: crates/store/src/trends.rs.
-- `kind`: 0 hashtags, 1 posts, 2 links; `subject`: tags.id, statuses.id, preview_cards.id. A few hundred rows, written anew by each run.
CREATE TABLE trends (
    kind SMALLINT NOT NULL,
    subject BIGINT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE TABLE trend_days (
    kind SMALLINT NOT NULL,
    subject BIGINT NOT NULL,
    day BIGINT NOT NULL,
    accounts BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (kind, subject, day)
);
CREATE TABLE trend_reviews (
    kind SMALLINT NOT NULL,
    subject BIGINT NOT NULL,
    is_allowed BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE TABLE trend_publishers (
    id BIGINT PRIMARY KEY NOT NULL,
    host TEXT NOT NULL CHECK (length(host) <= 253),
    is_allowed BOOLEAN,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX trend_publishers_host ON trend_publishers (host);
