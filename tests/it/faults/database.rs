//! PostgreSQL frozen, and its sessions cut again and again, also in the middle of a commit: clear errors, nothing shown as
//! done that is not, and no session left inside a transaction.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use serde_json::json;
use testkit::{World, commit_cutter::CommitCutter, poll, steadfast::is_unknown};

use super::{client, hasty, knob, prove};

async fn superuser(world: &mut World) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(world.dev().superuser_url.clone());
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.unwrap()
}

async fn count(server: &DatabaseConnection, query: &str) -> i64 {
    let row = server.query_one_raw(Statement::from_string(DbBackend::Postgres, query)).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_database_is_told_of_and_recovered_from() {
    let mut world = World::start_separate(&hasty(), &[]).await;
    let who = world.demo("applicant").await;
    let draft = json!({ "type": "expat_centre", "services": ["INVB1S"] });
    world.dev().freeze("postgres").unwrap();
    let key = uuid::Uuid::new_v4().to_string();
    let frozen = tokio::time::sleep(Duration::from_secs(knob("PORTAL_FAULT_FROZEN_SECONDS", 6)));
    tokio::pin!(frozen);
    let mut told = Vec::new();
    loop {
        tokio::select! {
            () = &mut frozen => break,
            answer = who.send(reqwest::Method::POST, "/applications", Some(draft.clone()), Some(&key), None) => {
                told.push(answer);
            }
        }
    }
    world.dev().thaw("postgres").unwrap();
    for answer in &told {
        assert!(is_unknown(answer), "a frozen database, and yet: {answer:?}");
    }
    // The same key settles what became of it: once, however often it was sent.
    let made = poll::until(
        "the draft",
        || who.send(reqwest::Method::POST, "/applications", Some(draft.clone()), Some(&key), None),
        |answer| answer.status.is_success(),
    )
    .await
    .ok();
    client(&world).log.note("application", testkit::journey::number(&made));
    client(&world).walk().await;
    prove(world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_cut_at_any_moment_poison_no_pool() {
    let mut world = World::start_separate(&hasty(), &[]).await;
    let server = superuser(&mut world).await;
    let mut walker = client(&world);
    let walking = tokio::spawn(async move { walker.walk().await });
    let mut cuts = 0;
    while !walking.is_finished() {
        tokio::time::sleep(Duration::from_millis(150)).await;
        // Cut preferably what is committing or inside a transaction, one session at a time.
        let cut = "SELECT count(pg_terminate_backend(pid)) AS n FROM (SELECT pid FROM pg_stat_activity \
                   WHERE usename NOT IN ('portal') AND backend_type = 'client backend' \
                   ORDER BY (state = 'idle'), (query NOT ILIKE 'COMMIT%'), random() LIMIT 1) AS victim";
        cuts += count(&server, cut).await;
    }
    walking.await.unwrap();
    assert!(cuts > 5, "only {cuts} sessions were cut");
    poll::until(
        "no session inside a transaction",
        || {
            count(
                &server,
                "SELECT count(*) AS n FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' \
                 AND state_change < now() - interval '2 seconds'",
            )
        },
        |left| *left == 0,
    )
    .await;
    server.close().await.unwrap();
    prove(world).await;
}

/// The answer to a commit is lost, in turn with and without the commit itself: neither may be taken for the other.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_cut_exactly_at_commit_lose_and_double_nothing() {
    let postgres_port = chassis::ports::free().unwrap();
    let cutter = CommitCutter::start(postgres_port).await;
    let world = World::start_separate_behind(cutter.port, postgres_port, &hasty()).await;
    cutter.cut_every(5);
    for _ in 0..2 {
        client(&world).walk().await;
    }
    cutter.cut_every(0);
    let (before, after) = cutter.cuts();
    assert!(before > 5 && after > 5, "only {before} and {after} commits were cut");
    prove(world).await;
}

/// A caller that hangs up cancels whatever its handler was at; a `BEGIN` cancelled half-way would hand a session inside a
/// transaction to the next caller.
#[tokio::test(flavor = "multi_thread")]
async fn callers_that_hang_up_leave_no_session_inside_a_transaction() {
    let mut world = World::start_separate(&hasty(), &[]).await;
    let server = superuser(&mut world).await;
    let who = world.demo("applicant").await;
    let draft = json!({ "type": "expat_centre", "services": ["INVB1S"] });
    for wave in 0..40_u64 {
        let hasty = (0..8).map(|index| {
            let patience = Duration::from_micros(200 + wave * 150 + index * 400);
            tokio::time::timeout(patience, who.post("/applications", draft.clone()))
        });
        futures::future::join_all(hasty).await;
    }
    for _ in 0..20 {
        who.post("/applications", draft.clone()).await.ok();
    }
    let open = "SELECT count(*) AS n FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
    poll::until("no session inside a transaction", || count(&server, open), |left| *left == 0).await;
    server.close().await.unwrap();
    prove(world).await;
}
