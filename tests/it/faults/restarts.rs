//! Two processes of each service, restarted in turn under load: no request that may safely be repeated fails.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use testkit::World;
use tokio_util::sync::CancellationToken;

use super::{hasty, knob, prove};

const SERVICES: [&str; 7] =
    ["identity", "participants", "applications", "billing", "payments", "booking", "notifications"];

#[tokio::test(flavor = "multi_thread")]
async fn rolling_restarts_fail_no_request_that_is_safe_to_repeat() {
    let mut changes = hasty();
    changes.push(("chassis.process.drain_seconds", json!(1)));
    let two: Vec<(&str, usize)> = SERVICES.iter().map(|name| (*name, 2)).collect();
    let mut world = World::start_separate(&changes, &two).await;
    let who = world.demo("applicant").await;
    let stop = CancellationToken::new();
    let asked = Arc::new(AtomicU32::new(0));
    let clients: Vec<_> = (0..4)
        .map(|client| {
            let (who, stop, asked) = (who.clone(), stop.clone(), Arc::clone(&asked));
            tokio::spawn(async move {
                let mut failed = Vec::new();
                let draft = json!({ "type": "expat_centre", "services": ["INVB1S"] });
                while !stop.is_cancelled() {
                    let answers = match client % 2 {
                        0 => vec![
                            who.get("/applications").await,
                            who.get("/applications/106").await,
                            who.get("/applications/106/booking").await,
                            who.get("/applications/102/billing").await,
                            who.get("/account").await,
                            who.get("/messages").await,
                        ],
                        _ => vec![who.post("/applications", draft.clone()).await],
                    };
                    asked.fetch_add(u32::try_from(answers.len()).unwrap(), Ordering::Relaxed);
                    failed.extend(answers.into_iter().filter(|answer| !answer.status.is_success()));
                }
                failed
            })
        })
        .collect();
    for _ in 0..knob("PORTAL_FAULT_RESTARTS", 1) {
        for service in SERVICES {
            for child in [service.to_owned(), format!("{service}-2")] {
                let before = world.dev().pid(&child);
                world.dev().terminate(&child).unwrap();
                testkit::poll::until(
                    &format!("another {child}"),
                    || std::future::ready(world.dev().pid(&child)),
                    |pid| pid.is_some() && *pid != before,
                )
                .await;
                // The other one goes only when this one serves again.
                world.dev().ready().await.unwrap();
            }
        }
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.cancel();
    let mut failed = Vec::new();
    for client in clients {
        failed.extend(client.await.unwrap());
    }
    let asked = asked.load(Ordering::Relaxed);
    let shown = &failed[..failed.len().min(5)];
    assert!(failed.is_empty(), "{} of {asked} failed: {shown:#?}\n{}", failed.len(), world.logs());
    prove(world).await;
}
