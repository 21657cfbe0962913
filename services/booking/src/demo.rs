//! Demo visits.
