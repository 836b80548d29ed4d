DROP TABLE tombstones;
DROP TABLE inbound;
DROP TABLE leaders;
DROP TABLE peer_follows;
DROP TABLE peers;
DROP TABLE outbox_inboxes;
DROP TABLE outbox;
