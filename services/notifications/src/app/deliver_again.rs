//! A message that has failed is tried once more.

use chassis::{Error, Tx, audit, auth::permit};
use kernel::{Actor, MessageId, Role};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use super::Ports;
use crate::{
    domain::{codes, delivery::Delivery},
    store::message::{Column, Entity, Model},
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, id: &str) -> Result<Model, Error> {
    permit::staff(actor, &[Role::Manager, Role::Supervisor])?;
    let id: MessageId = id.parse().map_err(|_| Error::NotFound)?;
    let find = || Entity::find_by_id(id.to_string()).filter(Column::Role.eq(""));
    let row = find().one(&**tx).await?.ok_or(Error::NotFound)?;
    let now = ports.context.sources.now().micros();
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(Delivery::Waiting.code()))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::DueAt, Expr::value(now))
        .filter(Column::Id.eq(row.id))
        .filter(Column::State.eq(Delivery::Failed.code()))
        .exec(&**tx)
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::refuse(codes::DELIVERY_NOT_FAILED));
    }
    audit::record(tx, &ports.context.sources, actor, "DELIVERY_RETRIED", format!("message:{id}"), "").await?;
    ports.wake.notify_one();
    find().one(&**tx).await?.ok_or(Error::NotFound)
}
