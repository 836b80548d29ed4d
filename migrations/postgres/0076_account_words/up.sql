-- The words by which accounts are found: those of what they are called and of their user names, without accents and capitals (parvis_text::words), a few
-- for each account. Kept when an account is written; a job writes those of accounts from before. Neighbour: crates/store/src/account_words.rs.
CREATE TABLE account_words (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- in the order of the bytes, whatever the database's language, so that a beginning is a range of the index
    word TEXT COLLATE "C" NOT NULL CHECK (length(word) <= 40),
    is_local BOOLEAN NOT NULL,
    -- stands in what the account is called, not in the user name only
    is_in_name BOOLEAN NOT NULL,
    PRIMARY KEY (is_local, word, account_id)
);
CREATE INDEX account_words_account ON account_words (account_id, word);
