-- What an account of this town shows beside its row in accounts, once its owner chose something. Neighbour: crates/store/src/profiles.rs.
CREATE TABLE profiles (
    account_id INTEGER PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    avatar_description TEXT NOT NULL CHECK (length(avatar_description) <= 1500),
    header_description TEXT NOT NULL CHECK (length(header_description) <= 1500),
    is_indexable BOOLEAN NOT NULL,
    hides_collections BOOLEAN NOT NULL,
    shows_media BOOLEAN NOT NULL,
    shows_media_replies BOOLEAN NOT NULL,
    shows_featured BOOLEAN NOT NULL,
    -- Host names with blanks between.
    attribution_domains TEXT NOT NULL CHECK (length(attribution_domains) <= 3000)
);
