DROP TABLE markers;
DROP TABLE notifications;
DROP TABLE account_notes;
DROP TABLE mutes;
DROP TABLE blocks;
DROP TABLE follows;
