//! What is measured, one scenario a file.

pub(super) mod book;
pub(super) mod effects;
pub(super) mod list;
pub(super) mod size;
pub(super) mod start;
pub(super) mod submit;
