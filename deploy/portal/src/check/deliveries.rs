//! I6: every fact is in the inbox of each of its readers, or parked there, or still on its way.

use std::collections::HashSet;

use sea_orm::FromQueryResult;

use super::{Databases, PAUSE, Report, of, rows};

#[derive(FromQueryResult)]
struct Fact {
    event_id: String,
    fact: String,
    published: bool,
}

#[derive(FromQueryResult)]
struct Consumer {
    name: String,
    facts: String,
}

#[derive(FromQueryResult)]
struct Known {
    consumer: String,
    event_id: String,
}

/// What is amiss: facts lost, facts on their way, facts parked.
#[derive(Default)]
struct Found {
    facts: usize,
    lost: Vec<String>,
    waiting: Vec<String>,
    parked: usize,
}

async fn look(databases: &Databases) -> anyhow::Result<Found> {
    let mut found = Found::default();
    for (producer, database) in databases {
        // Deliveries are read before inboxes: what moves in between is then seen in one of them at least.
        let facts: Vec<Fact> =
            rows(database, "SELECT event_id, fact, published_at IS NOT NULL AS published FROM outbox").await?;
        let consumers: Vec<Consumer> = rows(database, "SELECT name, facts FROM consumer").await?;
        let waiting: Vec<Known> = rows(database, "SELECT consumer, event_id FROM delivery").await?;
        let waiting: HashSet<(String, String)> = waiting.into_iter().map(|row| (row.consumer, row.event_id)).collect();
        found.facts += facts.len();
        for consumer in consumers {
            let reader = consumer.name.split("-from-").next().unwrap_or_default();
            let acted_on: Vec<String> = serde_json::from_str(&consumer.facts)?;
            let inbox: Vec<Known> = rows(of(databases, reader)?, "SELECT consumer, event_id FROM inbox").await?;
            let parked: Vec<Known> =
                rows(of(databases, reader)?, "SELECT consumer, event_id FROM inbox_parked").await?;
            found.parked += parked.iter().filter(|row| row.consumer == consumer.name).count();
            let applied: HashSet<&str> = inbox
                .iter()
                .chain(&parked)
                .filter(|row| row.consumer == consumer.name)
                .map(|row| row.event_id.as_str())
                .collect();
            for fact in facts.iter().filter(|fact| acted_on.contains(&fact.fact)) {
                if applied.contains(fact.event_id.as_str()) {
                    continue;
                }
                let line = format!("{producer}: {} {} for {}", fact.fact, fact.event_id, consumer.name);
                if !fact.published || waiting.contains(&(consumer.name.clone(), fact.event_id.clone())) {
                    found.waiting.push(line);
                } else {
                    found.lost.push(line);
                }
            }
        }
    }
    Ok(found)
}

pub(super) async fn check(databases: &Databases, settled: bool, report: &mut Report) -> anyhow::Result<()> {
    let mut found = look(databases).await?;
    if !found.lost.is_empty() || (settled && !found.waiting.is_empty()) {
        tokio::time::sleep(PAUSE).await;
        found = look(databases).await?;
    }
    report.lines.push(format!(
        "I6 {} facts, {} on their way, {} parked",
        found.facts,
        found.waiting.len(),
        found.parked
    ));
    report.violations.extend(found.lost.into_iter().map(|line| format!("I6 lost: {line}")));
    if settled {
        report.violations.extend(found.waiting.into_iter().map(|line| format!("I6 not delivered: {line}")));
        if found.parked > 0 {
            report.violations.push(format!("I6 {} facts are parked", found.parked));
        }
    }
    Ok(())
}
