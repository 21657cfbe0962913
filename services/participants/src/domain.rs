//! The rules: what a participant is, who is slowed, what an import may change.

pub(crate) mod codes;
pub(crate) mod pace;
pub(crate) mod participant;
