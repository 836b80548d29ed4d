DROP TABLE trend_publishers;
DROP TABLE trend_reviews;
DROP TABLE trend_days;
DROP TABLE trends;
