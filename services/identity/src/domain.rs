//! The rules: what a password must be, how guessing is slowed, what an account is.

pub(crate) mod account;
pub(crate) mod codes;
pub(crate) mod guessing;
pub(crate) mod password;
