ALTER TABLE statuses DROP COLUMN context_uri;
