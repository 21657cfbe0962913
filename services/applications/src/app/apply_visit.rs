//! Booking told of an appointment: kept here for the case's page and the list, if it is newer.

use chassis::{Error, Tx};
use proto::booking::v1::Visit;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};

use crate::store::{application, visit};

pub(crate) async fn run(tx: &Tx, fact: &Visit, version: i64) -> Result<(), Error> {
    let known = visit::Entity::find_by_id(fact.appointment_id.clone()).one(&**tx).await?;
    if known.as_ref().is_some_and(|known| known.version >= version) {
        return Ok(());
    }
    let row = visit::ActiveModel {
        appointment_id: Set(fact.appointment_id.clone()),
        number: Set(fact.application_number),
        person_item_id: Set(fact.person_item_id.clone()),
        kind: Set(fact.kind.clone()),
        start_at: Set(fact.start_at_micros),
        state: Set(fact.state.clone()),
        version: Set(version),
    };
    if known.is_some() {
        visit::Entity::update(row).exec(&**tx).await?;
    } else {
        visit::Entity::insert(row).exec_without_returning(&**tx).await?;
    }
    let earliest: Option<i64> = visit::Entity::find()
        .filter(visit::Column::Number.eq(fact.application_number))
        .filter(visit::Column::State.eq("booked"))
        .order_by_asc(visit::Column::StartAt)
        .select_only()
        .column(visit::Column::StartAt)
        .into_tuple()
        .one(&**tx)
        .await?;
    application::Entity::update_many()
        .col_expr(application::Column::VisitAt, Expr::value(earliest))
        .filter(application::Column::Number.eq(fact.application_number))
        .exec(&**tx)
        .await?;
    Ok(())
}
