//! From a session cookie to the account behind it.
