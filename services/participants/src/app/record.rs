//! One participant with its history, and the imports so far; for staff.

use chassis::{Error, auth::permit, page::Page};
use kernel::{Actor, Bin, ErrorCode as _, Scope};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{Ports, list::STAFF};
use crate::{
    domain::participant::Participant,
    store::{self, import, participant_version},
};

/// Versions that are told of one participant.
const VERSIONS_MAX: u64 = 100;

pub(crate) async fn get(
    ports: &Ports,
    actor: &Actor,
    bin: &str,
) -> Result<(Participant, Vec<participant_version::Model>), Error> {
    permit::staff_or_scope(actor, STAFF, Scope::ParticipantsRead)?;
    let bin = Bin::parse(bin).map_err(|fault| Error::at("bin", fault.code()))?;
    let db = ports.context.db.read();
    let found = store::by_bin(db, &bin).await?.ok_or(Error::NotFound)?;
    let versions = participant_version::Entity::find()
        .filter(participant_version::Column::Bin.eq(bin.to_string()))
        .order_by_desc(participant_version::Column::Version)
        .limit(VERSIONS_MAX)
        .all(db)
        .await?;
    Ok((found, versions))
}

pub(crate) async fn imports(ports: &Ports, actor: &Actor, page: Page) -> Result<(Vec<import::Model>, u64), Error> {
    permit::staff_or_scope(actor, STAFF, Scope::ParticipantsImport)?;
    let db = ports.context.db.read();
    let total = import::Entity::find().count(db).await?;
    let rows = import::Entity::find()
        .order_by_desc(import::Column::At)
        .order_by_desc(import::Column::Id)
        .offset(page.offset())
        .limit(page.limit())
        .all(db)
        .await?;
    Ok((rows, total))
}
