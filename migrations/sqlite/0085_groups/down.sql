DROP TABLE group_bans;
DROP TABLE group_moderators;
DROP TABLE group_posts;
DROP TABLE communities;
