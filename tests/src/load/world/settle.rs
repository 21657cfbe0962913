//! Waiting until all that was accepted has had its effects.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::ensure;
use portal::services;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};

use super::{World, count};

const FACTS_WAITING: &str =
    "SELECT (SELECT COUNT(*) FROM outbox WHERE published_at IS NULL) + (SELECT COUNT(*) FROM delivery) AS n";
const MESSAGES_WAITING: &str = "SELECT COUNT(*) AS n FROM message WHERE state = 'waiting'";
/// What is accepted must have had its effects by then.
const WITHIN: Duration = Duration::from_mins(5);
const PAUSE: Duration = Duration::from_millis(20);
/// Between two looks at which facts have been applied: they read whole tables.
const LONG_PAUSE: Duration = Duration::from_millis(200);

/// Waits, and answers how long that took.
pub(super) async fn wait(world: &World) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let mut looks = BTreeMap::new();
    for service in services::NAMES {
        looks.insert(service, world.look(service).await?);
    }
    let mut last = begun.elapsed();
    loop {
        let pause = if under_way(&looks).await? {
            PAUSE
        } else if unapplied(&looks).await? > 0 {
            LONG_PAUSE
        } else {
            return Ok(last);
        };
        ensure!(begun.elapsed() < WITHIN, "facts or messages still wait");
        tokio::time::sleep(pause).await;
        last = begun.elapsed();
    }
}

/// Whether facts are not yet published or delivered, or messages wait.
async fn under_way(looks: &BTreeMap<&str, DatabaseConnection>) -> anyhow::Result<bool> {
    for (service, database) in looks {
        if count(database, FACTS_WAITING).await? > 0
            || (*service == "notifications" && count(database, MESSAGES_WAITING).await? > 0)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many facts a reader has not applied: a stream tells nobody what it still holds.
async fn unapplied(looks: &BTreeMap<&str, DatabaseConnection>) -> anyhow::Result<i64> {
    let mut missing = 0;
    for database in looks.values() {
        let readers =
            Statement::from_string(database.get_database_backend(), "SELECT name, producer, facts, since FROM reader");
        for reader in database.query_all_raw(readers).await? {
            let text = |column: &str| reader.try_get::<String>("", column);
            let Some(producer) = looks.get(text("producer")?.as_str()) else { continue };
            let facts: Vec<String> = serde_json::from_str(&text("facts")?)?;
            let (name, since) = (text("name")?, reader.try_get::<i64>("", "since")?);
            let told = format!(
                "SELECT COUNT(*) AS n FROM outbox WHERE occurred_at >= {since} AND fact IN ('{}')",
                facts.join("', '")
            );
            let applied = format!("SELECT COUNT(*) AS n FROM inbox WHERE consumer = '{name}'");
            missing += (count(producer, &told).await? - count(database, &applied).await?).max(0);
        }
    }
    Ok(missing)
}
