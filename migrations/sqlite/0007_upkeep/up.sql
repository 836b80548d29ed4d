-- Work over all rows of a table that a new version of the program brings with it: how far it is. Neighbours: crates/store/src/upkeep.rs.
CREATE TABLE upkeep (
    task TEXT PRIMARY KEY NOT NULL CHECK (length(task) <= 60),
    -- what the rows are brought to
    version INTEGER NOT NULL,
    -- rows up to this id are done; NULL when all are
    cursor_id BIGINT
);
