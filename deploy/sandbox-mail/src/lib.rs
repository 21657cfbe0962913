//! sandbox-mail
