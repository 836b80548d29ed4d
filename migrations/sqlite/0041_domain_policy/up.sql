-- More about blocked servers, and servers that are allowed where only such are. Neighbour: crates/store/src/policy.rs.
ALTER TABLE domain_blocks ADD COLUMN id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE domain_blocks ADD COLUMN reject_reports BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE domain_blocks ADD COLUMN obfuscate BOOLEAN NOT NULL DEFAULT FALSE;
-- Those that are there are numbered by name.
UPDATE domain_blocks SET id = (SELECT COUNT(*) FROM domain_blocks AS other WHERE other.host <= domain_blocks.host);
CREATE UNIQUE INDEX domain_blocks_id ON domain_blocks (id);

CREATE TABLE domain_allows (
    id INTEGER PRIMARY KEY NOT NULL,
    host TEXT NOT NULL CHECK (length(host) <= 260),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX domain_allows_host ON domain_allows (host);
