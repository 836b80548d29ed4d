//! The use cases of `remote`, on both databases.
