DROP INDEX accounts_by_arrival;
DROP INDEX accounts_by_last_post;
DROP TABLE activity_logins;
DROP TABLE activity_weeks;
DROP TABLE host_blocks;
DROP TABLE town_picks;
DROP TABLE suggestion_dismissals;
DROP TABLE endorsements;
