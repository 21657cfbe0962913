//! The rules: which fact is told to whom, in which words, and when.

pub mod codes;
pub(crate) mod delivery;
pub(crate) mod kind;
pub(crate) mod params;
pub(crate) mod stale;
pub(crate) mod wording;
