//! I1: every write that was acknowledged to a client exists, once.
//!
//! The log is one JSON object a line: `{"kind": "application", "id": "101"}`. Kinds: `account`, `application`,
//! `submitted`, `approved`, `invoice`, `attempt`, `paid`, `appointment`, `completed`.

use std::path::Path;

use anyhow::Context as _;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde::Deserialize;

use super::{Databases, Report, of};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledged {
    kind: String,
    id: String,
}

pub(super) async fn check(databases: &Databases, log: &Path, report: &mut Report) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(log).with_context(|| format!("reading {}", log.display()))?;
    let mut count = 0;
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let written: Acknowledged =
            serde_json::from_str(line).with_context(|| format!("{}, line {}", log.display(), index + 1))?;
        count += 1;
        let (service, query) = match written.kind.as_str() {
            "account" => ("identity", "SELECT COUNT(*) AS n FROM account WHERE id = ?"),
            "application" => ("applications", "SELECT COUNT(*) AS n FROM application WHERE number = CAST(? AS BIGINT)"),
            "submitted" => (
                "applications",
                "SELECT COUNT(*) AS n FROM timeline WHERE number = CAST(? AS BIGINT) AND action = 'SUBMITTED'",
            ),
            "approved" => (
                "applications",
                "SELECT COUNT(*) AS n FROM timeline WHERE number = CAST(? AS BIGINT) AND action = 'APPROVED'",
            ),
            "completed" => (
                "applications",
                "SELECT COUNT(*) AS n FROM timeline WHERE number = CAST(? AS BIGINT) AND action = 'COMPLETED'",
            ),
            "invoice" => ("billing", "SELECT COUNT(*) AS n FROM invoice WHERE id = ?"),
            "paid" => (
                "billing",
                "SELECT COUNT(*) AS n FROM billable WHERE application_number = CAST(? AS BIGINT) \
                 AND status IN ('paid', 'partly_refunded', 'refunded')",
            ),
            "attempt" => ("payments", "SELECT COUNT(*) AS n FROM attempt WHERE id = ?"),
            "appointment" => ("booking", "SELECT COUNT(*) AS n FROM appointment WHERE id = ?"),
            other => anyhow::bail!("{}, line {}: unknown kind '{other}'", log.display(), index + 1),
        };
        let database = of(databases, service)?;
        let backend = database.get_database_backend();
        let query = if backend == DbBackend::Postgres { query.replace('?', "$1") } else { query.to_owned() };
        let statement = Statement::from_sql_and_values(backend, query, [written.id.clone().into()]);
        let row = database.query_one_raw(statement).await?;
        let found: i64 = row.context("no count")?.try_get("", "n")?;
        if found != 1 {
            report.violations.push(format!("I1 {} {}: acknowledged, found {found} times", written.kind, written.id));
        }
    }
    report.lines.push(format!("I1 {count} acknowledged writes"));
    Ok(())
}
