-- Posts that announcements link to, found when they were published. Neighbour: crates/store/src/announcements.rs.
CREATE TABLE announcement_statuses (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    status_id BIGINT NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    PRIMARY KEY (announcement_id, status_id)
);
CREATE INDEX announcement_statuses_status ON announcement_statuses (status_id);
