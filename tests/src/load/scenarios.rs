//! What is measured, one scenario a file.

pub(super) mod book;
pub(super) mod effects;
pub(super) mod journey;
pub(super) mod list;
pub(super) mod pdf;
pub(super) mod size;
pub(super) mod start;
pub(super) mod submit;
