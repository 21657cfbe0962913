//! I6: every fact is in the inbox of each of its readers, or parked there, or still on its way.

use std::collections::{HashMap, HashSet};

use chassis::clock::Sources;
use sea_orm::FromQueryResult;

use super::{Databases, PAUSE, Report, rows};

/// A fact that a stream was given longer ago than this, and that its reader has not seen, is lost rather than late.
const LATE: std::time::Duration = std::time::Duration::from_secs(3600);

#[derive(FromQueryResult)]
struct Fact {
    event_id: String,
    fact: String,
    occurred_at: i64,
    published_at: Option<i64>,
    stream_seq: Option<i64>,
}

#[derive(FromQueryResult)]
struct Reader {
    name: String,
    producer: String,
    facts: String,
    since: i64,
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
    let late = Sources::system().now().minus(LATE).micros();
    // Producers are read before readers: what moves in between is then seen in one of them at least.
    let mut told: HashMap<&str, (Vec<Fact>, HashSet<(String, String)>)> = HashMap::new();
    for (producer, database) in databases {
        let facts: Vec<Fact> =
            rows(database, "SELECT event_id, fact, occurred_at, published_at, stream_seq FROM outbox").await?;
        let waiting: Vec<Known> = rows(database, "SELECT consumer, event_id FROM delivery").await?;
        found.facts += facts.len();
        told.insert(producer, (facts, waiting.into_iter().map(|row| (row.consumer, row.event_id)).collect()));
    }
    for database in databases.values() {
        let readers: Vec<Reader> = rows(database, "SELECT name, producer, facts, since FROM reader").await?;
        let inbox: Vec<Known> = rows(database, "SELECT consumer, event_id FROM inbox").await?;
        let parked: Vec<Known> =
            rows(database, "SELECT consumer, event_id FROM inbox_parked WHERE state IN ('parked', 'blocked')").await?;
        found.parked += parked.len();
        let seen: HashSet<(&str, &str)> =
            inbox.iter().chain(&parked).map(|row| (row.consumer.as_str(), row.event_id.as_str())).collect();
        for reader in &readers {
            let acted_on: Vec<String> = serde_json::from_str(&reader.facts)?;
            let Some((facts, waiting)) = told.get(reader.producer.as_str()) else { continue };
            for fact in facts {
                let meant = fact.occurred_at >= reader.since && acted_on.contains(&fact.fact);
                if !meant || seen.contains(&(reader.name.as_str(), fact.event_id.as_str())) {
                    continue;
                }
                let line = format!("{}: {} {} for {}", reader.producer, fact.fact, fact.event_id, reader.name);
                let on_its_way = match fact.published_at {
                    None => true,
                    Some(at) if fact.stream_seq.is_some() => at > late,
                    Some(_) => waiting.contains(&(reader.name.clone(), fact.event_id.clone())),
                };
                if on_its_way { found.waiting.push(line) } else { found.lost.push(line) }
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
