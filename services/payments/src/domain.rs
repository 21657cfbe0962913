//! The rules: what an attempt is, what the bank's answer makes of it, when it is asked again.

pub(crate) mod attempt;
pub(crate) mod codes;
pub(crate) mod decision;
pub(crate) mod masking;
pub(crate) mod reasons;
pub(crate) mod refund;
pub(crate) mod schedule;
pub(crate) mod state;
