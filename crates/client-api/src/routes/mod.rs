//! Handlers, one file per noun. Each reads its parameters, calls a use case, renders an entity. Which of them exist is in `access::table`.

pub(crate) mod apps;
pub(crate) mod sign_up;
