-- Node numbers of ids (model::ids): a process leases a row, so that two processes never make the same id.
CREATE TABLE node_leases (
    slot SMALLINT NOT NULL PRIMARY KEY CHECK (slot BETWEEN 0 AND 63),
    holder BIGINT NOT NULL,
    leased_until BIGINT NOT NULL
);
INSERT INTO node_leases (slot, holder, leased_until) SELECT slot, 0, 0 FROM generate_series(0, 63) AS slot;
