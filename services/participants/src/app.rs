//! Use-cases, one a file.

pub(crate) mod by_hand;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod record;
pub(crate) mod save;
pub(crate) mod sync;

use std::{collections::HashMap, sync::Mutex};

use chassis::Context;

use crate::{config::Config, domain::pace::Pace};

/// What the use-cases work with.
pub(crate) struct Ports {
    pub context: Context,
    pub config: Config,
    /// Look-ups by principal; each process counts its own.
    pub paces: Mutex<HashMap<String, Pace>>,
}

impl Ports {
    pub(crate) fn new(context: Context, config: Config) -> Self {
        Self { context, config, paces: Mutex::default() }
    }
}
