//! The kernel against the domain's tables of right and wrong numbers, and its laws by random input.

mod actors;
mod calendar;
mod money;
mod numbers;
mod texts;

/// Tests end with `?` where a value must be there.
type Test = Result<(), Box<dyn std::error::Error>>;
