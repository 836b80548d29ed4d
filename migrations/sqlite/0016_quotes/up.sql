-- Posts that quote posts, who allowed it, and who may (FEP-044f). Neighbour: crates/store/src/quotes.rs.
CREATE TABLE quotes (
    -- The post that quotes.
    status_id INTEGER PRIMARY KEY NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- What it quotes; NULL while that is unknown here, and after it was deleted.
    quoted_id BIGINT REFERENCES statuses (id) ON DELETE SET NULL,
    quoted_uri TEXT NOT NULL CHECK (length(quoted_uri) <= 2048),
    quoted_account_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL,
    state SMALLINT NOT NULL,
    -- The QuoteRequest's id.
    request_uri TEXT CHECK (length(request_uri) <= 2048),
    -- The QuoteAuthorization's id: what the quoted author signed it off with.
    approval_uri TEXT CHECK (length(approval_uri) <= 2048),
    created_at BIGINT NOT NULL
);
CREATE INDEX quotes_account ON quotes (account_id);
CREATE INDEX quotes_quoted ON quotes (quoted_id, state, status_id) WHERE quoted_id IS NOT NULL;
CREATE INDEX quotes_quoted_account ON quotes (quoted_account_id) WHERE quoted_account_id IS NOT NULL;
CREATE INDEX quotes_request ON quotes (request_uri) WHERE request_uri IS NOT NULL;
CREATE INDEX quotes_approval ON quotes (approval_uri) WHERE approval_uri IS NOT NULL;

-- Who may quote a post; without a row, nobody but its author.
CREATE TABLE quote_policies (
    status_id INTEGER PRIMARY KEY NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    automatic SMALLINT NOT NULL,
    manual SMALLINT NOT NULL
);

-- What new posts of an account begin with: 0 nobody, 2 everybody, 4 followers.
ALTER TABLE logins ADD COLUMN default_quote_policy SMALLINT NOT NULL DEFAULT 2;
