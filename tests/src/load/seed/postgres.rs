//! Into PostgreSQL, past the running services.

use sea_orm::sqlx::{self, Connection as _, PgConnection};

use super::{
    super::bare::{self, COLUMNS, SERVICE_NAME},
    BIN, EACH, FACT, FIRST, Right, SUBJECT, Told,
};

/// The table's indexes are made anew after its rows, the map of what is visible to all too.
pub(super) async fn applications(url: &str, rows: u32, people: u32, owners: &[String]) -> anyhow::Result<()> {
    let mut server = bare::server(url).await?;
    let indexes: Vec<(String, String)> = sqlx::query_as(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'application' \
         AND indexname NOT LIKE '%_pkey'",
    )
    .fetch_all(&mut server)
    .await?;
    run(&mut server, "SET maintenance_work_mem = '256MB'; CREATE TEMP TABLE owner (n BIGINT PRIMARY KEY, id TEXT)")
        .await?;
    sqlx::query("INSERT INTO owner SELECT n - 1, id FROM unnest($1::text[]) WITH ORDINALITY AS known (id, n)")
        .bind(owners)
        .execute(&mut server)
        .await?;
    sqlx::query(
        "INSERT INTO owner SELECT n, 'acc_' || replace(gen_random_uuid()::text, '-', '') \
         FROM generate_series($1::bigint, $2::bigint - 1) AS n",
    )
    .bind(i64::try_from(owners.len())?)
    .bind(i64::from(people))
    .execute(&mut server)
    .await?;
    for (name, _) in &indexes {
        run(&mut server, &format!("DROP INDEX {name}")).await?;
    }
    // 7919 is prime to every round number of people, so that one block of rows holds each person once.
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "INSERT INTO application ({COLUMNS}) SELECT {FIRST} + i, 3, owner.id, 'expat_centre', \
         CASE i % 8 WHEN 0 THEN 'DRAFT' WHEN 1 THEN 'NEW' WHEN 2 THEN 'IN_REVIEW' WHEN 3 THEN 'AWAITING_PAYMENT' \
         WHEN 4 THEN 'AWAITING_DOCUMENTS' ELSE 'COMPLETED' END, \
         CASE WHEN i % 8 > 3 THEN 'paid' WHEN i % 8 = 3 THEN 'not_paid' ELSE '' END, 1, \
         1700000000000000 + i * 1000000, 1700000000000000 + i * 1000000, 'NOT_MEMBER', \
         CASE i % $5::bigint WHEN 7 THEN '{BIN}' ELSE '' END, '', FALSE, FALSE, 500000, \
         1000000, 'Lind Nora ' || i, 'lind nora ' || i, decode(repeat(md5(i::text), 11), 'hex'), $1, 0, $2, 1, \
         1700000000000000, decode(repeat(md5(i::text), 3), 'hex'), '', '', '', '', NULL \
         FROM generate_series(0, $3::bigint - 1) AS i JOIN owner ON owner.n = (i * 7919) % $4::bigint",
    )))
    .bind(SERVICE_NAME)
    .bind(SERVICE_NAME.to_lowercase())
    .bind(i64::from(rows))
    .bind(i64::from(people))
    .bind(i64::from(rows / EACH))
    .execute(&mut server)
    .await?;
    for (_, definition) in &indexes {
        run(&mut server, definition).await?;
    }
    run(&mut server, "VACUUM (ANALYZE) application").await?;
    run(&mut server, "CHECKPOINT").await?;
    Ok(server.close().await?)
}

/// Their persons, and the words that staff search by.
pub(super) async fn searched(url: &str, rows: u32) -> anyhow::Result<()> {
    let mut server = bare::server(url).await?;
    let last = i64::from(rows) - 1;
    for statement in [
        format!(
            "INSERT INTO person SELECT 'itm_' || md5(i::text), 'lin_' || md5(i::text), {FIRST} + i, 0, 'FAM ' || i, \
             'fam ' || i, decode(repeat(md5(i::text), 25), 'hex'), sha256(i::text::bytea), 'open', '' \
             FROM generate_series(0, {last}::bigint) AS i"
        ),
        format!(
            "INSERT INTO name_word SELECT 'fam' || ((i * 7919) % 20000), {FIRST} + i FROM generate_series(0, {last}::bigint) AS i"
        ),
        format!(
            "INSERT INTO name_word SELECT CASE i % 500 WHEN 3 THEN 'alex' ELSE 'giv' || (i % 500) END, {FIRST} + i \
             FROM generate_series(0, {last}::bigint) AS i"
        ),
        "VACUUM (ANALYZE) person".to_owned(),
        "VACUUM (ANALYZE) name_word".to_owned(),
        "CHECKPOINT".to_owned(),
    ] {
        run(&mut server, &statement).await?;
    }
    Ok(server.close().await?)
}

pub(super) async fn rights(url: &str, rights: &[Right]) -> anyhow::Result<()> {
    let mut server = bare::server(url).await?;
    let accounts: Vec<&str> = rights.iter().map(|right| right.account.as_str()).collect();
    let items: Vec<&str> = rights.iter().map(|right| right.items.as_str()).collect();
    sqlx::query(
        "INSERT INTO booking_right (application_number, account_id, kind, items, open, version) \
         SELECT number, account, 'hand_over', items, TRUE, 1 \
         FROM unnest($1::bigint[], $2::text[], $3::text[]) AS written (number, account, items)",
    )
    .bind(rights.iter().map(|right| right.number).collect::<Vec<_>>())
    .bind(accounts)
    .bind(items)
    .execute(&mut server)
    .await?;
    run(&mut server, "VACUUM (ANALYZE) booking_right").await?;
    Ok(server.close().await?)
}

pub(super) async fn facts(url: &str, facts: &[Told]) -> anyhow::Result<()> {
    let mut server = bare::server(url).await?;
    let ids: Vec<&str> = facts.iter().map(|fact| fact.event_id.as_str()).collect();
    let aggregates: Vec<&str> = facts.iter().map(|fact| fact.aggregate_id.as_str()).collect();
    let envelopes: Vec<&[u8]> = facts.iter().map(|fact| fact.envelope.as_slice()).collect();
    sqlx::query(
        "INSERT INTO outbox (event_id, shard, fact, aggregate_type, aggregate_id, aggregate_version, ordinal, \
         subject, envelope, occurred_at) SELECT id, shard, $6, 'application', aggregate, 1, 0, $7, envelope, at \
         FROM unnest($1::text[], $2::smallint[], $3::text[], $4::bytea[], $5::bigint[]) \
         AS written (id, shard, aggregate, envelope, at)",
    )
    .bind(ids)
    .bind(facts.iter().map(|fact| fact.shard).collect::<Vec<_>>())
    .bind(aggregates)
    .bind(envelopes)
    .bind(facts.iter().map(|fact| fact.occurred_at).collect::<Vec<_>>())
    .bind(FACT)
    .bind(SUBJECT)
    .execute(&mut server)
    .await?;
    Ok(server.close().await?)
}

async fn run(server: &mut PgConnection, statement: &str) -> anyhow::Result<()> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(server).await?;
    Ok(())
}
