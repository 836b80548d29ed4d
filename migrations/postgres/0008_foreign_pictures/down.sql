DROP TABLE foreign_pictures;
