-- Video and sound among the pictures of posts: what they are, how far they are processed, and until when copies of others are kept. Neighbour:
-- crates/store/src/media.rs.
-- 0: it is ready; 1: it is being processed; 2: that failed
ALTER TABLE media ADD COLUMN state SMALLINT NOT NULL DEFAULT 0;
-- why it failed: the key of a refusal
ALTER TABLE media ADD COLUMN failure TEXT CHECK (length(failure) <= 60);
-- the file as it was sent, until it is processed
ALTER TABLE media ADD COLUMN source_key TEXT CHECK (length(source_key) <= 200);
-- where the picture of a remote recording is
ALTER TABLE media ADD COLUMN remote_preview_url TEXT CHECK (length(remote_preview_url) <= 2048);
ALTER TABLE media ADD COLUMN duration_ms BIGINT NOT NULL DEFAULT 0;
-- frames per second, such as 30000/1001
ALTER TABLE media ADD COLUMN frame_rate TEXT NOT NULL DEFAULT '' CHECK (length(frame_rate) <= 30);
ALTER TABLE media ADD COLUMN bitrate BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN audio_codec TEXT NOT NULL DEFAULT '' CHECK (length(audio_codec) <= 40);
ALTER TABLE media ADD COLUMN audio_frequency INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN audio_channels INTEGER NOT NULL DEFAULT 0;
-- when the copy of a remote file was made; NULL without one
ALTER TABLE media ADD COLUMN fetched_at BIGINT;
UPDATE media SET fetched_at = created_at WHERE remote_url IS NOT NULL AND file_key IS NOT NULL;
CREATE INDEX media_fetched ON media (fetched_at) WHERE fetched_at IS NOT NULL;
