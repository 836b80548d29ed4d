DROP INDEX bookmarks_status;
DROP TABLE unindexed_statuses;
DROP TRIGGER statuses_unfound;
DROP TABLE status_words;
