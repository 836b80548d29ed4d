-- Each pair made ahead has an Ed25519 pair beside it, with which an actor signs what it says (FEP-521a, FEP-8b32). Pairs from before have none;
-- their actors get one from the same job. Neighbour: crates/domain/src/accounts/key_pool.rs.
ALTER TABLE key_pool ADD COLUMN proof_public_der BLOB;
ALTER TABLE key_pool ADD COLUMN proof_private_sealed BLOB;
