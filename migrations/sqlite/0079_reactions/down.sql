DROP INDEX favourites_emoji;
ALTER TABLE favourites DROP COLUMN emoji;
