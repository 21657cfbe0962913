//! Numbers taken one after another.

use chassis::{Error, counter};
use futures::future::join_all;

use crate::registry::start;

#[tokio::test]
async fn no_number_is_given_twice_and_none_is_lost() {
    let world = start().await;
    let db = &world.context.db;
    let taken = join_all((0..30).map(|n| {
        db.write(move |tx| async move {
            let number = counter::next(&tx, "invoice", 101).await?;
            // Each third is given back, because its unit of work fails.
            if n % 3 == 0 { Err(Error::NotFound) } else { Ok(number) }
        })
    }))
    .await;
    let mut numbers: Vec<i64> = taken.into_iter().flatten().collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (101..121).collect::<Vec<_>>());
    world.end().await;
}

#[tokio::test]
async fn a_series_is_raised_and_never_lowered() {
    let world = start().await;
    let told = world
        .context
        .db
        .write(|tx| async move {
            counter::raise(&tx, "invoice", 188).await?;
            let first = counter::next(&tx, "invoice", 1).await?;
            counter::raise(&tx, "invoice", 5).await?;
            Ok::<_, Error>((first, counter::next(&tx, "invoice", 1).await?))
        })
        .await;
    assert_eq!(told.unwrap(), (189, 190));
    world.end().await;
}
