//! gRPC health that means something: a service is ready while its database answers and it is not about to stop. The bus
//! does not count: what it can't take now waits in the outbox. Nor does the storage of files: without it papers can't be
//! uploaded or read, and taking the whole service away would help nobody.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait as _, Statement};
use tokio::sync::Notify;
use tonic_health::{ServingStatus, server::HealthReporter};

use crate::{clock::Sources, db::Database, lifecycle::Lifecycle, worker::Worker};

/// How often the databases are asked, and how long they may take.
const ASKED_EVERY: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(1);

/// Keeps the health of the process and of each of its services up to date.
pub async fn report(
    reporter: HealthReporter,
    services: Vec<(&'static str, Database)>,
    lifecycle: &Lifecycle,
    sources: &Sources,
) {
    set(&reporter, &services).await;
    let watched = Arc::new(services);
    let (told, asked) = (reporter.clone(), Arc::clone(&watched));
    Worker::new("health", ASKED_EVERY, Arc::new(Notify::new()), move || {
        let (reporter, services) = (told.clone(), Arc::clone(&asked));
        async move {
            set(&reporter, &services).await;
            Ok(0)
        }
    })
    .start(lifecycle, sources);
    let stopping = lifecycle.stopping();
    lifecycle.spawn(async move {
        stopping.cancelled().await;
        reporter.set_service_status("", ServingStatus::NotServing).await;
        for (name, _) in watched.iter() {
            reporter.set_service_status(format!("portal.{name}"), ServingStatus::NotServing).await;
        }
    });
}

async fn set(reporter: &HealthReporter, services: &[(&'static str, Database)]) {
    let mut all = true;
    for (name, db) in services {
        let question = db.read().query_one_raw(Statement::from_string(db.backend(), "SELECT 1 AS value"));
        let answers = matches!(tokio::time::timeout(PATIENCE, question).await, Ok(Ok(Some(_))));
        all &= answers;
        reporter.set_service_status(format!("portal.{name}"), serving(answers)).await;
    }
    reporter.set_service_status("", serving(all)).await;
}

fn serving(is: bool) -> ServingStatus {
    if is { ServingStatus::Serving } else { ServingStatus::NotServing }
}
