//! Keeps the registry as a configured address tells it. More change than is usual is held until somebody has looked.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use chassis::Error;
use kernel::{Actor, Time};
use reqwest::{Client, redirect::Policy};
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryOrder as _};

use super::{
    Ports,
    import::{self, Import},
};
use crate::{
    config::Sync,
    store::{self, Outcome},
};

/// Bytes that are read at most.
const FILE_MAX: usize = 16 * 1024 * 1024;
const TIME: Duration = Duration::from_mins(1);

pub(crate) struct Syncer {
    client: Client,
    config: Sync,
    last: Mutex<Option<Time>>,
}

impl Syncer {
    pub(crate) fn new(config: Sync) -> anyhow::Result<Self> {
        chassis::auth::ed25519::install();
        let client =
            Client::builder().redirect(Policy::none()).timeout(TIME).connect_timeout(Duration::from_secs(5)).build()?;
        Ok(Self { client, config, last: Mutex::new(None) })
    }

    /// Fetches and applies, once a period. Answers how much it did.
    pub(crate) async fn step(&self, ports: &Arc<Ports>) -> Result<u64, Error> {
        let now = ports.context.sources.now();
        {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let due = last.is_none_or(|last| now.since(last) >= Duration::from_secs(self.config.period_seconds));
            if !due {
                return Ok(0);
            }
            // A failure waits for the next period too: the worker's own rest would ask every few seconds.
            *last = Some(now);
        }
        match self.fetch().await {
            Ok(file) => self.apply(ports, file).await,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the register could not be fetched");
                Ok(0)
            }
        }
    }

    async fn fetch(&self) -> anyhow::Result<Vec<u8>> {
        let request = self.client.get(&self.config.url);
        let request = match self.config.token.expose() {
            "" => request,
            token => request.bearer_auth(token),
        };
        let mut answer = request.send().await.map_err(reqwest::Error::without_url)?;
        ensure!(answer.status().is_success(), "it answered {}", answer.status());
        let mut file = Vec::new();
        while let Some(chunk) = answer.chunk().await.context("its answer broke off")? {
            ensure!(file.len() + chunk.len() <= FILE_MAX, "its answer is larger than is read");
            file.extend_from_slice(&chunk);
        }
        ensure!(!file.is_empty(), "its answer is empty");
        Ok(file)
    }

    async fn apply(&self, ports: &Arc<Ports>, file: Vec<u8>) -> Result<u64, Error> {
        let actor = Actor::System { service: "participants".to_owned(), cause: "sync".to_owned() };
        let source = self.config.url.split('?').next().unwrap_or_default().chars().take(300).collect::<String>();
        let import = Import { rows: Vec::new(), file, source, preview_digest: String::new() };
        let known = store::participant::Entity::find().count(ports.context.db.read()).await?;
        let plan = match import::plan(ports.context.db.read(), ports, &import).await {
            Ok(plan) => plan,
            Err(Error::Refusal(refusal)) => {
                let first = refusal.violations.first();
                let place = first.map(|fault| format!("{} at {}", fault.code.as_str(), fault.field));
                tracing::warn!(fault = place.unwrap_or_default(), "the fetched register is faulty; nothing was taken");
                return Ok(0);
            }
            Err(error) => return Err(error),
        };
        if plan.changes.is_empty() {
            return Ok(0);
        }
        let digest = import::digest(&plan);
        let count = u64::try_from(plan.changes.len()).unwrap_or(u64::MAX);
        let held = plan.is_drastic(known, self.config.changes_percent_max);
        if held && self.told_already(ports, &digest).await? {
            return Ok(0);
        }
        let (sources, database) = (ports.context.sources.clone(), &ports.context.db);
        if held {
            tracing::warn!(
                changes = count,
                "the fetched register changes more than a sync may; it waits for an import by hand"
            );
            database
                .write(move |tx| async move {
                    store::note_import(&tx, &sources, &actor, &import.source, &plan, &digest, Outcome::Held).await
                })
                .await?;
            return Ok(0);
        }
        let import = Import { preview_digest: digest, ..import };
        let own = Arc::clone(ports);
        database
            .write(move |tx| async move { import::carry_out(&tx, &own, &actor, &import).await.map(|_| ()) })
            .await?;
        Ok(count)
    }

    /// Whether the last import was held for the same changes.
    async fn told_already(&self, ports: &Ports, digest: &str) -> Result<bool, Error> {
        let last =
            store::import::Entity::find().order_by_desc(store::import::Column::At).one(ports.context.db.read()).await?;
        Ok(last.is_some_and(|last| last.outcome == Outcome::Held.code() && last.digest == digest))
    }
}
