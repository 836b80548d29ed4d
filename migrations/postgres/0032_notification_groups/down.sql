DROP TABLE notification_requests;
DROP TABLE notification_permissions;
DROP TABLE notification_policies;
DROP INDEX notifications_pair;
DROP INDEX notifications_kind;
DROP INDEX notifications_group;
ALTER TABLE notifications DROP COLUMN is_filtered;
ALTER TABLE notifications DROP COLUMN group_key;
