DROP TABLE domain_blocks;
DROP TABLE custom_emojis;
DROP TABLE key_pool;
DROP TABLE actor_keys;
DROP TABLE accounts;
