//! The calendar of working days that terms are counted by: the file's, until booking's staff write another one and its
//! fact tells it. Each service keeps what it was told; what has begun keeps its dates.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use kernel::WorkingCalendar;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};
use tokio::sync::{Notify, watch};

use crate::{
    context::Context,
    db::{Source, Tx},
    error::Error,
    worker::Worker,
};

/// What another process of the service was told is seen after this long at most.
const READ_EVERY: Duration = Duration::from_secs(5);
/// There is one calendar.
const ONLY: i32 = 1;

mod holidays {
    //! The calendar as it was told last.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "holidays")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub version: i64,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Reads a file of holidays and moved working days; an empty name is the calendar of Kazakhstan as shipped.
pub fn load(file: &str) -> anyhow::Result<WorkingCalendar> {
    let calendar = if file.is_empty() {
        WorkingCalendar::parse(kernel::calendar::KZ)
    } else {
        let text = std::fs::read_to_string(file).with_context(|| format!("calendar_file: {file}"))?;
        WorkingCalendar::parse(&text)
    };
    calendar.map_err(|error| anyhow::anyhow!("the calendar: {error}"))
}

/// Keeps, in the reader's transaction, what booking told as its version; older news is passed over.
pub async fn keep(tx: &Tx, body: &str, version: i64) -> Result<(), Error> {
    use holidays::{ActiveModel, Column, Entity};
    WorkingCalendar::parse(body).map_err(|error| Error::Malformed(format!("holidays: {error}")))?;
    let newer = OnConflict::column(Column::Id)
        .update_columns([Column::Version, Column::Body])
        .action_and_where(Expr::col((Entity, Column::Version)).lt(version))
        .to_owned();
    Entity::insert(ActiveModel { id: Set(ONLY), version: Set(version), body: Set(body.to_owned()) })
        .on_conflict(newer)
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

/// What a service counts by. Cheap to clone.
#[derive(Clone)]
pub struct Calendar {
    known: Arc<watch::Sender<(i64, Arc<WorkingCalendar>)>>,
}

impl Calendar {
    /// The file's, until something else is read.
    pub fn open(file: &str) -> anyhow::Result<Self> {
        let (known, _) = watch::channel((0, Arc::new(load(file)?)));
        Ok(Self { known: Arc::new(known) })
    }

    /// As it is known now.
    pub fn now(&self) -> Arc<WorkingCalendar> {
        Arc::clone(&self.known.borrow().1)
    }

    /// Reads what was told meanwhile; tells whether there was something.
    async fn refresh(&self, db: &impl Source) -> Result<u64, Error> {
        let version = self.known.borrow().0;
        let newer = holidays::Entity::find_by_id(ONLY).filter(holidays::Column::Version.gt(version)).one(db).await?;
        let Some(row) = newer else { return Ok(0) };
        let calendar = WorkingCalendar::parse(&row.body).map_err(|_| Error::corrupt("holidays", "body", ONLY))?;
        self.known.send_replace((row.version, Arc::new(calendar)));
        Ok(1)
    }

    /// Follows what is told; its first step comes with the process' start.
    pub fn worker(&self, context: &Context) -> Worker {
        let (calendar, context) = (self.clone(), context.clone());
        Worker::new("read-calendar", READ_EVERY, Arc::new(Notify::new()), move || {
            let (calendar, context) = (calendar.clone(), context.clone());
            async move { calendar.refresh(context.db.read()).await }
        })
    }
}
