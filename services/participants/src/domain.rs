//! The rules: what a participant is, who is slowed, what an import may change.

pub(crate) mod check;
pub(crate) mod codes;
pub(crate) mod file;
pub(crate) mod pace;
pub(crate) mod participant;
pub(crate) mod plan;
