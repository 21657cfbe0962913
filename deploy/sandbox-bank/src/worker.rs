//! What the bank does by itself: makes charges that a 454 left open, and delivers notices at least once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::book::Record;
use crate::clock;
use crate::desk::Bank;
use crate::notice::Notice;

const TICK: Duration = Duration::from_millis(50);

/// Works until told to end.
pub(crate) async fn run(bank: Bank, client: reqwest::Client, shutdown: CancellationToken) {
    let flying = Arc::new(Mutex::new(BTreeSet::new()));
    let flights = TaskTracker::new();
    while shutdown.run_until_cancelled(tokio::time::sleep(TICK)).await.is_some() {
        settle_due(&bank);
        for notice in due(&bank) {
            let fresh = lock(&flying).insert(notice.id.clone());
            if fresh {
                let (bank, client, flying) = (bank.clone(), client.clone(), flying.clone());
                let shutdown = shutdown.clone();
                flights.spawn(async move {
                    let id = notice.id.clone();
                    shutdown.run_until_cancelled(deliver(&bank, &client, notice)).await;
                    lock(&flying).remove(&id);
                });
            }
        }
    }
    flights.close();
    flights.wait().await;
}

fn lock(flying: &Mutex<BTreeSet<String>>) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
    flying.lock().unwrap_or_else(PoisonError::into_inner)
}

fn settle_due(bank: &Bank) {
    let now = clock::now_millis();
    let due = |due: Option<i64>| due.is_some_and(|at| at <= now);
    if !bank.read(|book| book.transactions.values().any(|t| due(t.due_millis))) {
        return;
    }
    let settled = bank.change(|book| {
        let ready: Vec<_> = book.transactions.values().filter(|t| due(t.due_millis)).cloned().collect();
        for mut transaction in ready {
            let turn = transaction.settle();
            book.turn(transaction, turn, &bank.config().terminal);
        }
    });
    if let Err(error) = settled {
        tracing::error!(%error, "the sandbox bank cannot write its journal");
    }
}

fn due(bank: &Bank) -> Vec<Notice> {
    let now = clock::now_millis();
    bank.read(|book| book.notices.values().filter(|n| n.is_open() && n.next_millis <= now).cloned().collect())
}

async fn deliver(bank: &Bank, client: &reqwest::Client, mut notice: Notice) {
    let sent =
        client.post(&notice.url).header("content-type", "application/json").body(notice.body.clone()).send().await;
    notice.tries += 1;
    match sent {
        Ok(answer) if answer.status().is_success() => notice.delivered = true,
        Ok(answer) => {
            tracing::info!(status = %answer.status(), url = %notice.url, "notice refused");
        }
        Err(error) => tracing::info!(%error, "notice not delivered"),
    }
    // 1, 2, 4, 8, … seconds.
    let pause = 1000_i64 << notice.tries.saturating_sub(1).min(6);
    notice.next_millis = clock::now_millis() + pause;
    if let Err(error) = bank.change(|book| book.put(Record::Notice(notice))) {
        tracing::error!(%error, "the sandbox bank cannot write its journal");
    }
}
