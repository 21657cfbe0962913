//! A portal of a test's own: private folder, free ports, demo data.

use std::path::Path;

use chassis::clock::Sources;
use portal::{Options, Portal, check};
use tempfile::TempDir;

use crate::api::Api;

pub const PASSWORD: &str = "Correct-Horse-Battery-9";

/// A running portal inside the test's process.
pub struct World {
    pub portal: Portal,
    pub api: Api,
    folder: TempDir,
}

impl World {
    /// Starts with default settings.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts with some settings changed.
    pub async fn start_with(changes: &[(&str, serde_json::Value)]) -> Self {
        Self::open(tempfile::tempdir().unwrap(), changes).await
    }

    async fn open(folder: TempDir, changes: &[(&str, serde_json::Value)]) -> Self {
        let portal = Portal::start_with(options(folder.path()), settings(changes), Sources::system()).await.unwrap();
        let api = Api::new(&portal.public_url);
        Self { portal, api, folder }
    }

    /// Stops and starts again on the same data, with some settings changed.
    pub async fn restart_with(self, changes: &[(&str, serde_json::Value)]) -> Self {
        self.portal.stop().await.unwrap();
        Self::open(self.folder, changes).await
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Signs one of the demo's accounts in: "manager", "supervisor", "applicant2", …
    pub async fn demo(&self, name: &str) -> Api {
        self.api.sign_in(&format!("{name}@demo.example"), PASSWORD).await
    }

    /// Waits until no fact is on its way, then proves the invariants and stops.
    pub async fn end(self) {
        let data = self.folder.path().to_owned();
        let report = crate::poll::until(
            "all facts delivered and all promises kept",
            || async { check::run(&data, None, true).await.unwrap() },
            portal::check::Report::is_sound,
        )
        .await;
        assert!(report.is_sound());
        self.portal.stop().await.unwrap();
    }
}

/// Options of a private portal.
pub fn options(data: &Path) -> Options {
    Options { demo_password: Some(PASSWORD.to_owned()), ..Options::private(data.to_owned()) }
}

fn settings(changes: &[(&str, serde_json::Value)]) -> chassis::config::Settings {
    let mut settings = portal::load_settings(None);
    settings.set("chassis.telemetry.log", "warn");
    // A journey in an unoptimised build takes longer than a token lives.
    settings.set("identity.session.token_seconds", 300);
    for (key, value) in changes {
        settings.set(key, value);
    }
    settings
}
