//! Seven services and the gateway as processes of their own, on a private PostgreSQL and nats-server, with mutual TLS.

use std::path::Path;

use anyhow::Context as _;
use portal::dev::{Dev, Plan};
use serde_json::{Value, json};

use super::Part;
use crate::{child, world::options};

const POSTGRES: &str = "postgres";

/// The processes.
#[derive(Default)]
pub(super) struct Separate {
    running: Option<Dev>,
}

impl Separate {
    /// Starts all and waits until each is ready.
    pub(super) async fn start(
        &mut self,
        folder: &Path,
        demo: bool,
        settings: &[(String, Value)],
    ) -> anyhow::Result<()> {
        let mut plan = Plan::new(child::binary(), options(&folder.join("data")));
        plan.settings = settings.to_vec();
        if !demo {
            // The demo's data are a few rows more; its mail server would run in this process.
            plan.settings.push(("notifications.smtp.host".to_owned(), json!("")));
        }
        self.running = Some(Box::pin(Dev::start(plan)).await?);
        Ok(())
    }

    pub(super) async fn stop(&mut self) -> anyhow::Result<()> {
        match self.running.take() {
            Some(dev) => dev.stop().await,
            None => Ok(()),
        }
    }

    pub(super) fn dev(&self) -> anyhow::Result<&Dev> {
        self.running.as_ref().context("the portal does not run")
    }

    pub(super) fn dev_mut(&mut self) -> anyhow::Result<&mut Dev> {
        self.running.as_mut().context("the portal does not run")
    }

    pub(super) fn parts(&self) -> Vec<Part> {
        let Some(dev) = &self.running else { return Vec::new() };
        let part = |name: String| {
            let pid = dev.pid(&name)?;
            Some(if name == POSTGRES { Part::with_children(&name, pid) } else { Part::alone(&name, pid) })
        };
        dev.children().into_iter().filter_map(part).collect()
    }

    /// The address of a service's database, as the superuser.
    pub(super) fn superuser_url(&self, service: &str) -> anyhow::Result<String> {
        let url = &self.dev()?.superuser_url;
        let (server, _) = url.rsplit_once('/').context("the superuser's address names no database")?;
        Ok(format!("{server}/{service}"))
    }
}
