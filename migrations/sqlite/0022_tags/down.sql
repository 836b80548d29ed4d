DROP TABLE featured_tags;
DROP TABLE tag_follows;
