//! The rules of an application: its states and moves, what may be edited, what is missing, what it costs.

pub(crate) mod assignment;
pub(crate) mod case;
pub(crate) mod changes;
pub(crate) mod codes;
pub(crate) mod documents;
pub(crate) mod facts;
pub(crate) mod form;
pub mod frozen;
pub(crate) mod hand_out;
pub(crate) mod manager_task;
pub(crate) mod moves;
pub(crate) mod originals;
pub(crate) mod permissions;
pub(crate) mod state;
pub(crate) mod terms;
pub(crate) mod thread;
pub(crate) mod visits;
