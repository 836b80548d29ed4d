-- Exchanges of direct posts, as each local person in them has them. Neighbour: crates/store/src/conversations.rs.
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    thread_id BIGINT NOT NULL,
    participants TEXT NOT NULL CHECK (length(participants) <= 2200),
    last_status_id BIGINT NOT NULL,
    is_unread BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX conversations_once ON conversations (account_id, thread_id, participants);
CREATE INDEX conversations_order ON conversations (account_id, last_status_id);

CREATE TABLE conversation_statuses (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    conversation_id BIGINT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX conversation_statuses_conversation ON conversation_statuses (conversation_id, status_id);
CREATE INDEX conversation_statuses_status ON conversation_statuses (status_id);
