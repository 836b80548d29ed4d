-- How often somebody began to process a recording, counted before the work: a try that ends with the process counts too (threats R14).
-- Neighbour: crates/domain/src/media/recordings.rs.
ALTER TABLE media ADD COLUMN tries SMALLINT NOT NULL DEFAULT 0;
