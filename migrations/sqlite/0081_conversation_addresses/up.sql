-- The collection of a post's conversation on the server where it began (FEP-7888), as the post names it; none of posts of ours that begin one.
-- Neighbour: crates/domain/src/statuses/thread.rs.
ALTER TABLE statuses ADD COLUMN context_uri TEXT CHECK (length(context_uri) <= 2048);
