DROP TABLE domain_allows;
DROP INDEX domain_blocks_id;
ALTER TABLE domain_blocks DROP COLUMN obfuscate;
ALTER TABLE domain_blocks DROP COLUMN reject_reports;
ALTER TABLE domain_blocks DROP COLUMN id;
