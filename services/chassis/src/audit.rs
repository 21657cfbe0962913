//! The security log of a service: who did or read what, when, in the transaction that did it. No personal data.

use kernel::Actor;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use crate::{clock::Sources, db::Tx, error::Error, telemetry};

pub mod row {
    //! Rows of the audit log; written, never changed.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        pub at: i64,
        pub actor: String,
        pub action: String,
        pub subject: String,
        pub detail: String,
        pub trace_id: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Records one act. `subject` is a public id such as `application:101`; `detail` holds codes and numbers only.
pub async fn record(
    tx: &Tx,
    sources: &Sources,
    actor: &Actor,
    action: &str,
    subject: impl ToString,
    detail: &str,
) -> Result<(), Error> {
    row::Entity::insert(row::ActiveModel {
        at: Set(sources.now().micros()),
        actor: Set(actor.principal()),
        action: Set(action.to_owned()),
        subject: Set(subject.to_string()),
        detail: Set(detail.to_owned()),
        trace_id: Set(telemetry::trace_id()),
        ..Default::default()
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}
