-- The second town's database; the first one is made by the image (POSTGRES_DB).
CREATE DATABASE aubepine OWNER parvis;
