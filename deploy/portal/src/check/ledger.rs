//! I2: each transaction of the ledger sums to nothing and each account is the sum of its entries. I3: an invoice is paid
//! when, and only when, its whole total is applied, and never more. I4: all that the bank took is in the ledger, applied,
//! in suspense or given back.

use sea_orm::FromQueryResult;

use super::{Databases, Report, of, rows};

#[derive(FromQueryResult)]
struct Fault {
    what: String,
    one: i64,
    other: i64,
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

const UNBALANCED: &str = "SELECT operation AS what, CAST(SUM(amount) AS BIGINT) AS one, CAST(COUNT(*) AS BIGINT) AS other \
    FROM ledger_entry GROUP BY operation HAVING SUM(amount) <> 0 OR COUNT(*) <> 2";

const BALANCES: &str = "SELECT a.account AS what, a.balance AS one, \
    CAST(COALESCE((SELECT SUM(e.amount) FROM ledger_entry e WHERE e.account = a.account), 0) AS BIGINT) AS other \
    FROM ledger_account a WHERE a.balance <> \
    COALESCE((SELECT SUM(e.amount) FROM ledger_entry e WHERE e.account = a.account), 0)";

/// What is applied of each invoice, with what its row says of it.
const INVOICES: &str = "SELECT i.document_number || ' ' || i.state AS what, i.settled AS one, x.applied AS other FROM invoice i \
    JOIN (SELECT v.id, CAST(COALESCE((SELECT -SUM(e.amount) FROM ledger_entry e JOIN ledger_transaction t \
    ON t.operation = e.operation WHERE e.invoice_id = v.id AND e.account = 'receivable' AND t.event = 'applied'), 0) \
    AS BIGINT) AS applied FROM invoice v) x ON x.id = i.id \
    WHERE x.applied <> i.settled OR x.applied > i.total OR (i.state IN ('paid', 'partly_credited', 'credited')) <> (x.applied = i.total) \
    OR (i.state = 'partly_paid' AND (x.applied = 0 OR x.applied = i.total)) OR (i.state = 'issued' AND x.applied <> 0)";

/// Money of which the ledger knows another sum, or nothing.
const EVIDENCE: &str = "SELECT v.operation AS what, v.amount AS one, CAST(COALESCE(e.amount, 0) AS BIGINT) AS other \
    FROM evidence v LEFT JOIN ledger_entry e ON e.operation = 'received:' || v.operation AND e.account = 'bank' \
    WHERE COALESCE(e.amount, 0) <> v.amount";

/// No case may have used money in suspense that it has not.
const SUSPENSE: &str = "SELECT CAST(application_number AS VARCHAR(20)) AS what, CAST(SUM(amount) AS BIGINT) AS one, \
    CAST(0 AS BIGINT) AS other FROM ledger_entry WHERE account = 'suspense' GROUP BY application_number HAVING SUM(amount) > 0";

pub(super) async fn check(databases: &Databases, report: &mut Report) -> anyhow::Result<()> {
    let billing = of(databases, "billing")?;
    let counted: Vec<Count> = rows(billing, "SELECT COUNT(*) AS n FROM ledger_transaction").await?;
    let told: Vec<Count> = rows(billing, "SELECT COUNT(*) AS n FROM evidence").await?;
    let sum = |counts: &[Count]| counts.iter().map(|count| count.n).sum::<i64>();
    report.lines.push(format!("I2, I3, I4 {} ledger transactions, {} sums from the bank", sum(&counted), sum(&told)));
    for (name, query, says) in [
        ("I2 transaction", UNBALANCED, "entries sum to"),
        ("I2 account", BALANCES, "balance and sum of entries"),
        ("I3 invoice", INVOICES, "settled and applied"),
        ("I4 money", EVIDENCE, "told and in the ledger"),
        ("I4 suspense of case", SUSPENSE, "overdrawn by"),
    ] {
        let faults: Vec<Fault> = rows(billing, query).await?;
        report
            .violations
            .extend(faults.iter().map(|fault| format!("{name} {}: {says} {}, {}", fault.what, fault.one, fault.other)));
    }
    Ok(())
}
