DROP TABLE list_entries;
DROP TABLE list_accounts;
DROP TABLE lists;
