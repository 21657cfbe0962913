//! Units of work: nothing is lost between reading and writing, nothing hangs, a fault stays where it happened.

use std::sync::Arc;

use chassis::{
    Database, Error,
    testing::{database, sqlite, until::until},
};
use futures::future::join_all;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use tempfile::TempDir;
use tokio::sync::{Notify, Semaphore};

use crate::registry::{add, migrations, value};

async fn open(folder: &TempDir) -> Database {
    database(folder.path(), "tally", migrations).await
}

async fn add_one(db: &Database, name: &'static str) -> Result<i64, Error> {
    db.write(move |tx| async move { add(&tx, name, 1).await }).await
}

/// Deferred transactions of two writers that read first would fail at once, whatever the time-out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_read_and_then_write_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (open(&folder).await, open(&folder).await);
    let done = join_all((0..40).map(|n| add_one(if n % 2 == 0 { &one } else { &other }, "both"))).await;
    let mut told: Vec<i64> = done.into_iter().map(Result::unwrap).collect();
    told.sort_unstable();
    assert_eq!(told, (1..=40).collect::<Vec<_>>());
    assert_eq!(value(one.read(), "both").await, Some(40));
    one.close().await;
    other.close().await;
}

#[tokio::test]
async fn a_read_inside_an_open_write_neither_waits_nor_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    add_one(&db, "one").await.unwrap();
    let inner = db.clone();
    let beside = db
        .write(move |tx| async move {
            add(&tx, "one", 1).await?;
            Ok::<_, Error>(value(inner.read(), "one").await)
        })
        .await;
    assert_eq!((beside.unwrap(), value(db.read(), "one").await), (Some(1), Some(2)));
}

#[tokio::test]
async fn the_reading_pool_refuses_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite(folder.path(), "tally", migrations).await;
    let refused = db.read().execute_unprepared("INSERT INTO tally (name, value) VALUES ('x', 1)").await;
    assert!(refused.unwrap_err().to_string().contains("readonly"));
    assert_eq!(value(db.read(), "x").await, None);
}

#[tokio::test]
async fn a_unit_of_work_that_fails_or_panics_leaves_nothing_and_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    let failed = db
        .write(|tx| async move {
            add(&tx, "gone", 1).await?;
            Err::<(), _>(Error::NotFound)
        })
        .await;
    assert!(matches!(failed, Err(Error::NotFound)));
    let panicked: Result<(), Error> = db
        .write(|tx| async move {
            add(&tx, "gone", 1).await?;
            panic!("half-way")
        })
        .await;
    assert!(matches!(panicked, Err(Error::Internal(_))));
    assert_eq!(add_one(&db, "kept").await.unwrap(), 1);
    assert_eq!((value(db.read(), "gone").await, value(db.read(), "kept").await), (None, Some(1)));
}

#[tokio::test]
async fn a_caller_that_goes_away_stops_no_unit_of_work() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inner_begun, inner_go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
    let work = db.write(move |tx| async move {
        add(&tx, "left", 1).await?;
        inner_begun.notify_one();
        inner_go_on.notified().await;
        add(&tx, "left", 1).await
    });
    tokio::select! {
        _ = work => panic!("it waits to be told"),
        () = begun.notified() => {}
    }
    // The caller is gone, half-way through its unit of work.
    go_on.notify_one();
    until("the work that nobody waits for", || value(db.read(), "left"), |left| *left == Some(2)).await;
    assert_eq!(add_one(&db, "next").await.unwrap(), 1);
}

/// What waits while one unit of work holds the writer is committed in one go; each is told of its own end only.
#[tokio::test]
async fn of_many_that_wait_together_only_those_that_fail_are_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    let gate = Arc::new(Semaphore::new(0));
    let holding = {
        let gate = Arc::clone(&gate);
        db.write(move |_| async move {
            gate.acquire().await.map_err(|error| Error::Internal(error.into()))?.forget();
            Ok::<_, Error>(())
        })
    };
    let waiting = (0..50).map(|n| {
        let db = db.clone();
        async move {
            db.write(move |tx| async move {
                let count = add(&tx, "together", 1).await?;
                match n {
                    7 => Err(Error::VersionConflict),
                    8 => panic!("the ninth"),
                    _ => Ok(count),
                }
            })
            .await
        }
    });
    let release = async {
        // By now all the others stand in the queue: join_all asks each of them in turn.
        gate.add_permits(1);
    };
    let (held, told, ()) = tokio::join!(holding, join_all(waiting), release);
    held.unwrap();
    for (n, outcome) in told.iter().enumerate() {
        match n {
            7 => assert!(matches!(outcome, Err(Error::VersionConflict)), "{n}: {outcome:?}"),
            8 => assert!(matches!(outcome, Err(Error::Internal(_))), "{n}: {outcome:?}"),
            _ => assert!(outcome.is_ok(), "{n}: {outcome:?}"),
        }
    }
    assert_eq!(value(db.read(), "together").await, Some(48));
}

#[tokio::test]
async fn the_engine_is_one_whose_log_is_sound_and_flushed() {
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite(folder.path(), "tally", migrations).await;
    let ask = async |query: &'static str| {
        let row = db.read().query_one_raw(Statement::from_string(DbBackend::Sqlite, query)).await.unwrap().unwrap();
        row.try_get_by_index::<String>(0).unwrap()
    };
    let version = ask("SELECT sqlite_version()").await;
    let numbers: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(numbers >= vec![3, 51, 3], "{version}");
    assert_eq!(ask("SELECT journal_mode FROM pragma_journal_mode").await, "wal");
    assert_eq!(ask("SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await, "1");
    // A unit of work is flushed before its answer: 2 is FULL.
    let flushed = db
        .write(|tx| async move {
            let query = "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous";
            let row = tx.query_one_raw(Statement::from_string(DbBackend::Sqlite, query)).await?;
            Ok::<_, Error>(row.unwrap().try_get_by_index::<String>(0)?)
        })
        .await;
    assert_eq!(flushed.unwrap(), "2");
}
