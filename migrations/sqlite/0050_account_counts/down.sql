DROP TRIGGER statuses_moved;
DROP TRIGGER statuses_removed;
DROP TRIGGER statuses_added;
DROP TRIGGER follows_changed;
DROP TRIGGER follows_removed;
DROP TRIGGER follows_added;
DROP TRIGGER accounts_counted;
DROP TABLE account_counts;
