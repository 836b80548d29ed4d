-- Copies of the avatars, headers and emojis of other servers that somebody here looked at, by where they came from. Kept for a time.
-- Neighbour: crates/store/src/foreign_pictures.rs.
CREATE TABLE foreign_pictures (
    url TEXT PRIMARY KEY NOT NULL CHECK (length(url) <= 2048),
    file_key TEXT NOT NULL CHECK (length(file_key) <= 200),
    created_at BIGINT NOT NULL
);
CREATE INDEX foreign_pictures_age ON foreign_pictures (created_at);
