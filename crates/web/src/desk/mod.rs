//! Pages for staff.

pub mod appeals;
pub mod approvals;
