//! Pages for staff.

pub mod approvals;
