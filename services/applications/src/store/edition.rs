//! Rows of `edition`: what the catalogue's entries were, are and will be.

use chassis::{Error, Tx, db::Source};
use kernel::{Refusal, coded};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    QueryOrder as _, QuerySelect as _,
    entity::prelude::*,
    sea_query::OnConflict,
};

use crate::{
    catalogue::{
        book::Edition,
        entry::{Entry, Kind},
    },
    domain::codes,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub kind: String,
    pub code: String,
    pub version: i32,
    /// `2026-01-01`.
    pub from_date: String,
    /// The entry as TOML.
    pub body: String,
    pub state: String,
    pub reason: String,
    pub proposed_by: String,
    pub proposed_at: i64,
    pub decided_by: String,
    pub decided_at: Option<i64>,
    pub decision_reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

coded! {
    /// Whether an edition counts.
    EditionState {
        Proposed = "proposed",
        Published = "published",
        Declined = "declined",
    }
}

/// An edition's row, not yet written.
pub(crate) fn row(
    edition: &Edition,
    state: EditionState,
    by: &str,
    at: kernel::Time,
    reason: &str,
) -> Result<ActiveModel, Error> {
    let body = edition.entry.to_toml().map_err(|error| Error::Internal(error.into()))?;
    let decided = state == EditionState::Published;
    Ok(ActiveModel {
        seq: NotSet,
        kind: Set(edition.entry.kind().code().to_owned()),
        code: Set(edition.entry.code().to_owned()),
        version: Set(edition.version),
        from_date: Set(edition.from.to_string()),
        body: Set(body),
        state: Set(state.code().to_owned()),
        reason: Set(reason.to_owned()),
        proposed_by: Set(by.to_owned()),
        proposed_at: Set(at.micros()),
        decided_by: Set(if decided { by.to_owned() } else { String::new() }),
        decided_at: Set(decided.then_some(at.micros())),
        decision_reason: Set(String::new()),
    })
}

/// Writes a new edition, unless somebody else has just made one of the same version.
pub(crate) async fn add(tx: &Tx, row: ActiveModel) -> Result<(), Error> {
    let once = OnConflict::columns([Column::Kind, Column::Code, Column::Version]).do_nothing().to_owned();
    if Entity::insert_many([row]).on_conflict(once).exec_without_returning(&**tx).await? == 0 {
        return Err(Refusal::new(codes::EDITION_CHANGED).into());
    }
    Ok(())
}

/// What a row holds.
pub(crate) fn parse(row: &Model) -> Result<Edition, Error> {
    let corrupt = |column| Error::corrupt("edition", column, row.seq);
    let kind = Kind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?;
    Ok(Edition {
        version: row.version,
        from: row.from_date.parse().map_err(|_| corrupt("from_date"))?,
        entry: Entry::from_toml(kind, &row.body).map_err(|_| corrupt("body"))?,
    })
}

/// All editions that count or will, in the order in which their entries were first published.
pub(crate) async fn published(db: &impl Source) -> Result<Vec<Edition>, Error> {
    let rows = Entity::find()
        .filter(Column::State.eq(EditionState::Published.code()))
        .order_by_asc(Column::Seq)
        .all(db)
        .await?;
    rows.iter().map(parse).collect()
}

/// Changes whenever an edition is published: how many there are, and when the last was decided.
pub(crate) async fn revision(db: &impl Source) -> Result<(i64, i64), Error> {
    let found: Option<(i64, Option<i64>)> = Entity::find()
        .filter(Column::State.eq(EditionState::Published.code()))
        .select_only()
        .column_as(Column::Seq.count(), "editions")
        .column_as(Column::DecidedAt.max(), "last")
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.map_or((0, 0), |(count, last)| (count, last.unwrap_or(0))))
}

/// Editions of an entry, newest first; without a code those of a kind.
pub(crate) async fn of(db: &impl Source, kind: Kind, code: &str) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find().filter(Column::Kind.eq(kind.code()));
    if !code.is_empty() {
        query = query.filter(Column::Code.eq(code));
    }
    Ok(query.order_by_desc(Column::Version).order_by_asc(Column::Seq).all(db).await?)
}

/// Every edition of every entry.
pub(crate) async fn all(db: &impl Source) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().order_by_asc(Column::Seq).all(db).await?)
}

/// Writes the editions of files whose entry is new here: forms and offers by version, others by code.
pub(crate) async fn seed(tx: &Tx, editions: &[Edition], now: kernel::Time) -> Result<u64, Error> {
    let known: Vec<(String, String, i32)> = Entity::find()
        .select_only()
        .columns([Column::Kind, Column::Code, Column::Version])
        .into_tuple()
        .all(&**tx)
        .await?;
    let is_known = |edition: &Edition| {
        known.iter().any(|(kind, code, version)| {
            *kind == edition.entry.kind().code()
                && code == edition.entry.code()
                && (edition.entry.own_version().is_none() || *version == edition.version)
        })
    };
    let fresh = editions.iter().filter(|edition| !is_known(edition));
    let rows = fresh
        .map(|edition| row(edition, EditionState::Published, "files", now, ""))
        .collect::<Result<Vec<_>, Error>>()?;
    let count = rows.len() as u64;
    if count > 0 {
        // Another replica may do the same at the same time.
        let once = OnConflict::columns([Column::Kind, Column::Code, Column::Version]).do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(once).exec_without_returning(&**tx).await?;
    }
    Ok(count)
}
