DROP INDEX account_notes_target;
DROP INDEX mutes_target;
DROP TABLE account_moves;
DROP TABLE account_aliases;
