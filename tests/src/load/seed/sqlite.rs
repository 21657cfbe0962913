//! Into SQLite's files, while nobody else has them open.

use std::path::Path;

use sea_orm::sqlx::{self, Connection as _};

use super::{
    super::bare::{self, COLUMNS, SERVICE_NAME},
    BIN, EACH, FACT, FIRST, Right, SUBJECT, Told,
};

/// Only here is the journal relaxed: a run that breaks off leaves nothing behind but a temporary folder.
pub(super) async fn applications(file: &Path, rows: u32, people: u32, owners: &[String]) -> anyhow::Result<()> {
    let mut file = bare::file(file).await?;
    sqlx::raw_sql("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000")
        .execute(&mut file)
        .await?;
    sqlx::raw_sql("BEGIN IMMEDIATE; CREATE TEMP TABLE owner (n INTEGER PRIMARY KEY, id TEXT NOT NULL)")
        .execute(&mut file)
        .await?;
    for (n, owner) in owners.iter().enumerate() {
        sqlx::query("INSERT INTO owner VALUES (?, ?)").bind(i64::try_from(n)?).bind(owner).execute(&mut file).await?;
    }
    sqlx::query(
        "WITH RECURSIVE other (n) AS (VALUES (?1) UNION ALL SELECT n + 1 FROM other WHERE n + 1 < ?2) \
         INSERT OR IGNORE INTO owner SELECT n, 'acc_' || lower(hex(randomblob(16))) FROM other",
    )
    .bind(i64::try_from(owners.len())?)
    .bind(people)
    .execute(&mut file)
    .await?;
    // 7919 is prime to every round number of people, so that one block of rows holds each person once.
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "WITH RECURSIVE row (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM row WHERE i + 1 < ?1) \
         INSERT INTO application ({COLUMNS}) SELECT {FIRST} + i, 3, owner.id, 'expat_centre', \
         CASE i % 8 WHEN 0 THEN 'DRAFT' WHEN 1 THEN 'NEW' WHEN 2 THEN 'IN_REVIEW' WHEN 3 THEN 'AWAITING_PAYMENT' \
         WHEN 4 THEN 'AWAITING_DOCUMENTS' ELSE 'COMPLETED' END, \
         CASE WHEN i % 8 > 3 THEN 'paid' WHEN i % 8 = 3 THEN 'not_paid' ELSE '' END, 1, \
         1700000000000000 + i * 1000000, 1700000000000000 + i * 1000000, 'NOT_MEMBER', \
         CASE i % ?5 WHEN 7 THEN '{BIN}' ELSE '' END, '', FALSE, FALSE, 500000, \
         1000000, 'Lind Nora ' || i, 'lind nora ' || i, randomblob(180), ?2, 0, ?3, 1, 1700000000000000, \
         randomblob(40), '', '', '', '', NULL FROM row JOIN owner ON owner.n = (i * 7919) % ?4",
    )))
    .bind(rows)
    .bind(SERVICE_NAME)
    .bind(SERVICE_NAME.to_lowercase())
    .bind(people)
    .bind(rows / EACH)
    .execute(&mut file)
    .await?;
    sqlx::raw_sql("COMMIT").execute(&mut file).await?;
    sqlx::raw_sql("ANALYZE; PRAGMA journal_mode = WAL").execute(&mut file).await?;
    file.close().await?;
    Ok(())
}

/// Their persons, and the words that staff search by.
pub(super) async fn searched(file: &Path, rows: u32) -> anyhow::Result<()> {
    let mut file = bare::file(file).await?;
    sqlx::raw_sql("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000")
        .execute(&mut file)
        .await?;
    let seeded = "WITH RECURSIVE row (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM row WHERE i + 1 < ?1)";
    for statement in [
        format!(
            "{seeded} INSERT INTO person SELECT 'itm_' || lower(hex(randomblob(16))), 'lin_' || lower(hex(randomblob(16))), \
             {FIRST} + i, 0, 'FAM ' || i, 'fam ' || i, randomblob(400), randomblob(32), 'open', '' FROM row"
        ),
        format!("{seeded} INSERT INTO name_word SELECT 'fam' || ((i * 7919) % 20000), {FIRST} + i FROM row"),
        format!(
            "{seeded} INSERT INTO name_word SELECT CASE i % 500 WHEN 3 THEN 'alex' ELSE 'giv' || (i % 500) END, \
             {FIRST} + i FROM row"
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(rows).execute(&mut file).await?;
    }
    sqlx::raw_sql("ANALYZE; PRAGMA journal_mode = WAL").execute(&mut file).await?;
    Ok(file.close().await?)
}

pub(super) async fn rights(file: &Path, rights: &[Right]) -> anyhow::Result<()> {
    let mut file = bare::file(file).await?;
    let mut transaction = file.begin().await?;
    for right in rights {
        sqlx::query(
            "INSERT INTO booking_right (application_number, account_id, kind, items, open, version) \
             VALUES (?, ?, 'hand_over', ?, TRUE, 1)",
        )
        .bind(right.number)
        .bind(&right.account)
        .bind(&right.items)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    file.close().await?;
    Ok(())
}

pub(super) async fn facts(file: &Path, facts: &[Told]) -> anyhow::Result<()> {
    let mut file = bare::file(file).await?;
    let mut transaction = file.begin().await?;
    for fact in facts {
        sqlx::query(
            "INSERT INTO outbox (event_id, shard, fact, aggregate_type, aggregate_id, aggregate_version, ordinal, \
             subject, envelope, occurred_at) VALUES (?, ?, ?, 'application', ?, 1, 0, ?, ?, ?)",
        )
        .bind(&fact.event_id)
        .bind(fact.shard)
        .bind(FACT)
        .bind(&fact.aggregate_id)
        .bind(SUBJECT)
        .bind(fact.envelope.as_slice())
        .bind(fact.occurred_at)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    file.close().await?;
    Ok(())
}
