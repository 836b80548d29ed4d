DROP INDEX bookmarks_status;
DROP TABLE unindexed_statuses;
DROP TABLE status_words;
