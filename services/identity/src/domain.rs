//! The rules: what a password must be, how guessing is slowed, what letters there are, what an account is and keeps.

pub(crate) mod account;
pub(crate) mod codes;
pub(crate) mod guessing;
pub(crate) mod letter;
pub(crate) mod papers;
pub(crate) mod password;
pub(crate) mod saved;
pub(crate) mod whereabouts;
