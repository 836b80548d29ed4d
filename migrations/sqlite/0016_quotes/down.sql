ALTER TABLE logins DROP COLUMN default_quote_policy;
DROP TABLE quote_policies;
DROP TABLE quotes;
