ALTER TABLE key_pool DROP COLUMN proof_private_sealed;
ALTER TABLE key_pool DROP COLUMN proof_public_der;
