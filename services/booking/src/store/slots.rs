//! Slots: made when somebody wants them first, and how many of their places are taken.

use std::collections::{BTreeMap, BTreeSet};

use chassis::{Error, Tx, db::Source as _};
use kernel::Time;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::{CaseStatement, Expr, ExprTrait as _, OnConflict},
};

use super::slot::{ActiveModel, Column, Entity, Model};

/// Makes the slot's row where there is none; false when the slot is full. Locks nothing that is there.
pub(crate) async fn open_slot(tx: &Tx, id: &str, start: Time, capacity: i32) -> Result<bool, Error> {
    if let Some(known) = Entity::find_by_id(id.to_owned()).one(&**tx).await? {
        return Ok(known.taken < known.capacity);
    }
    Entity::insert(ActiveModel {
        id: Set(id.to_owned()),
        start_at: Set(start.micros()),
        capacity: Set(capacity),
        taken: Set(0),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&**tx)
    .await?;
    Ok(true)
}

/// A slot that is wanted; made, with so many places, where it is not there yet.
pub(crate) struct NewSlot {
    pub id: String,
    pub start: Time,
    pub capacity: i32,
}

/// Makes slots that are wanted and not there yet; then locks all, with those that lose visits, in the order of their ids.
/// Tells the free places of each. (Made first: whoever waits for another's new slot has locked none.)
pub(crate) async fn lock_slots(tx: &Tx, wanted: Vec<NewSlot>, left: Vec<String>) -> Result<Vec<(String, i32)>, Error> {
    let mut missing: BTreeMap<String, NewSlot> = wanted.into_iter().map(|slot| (slot.id.clone(), slot)).collect();
    let ids: BTreeSet<String> = missing.keys().cloned().chain(left).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let all = || Entity::find().filter(Column::Id.is_in(&ids)).order_by_asc(Column::Id);
    let free = |rows: Vec<Model>| rows.into_iter().map(|row| (row.id, row.capacity - row.taken)).collect();
    let there = all().all(&**tx).await?;
    for row in &there {
        missing.remove(&row.id);
    }
    if missing.is_empty() && tx.get_database_backend() == DbBackend::Sqlite {
        return Ok(free(there));
    }
    if !missing.is_empty() {
        let rows = missing.into_values().map(|slot| ActiveModel {
            id: Set(slot.id),
            start_at: Set(slot.start.micros()),
            capacity: Set(slot.capacity),
            taken: Set(0),
        });
        let once = OnConflict::new().do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(once).exec_without_returning(&**tx).await?;
    }
    Ok(free(tx.root(all()).all(&**tx).await?))
}

/// Makes slots, that are locked, fuller or emptier by some places.
pub(crate) async fn change_places(tx: &Tx, changes: Vec<(String, i32)>) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    let by =
        changes.iter().fold(CaseStatement::new(), |by, (id, change)| by.case(Expr::col(Column::Id).eq(id), *change));
    Entity::update_many()
        .col_expr(Column::Taken, Expr::col(Column::Taken).add(Expr::expr(by)))
        .filter(Column::Id.is_in(changes.into_iter().map(|(id, _)| id)))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Takes one place of a slot; false when it is full.
pub(crate) async fn take_place(tx: &Tx, id: &str) -> Result<bool, Error> {
    let taken = Entity::update_many()
        .col_expr(Column::Taken, Expr::col(Column::Taken).add(1))
        .filter(Column::Id.eq(id))
        .filter(Expr::col(Column::Taken).lt(Expr::col(Column::Capacity)))
        .exec(&**tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Gives one place of a slot back.
pub(crate) async fn free_place(tx: &Tx, id: &str) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Taken, Expr::col(Column::Taken).sub(1))
        .filter(Column::Id.eq(id))
        .filter(Column::Taken.gt(0))
        .exec(&**tx)
        .await?;
    Ok(())
}
