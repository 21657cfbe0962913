//! Rows of `refund`: what of a charge goes back to its card.

use chassis::{Error, Tx, db::Source};
use kernel::{Currency, Money, Time};
use sea_orm::{
    ActiveValue::Set, PaginatorTrait as _, QueryOrder as _, QuerySelect as _, entity::prelude::*, sea_query::OnConflict,
};

use crate::domain::refund::{Failure, Heard, Refund, RefundState};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub version: i64,
    pub refund_id: String,
    pub attempt_id: String,
    pub application_number: i64,
    pub operation: String,
    pub amount_minor: i64,
    pub currency: String,
    pub state: String,
    pub failure: String,
    pub bank_code: String,
    pub returned_before: i64,
    pub called_at: Option<i64>,
    pub heard: String,
    pub calls: i32,
    pub created_at: i64,
    pub closed_at: Option<i64>,
    pub next_at: Option<i64>,
    pub leased_until: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn load(db: &impl Source, id: &str) -> Result<Refund, Error> {
    let row = db.root(Entity::find_by_id(id.to_owned())).one(db).await?.ok_or(Error::NotFound)?;
    to_domain(row)
}

/// Ids of what is due and held by no worker, most pressing first.
pub(crate) async fn due(db: &impl ConnectionTrait, now: Time, limit: u64) -> Result<Vec<String>, Error> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::NextAt.lte(now.micros()))
        .filter(Column::LeasedUntil.lte(now.micros()))
        .order_by_asc(Column::NextAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?)
}

/// Takes it for one worker; false where another was faster.
pub(crate) async fn lease(tx: &Tx, id: &str, now: Time, until: Time) -> Result<bool, Error> {
    let won = Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(until.micros()))
        .filter(Column::Id.eq(id))
        .filter(Column::LeasedUntil.lte(now.micros()))
        .exec(&**tx)
        .await?;
    Ok(won.rows_affected == 1)
}

/// Whether another refund of the same charge has been called for and not been decided.
pub(crate) async fn is_charge_busy(tx: &Tx, refund: &Refund) -> Result<bool, Error> {
    let others = Entity::find()
        .filter(Column::Operation.eq(&refund.operation))
        .filter(Column::State.eq(RefundState::Called.code()))
        .filter(Column::Id.ne(&refund.id));
    Ok(others.count(&**tx).await? > 0)
}

/// Writes a new one; one that is there already stays as it is. Tells whether it was new.
pub(crate) async fn insert(tx: &Tx, refund: &Refund) -> Result<bool, Error> {
    let inserted = Entity::insert(to_row(refund))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(inserted > 0)
}

/// Raises the version by compare-and-set, writes it, and lets it go.
pub(crate) async fn save(tx: &Tx, refund: &mut Refund) -> Result<(), Error> {
    let before = refund.version;
    refund.version += 1;
    let saved = Entity::update_many()
        .set(to_row(refund))
        .filter(Column::Id.eq(&refund.id))
        .filter(Column::Version.eq(before))
        .exec(&**tx)
        .await?;
    if saved.rows_affected == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}

fn to_domain(row: Model) -> Result<Refund, Error> {
    let corrupt = |column| Error::corrupt("refund", column, &row.id);
    let currency = Currency::parse(&row.currency).map_err(|_| corrupt("currency"))?;
    Ok(Refund {
        version: row.version,
        attempt: row.attempt_id.parse().ok(),
        application_number: row.application_number,
        amount: Money::new(row.amount_minor, currency),
        state: RefundState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        failure: match row.failure.as_str() {
            "" => None,
            code => Some(Failure::parse(code).ok_or_else(|| corrupt("failure"))?),
        },
        returned_before: row.returned_before,
        called_at: row.called_at.map(Time::from_micros),
        heard: Heard::parse(&row.heard).ok_or_else(|| corrupt("heard"))?,
        calls: u32::try_from(row.calls).map_err(|_| corrupt("calls"))?,
        created_at: Time::from_micros(row.created_at),
        closed_at: row.closed_at.map(Time::from_micros),
        next_at: row.next_at.map(Time::from_micros),
        refund_id: row.refund_id,
        operation: row.operation,
        bank_code: row.bank_code,
        id: row.id,
    })
}

fn to_row(refund: &Refund) -> ActiveModel {
    ActiveModel {
        id: Set(refund.id.clone()),
        version: Set(refund.version),
        refund_id: Set(refund.refund_id.clone()),
        attempt_id: Set(refund.attempt.map(|id| id.to_string()).unwrap_or_default()),
        application_number: Set(refund.application_number),
        operation: Set(refund.operation.clone()),
        amount_minor: Set(refund.amount.minor()),
        currency: Set(refund.amount.currency().code().to_owned()),
        state: Set(refund.state.code().to_owned()),
        failure: Set(refund.failure.map(Failure::code).unwrap_or_default().to_owned()),
        bank_code: Set(refund.bank_code.clone()),
        returned_before: Set(refund.returned_before),
        called_at: Set(refund.called_at.map(|at| at.micros())),
        heard: Set(refund.heard.code().to_owned()),
        calls: Set(i32::try_from(refund.calls).unwrap_or(i32::MAX)),
        created_at: Set(refund.created_at.micros()),
        closed_at: Set(refund.closed_at.map(|at| at.micros())),
        next_at: Set(refund.next_at.map(|at| at.micros())),
        leased_until: Set(0),
    }
}
