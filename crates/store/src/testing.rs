//! Throw-away databases for tests, on SQLite and PostgreSQL.
