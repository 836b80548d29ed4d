-- A favourite from elsewhere may have come with an emoji: itself, or `:shortcode:` of one of its author's server.
-- Neighbour: crates/domain/src/remote/reactions.rs.
ALTER TABLE favourites ADD COLUMN emoji TEXT CHECK (length(emoji) <= 66);
CREATE INDEX favourites_emoji ON favourites (status_id) WHERE emoji IS NOT NULL;
