//! I7: each application's history is a path in the graph of legal moves, and ends in its state.

use std::collections::{BTreeMap, HashSet};

use sea_orm::FromQueryResult;

use super::{Databases, Report, of, rows};

#[derive(FromQueryResult)]
struct Step {
    number: i64,
    state: String,
}

pub(super) async fn check(databases: &Databases, report: &mut Report) -> anyhow::Result<()> {
    let applications = of(databases, "applications")?;
    let now: Vec<Step> = rows(applications, "SELECT number, state FROM application").await?;
    let steps: Vec<Step> = rows(applications, "SELECT number, state FROM timeline ORDER BY number, seq").await?;
    let legal: HashSet<(&str, &str)> = applications::state_edges().into_iter().collect();
    let mut last: BTreeMap<i64, &str> = BTreeMap::new();
    for step in &steps {
        let before = last.insert(step.number, &step.state);
        let fits = match before {
            None => step.state == "DRAFT",
            Some(before) => before == step.state || legal.contains(&(before, step.state.as_str())),
        };
        if !fits {
            let before = before.unwrap_or("nothing");
            report.violations.push(format!("I7 application {}: from {before} to {}", step.number, step.state));
        }
    }
    for application in &now {
        let told = last.get(&application.number).copied();
        if told != Some(application.state.as_str()) {
            report.violations.push(format!(
                "I7 application {}: is {}, its history ends in {}",
                application.number,
                application.state,
                told.unwrap_or("nothing")
            ));
        }
    }
    report.lines.push(format!("I7 {} applications, {} steps", now.len(), steps.len()));
    Ok(())
}
