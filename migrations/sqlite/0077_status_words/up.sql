-- The words by which posts are found, and who may find them (domain::search::index): an index without the texts. Kept by a job some seconds after a post
-- came or changed, and by another for posts from before. Neighbour: crates/store/src/status_words.rs.
CREATE VIRTUAL TABLE status_words USING fts5(words, marks, content='', contentless_delete=1, tokenize='ascii');
CREATE TRIGGER statuses_unfound AFTER DELETE ON statuses BEGIN
    DELETE FROM status_words WHERE rowid = OLD.id;
END;

-- Posts of which the index does not know the latest yet.
CREATE TABLE unindexed_statuses (
    status_id INTEGER PRIMARY KEY NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    changed_at BIGINT NOT NULL
);

-- Of people elsewhere nobody had asked whether their posts may be found by their words. It is read with their profile from now on.
UPDATE profiles SET is_indexable = FALSE WHERE account_id IN (SELECT id FROM accounts WHERE host <> '');

-- Who bookmarked a post is asked when it is indexed; and a post that goes takes its bookmarks along.
CREATE INDEX bookmarks_status ON bookmarks (status_id);
