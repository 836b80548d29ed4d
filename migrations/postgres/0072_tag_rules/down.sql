DROP TABLE tag_rules;
