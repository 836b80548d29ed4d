-- Posts in other languages, as the translation service gave them: kept for a day, so that a post that many read is asked for once.
-- Neighbour: crates/store/src/translations.rs.
CREATE TABLE translations (
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    language TEXT NOT NULL CHECK (length(language) <= 35),
    -- Tells whether the post is still what was translated.
    source_hash TEXT NOT NULL CHECK (length(source_hash) <= 64),
    -- The language that it was in.
    source_language TEXT NOT NULL CHECK (length(source_language) <= 35),
    -- JSON list of texts.
    answer TEXT NOT NULL CHECK (length(answer) <= 200000),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (status_id, language)
);
CREATE INDEX translations_age ON translations (created_at);
