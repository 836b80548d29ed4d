-- Addresses of mail and network that cannot sign up, or not even come near. Neighbour: crates/store/src/barriers.rs.
CREATE TABLE email_domain_blocks (
    id INTEGER PRIMARY KEY NOT NULL,
    domain TEXT NOT NULL CHECK (length(domain) <= 260),
    allow_with_approval BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX email_domain_blocks_domain ON email_domain_blocks (domain);

-- SHA-256 of addresses without what does not matter in them, so that the address itself is not kept.
CREATE TABLE canonical_email_blocks (
    id INTEGER PRIMARY KEY NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) <= 64),
    -- whose suspension made it
    account_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX canonical_email_blocks_hash ON canonical_email_blocks (hash);
CREATE INDEX canonical_email_blocks_account ON canonical_email_blocks (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE ip_blocks (
    id INTEGER PRIMARY KEY NOT NULL,
    network TEXT NOT NULL CHECK (length(network) <= 64),
    severity TEXT NOT NULL CHECK (length(severity) <= 40),
    comment TEXT NOT NULL DEFAULT '' CHECK (length(comment) <= 1000),
    expires_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX ip_blocks_network ON ip_blocks (network);
