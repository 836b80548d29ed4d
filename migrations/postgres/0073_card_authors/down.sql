DROP INDEX preview_cards_author;
ALTER TABLE preview_cards DROP COLUMN author_account_id;
