//! I4 at the bank: what payments knows to have gone back to cards is what billing holds as given back, part by part; no
//! charge gives more than it took; and what is done of a refund is in the ledger.

use std::collections::HashMap;

use sea_orm::FromQueryResult;

use super::{Databases, Report, of, rows};

#[derive(FromQueryResult)]
struct Part {
    id: String,
    amount: i64,
    state: String,
}

#[derive(FromQueryResult)]
struct Fault {
    what: String,
    one: i64,
    other: i64,
}

/// Refunds of which another sum left the bank than was granted.
const REPAID: &str = "SELECT r.id AS what, r.credited + r.released AS one, x.repaid AS other FROM refund r \
    JOIN (SELECT v.id, CAST(COALESCE((SELECT -SUM(e.amount) FROM ledger_entry e WHERE e.account = 'bank' AND \
    (e.operation = 'repaid:' || v.id OR e.operation IN \
    (SELECT 'repaid:' || p.id FROM refund_part p WHERE p.refund_id = v.id))), 0) AS BIGINT) AS repaid \
    FROM refund v) x ON x.id = r.id \
    WHERE x.repaid > r.credited + r.released OR (r.state = 'done') <> (x.repaid = r.credited + r.released)";

/// Charges of which more went back, or may have, than came.
const OVERDRAWN: &str = "SELECT v.operation AS what, v.amount AS one, CAST(SUM(p.amount) AS BIGINT) AS other FROM evidence v \
    JOIN refund_part p ON p.operation = v.operation AND p.state <> 'failed' \
    GROUP BY v.operation, v.amount HAVING SUM(p.amount) > v.amount";

const BOOKS: &str = "SELECT id, amount, state FROM refund_part";
const BANK: &str = "SELECT id, amount_minor AS amount, state FROM refund";

pub(super) async fn check(databases: &Databases, settled: bool, report: &mut Report) -> anyhow::Result<()> {
    let (billing, payments) = (of(databases, "billing")?, of(databases, "payments")?);
    for (name, query) in [("I4 refund", REPAID), ("I4 charge", OVERDRAWN)] {
        let faults: Vec<Fault> = rows(billing, query).await?;
        let told = faults.iter().map(|fault| format!("{name} {}: {} and {}", fault.what, fault.one, fault.other));
        report.violations.extend(told);
    }
    // Whoever hears is read between two looks at who tells: nothing that is in flight looks amiss.
    let before: Vec<Part> = rows(payments, BANK).await?;
    let books: Vec<Part> = rows(billing, BOOKS).await?;
    let after: HashMap<String, Part> =
        rows::<Part>(payments, BANK).await?.into_iter().map(|part| (part.id.clone(), part)).collect();
    let held: HashMap<&str, &Part> = books.iter().map(|part| (part.id.as_str(), part)).collect();
    for part in &books {
        let told = after.get(&part.id);
        let agrees = match part.state.as_str() {
            "done" => told.is_some_and(|told| told.state == "DONE" && told.amount == part.amount),
            "failed" => told.is_some_and(|told| told.state == "FAILED"),
            _ => !settled,
        };
        if !agrees {
            let bank = told.map_or("unknown", |told| told.state.as_str());
            report.violations.push(format!("I4 refund's part {}: {} here, {bank} at the bank", part.id, part.state));
        }
    }
    for told in before.iter().filter(|told| told.state == "DONE") {
        let agrees = held.get(told.id.as_str()).is_some_and(|part| {
            part.amount == told.amount && (part.state == "done" || (part.state == "sent" && !settled))
        });
        if !agrees {
            report.violations.push(format!("I4 refund's part {}: given back by the bank, not in the books", told.id));
        }
    }
    report.lines.push(format!("I4 {} parts of refunds at the bank", before.len()));
    Ok(())
}
