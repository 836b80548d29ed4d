DROP TABLE tombstones;
DROP TABLE inbound;
DROP TABLE peer_follows;
DROP TABLE peers;
DROP TABLE outbox;
