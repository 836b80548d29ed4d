DROP INDEX notifications_severance;
ALTER TABLE notifications DROP COLUMN severance_id;
DROP TABLE severances;
