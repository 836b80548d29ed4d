DROP TABLE stream_deletions;
