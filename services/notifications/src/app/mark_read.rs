//! A reader has opened his messages.

use chassis::{Error, Tx, auth::permit};
use kernel::Actor;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use super::{Ports, queries};
use crate::store::message::{Column, Entity};

/// Takes the mark off these, or off all where none is named; tells how many are left.
pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, ids: &[String]) -> Result<u64, Error> {
    let account = permit::user(actor)?;
    let mut marked = Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(ports.context.sources.now().micros()))
        .filter(Column::AccountId.eq(account.to_string()))
        .filter(Column::SubjectSealed.is_not_null())
        .filter(Column::ReadAt.is_null());
    if !ids.is_empty() {
        marked = marked.filter(Column::Id.is_in(ids.to_vec()));
    }
    marked.exec(&**tx).await?;
    queries::unread(&**tx, account).await
}
