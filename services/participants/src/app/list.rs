//! Searches the registry by name or BIN.

use chassis::{Error, auth::permit, page::Page};
use kernel::{Actor, Role, Scope};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::Ports;
use crate::{
    domain::participant::Participant,
    store::{self, participant},
};

pub(super) const STAFF: &[Role] = &[Role::Manager, Role::Supervisor, Role::Finance, Role::Admin];
/// What is searched for is cut to this many characters.
const SEARCH_MAX: usize = 100;

pub(crate) async fn run(
    ports: &Ports,
    actor: &Actor,
    search: &str,
    page: Page,
) -> Result<(Vec<Participant>, u64), Error> {
    permit::staff_or_scope(actor, STAFF, Scope::ParticipantsRead)?;
    let db = ports.context.db.read();
    let wanted: String =
        kernel::name_key(search).chars().filter(|c| !matches!(c, '%' | '_' | '\\')).take(SEARCH_MAX).collect();
    let mut found = participant::Entity::find();
    if !wanted.is_empty() {
        let digits: String = wanted.chars().filter(|c| !c.is_whitespace()).collect();
        found = found.filter(
            Condition::any()
                .add(participant::Column::NameKey.contains(&wanted))
                .add(participant::Column::Bin.starts_with(&digits)),
        );
    }
    let total = found.clone().count(db).await?;
    let rows = found
        .order_by_asc(participant::Column::NameKey)
        .order_by_asc(participant::Column::Bin)
        .offset(page.offset())
        .limit(page.limit())
        .all(db)
        .await?;
    let participants = rows.into_iter().map(store::to_domain).collect::<Result<_, _>>()?;
    Ok((participants, total))
}
