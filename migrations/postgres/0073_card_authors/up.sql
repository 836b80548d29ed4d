-- Whom a page names as its author in the Fediverse (`fediverse:creator`). Shown only while that person names the page's site as one of theirs
-- (profiles.attribution_domains). Neighbour: crates/domain/src/views/cards.rs.
ALTER TABLE preview_cards ADD COLUMN author_account_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL;
CREATE INDEX preview_cards_author ON preview_cards (author_account_id) WHERE author_account_id IS NOT NULL;
