DROP TABLE announcement_statuses;
