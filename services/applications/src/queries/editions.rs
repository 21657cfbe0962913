//! The catalogue's editions as staff see them.

use chassis::{Error, auth::permit, wire};
use kernel::{Actor, Localized, Role};
use proto::applications::v1 as pb;
use sea_orm::EntityTrait as _;
use similar::{ChangeTag, TextDiff};

use crate::{
    app::Ports,
    catalogue::{
        entry::{Entry, Kind},
        files,
    },
    domain::codes,
    store::edition::{self, EditionState, Model},
};

/// Who reads the catalogue's history.
pub(crate) const READERS: &[Role] = &[Role::Admin, Role::Finance, Role::Supervisor, Role::Manager];

pub(crate) fn kind(code: &str) -> Result<Kind, Error> {
    Kind::parse(code).ok_or_else(|| Error::at("kind", codes::EDITION_UNKNOWN))
}

pub(crate) async fn list(
    ports: &Ports,
    actor: &Actor,
    asked: &pb::ListEditionsRequest,
) -> Result<pb::ListEditionsResponse, Error> {
    permit::staff(actor, READERS)?;
    let rows = edition::of(ports.context.db.read(), kind(&asked.kind)?, &asked.code).await?;
    let editions = rows.iter().map(|row| told(ports, actor, row, &rows, None)).collect::<Result<Vec<_>, Error>>()?;
    Ok(pb::ListEditionsResponse { editions })
}

pub(crate) async fn get(ports: &Ports, actor: &Actor, id: i64) -> Result<pb::Edition, Error> {
    permit::staff(actor, READERS)?;
    let db = ports.context.db.read();
    let row = edition::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    let others = edition::of(db, kind(&row.kind)?, &row.code).await?;
    whole(ports, actor, &row, &others)
}

/// What counts today, as files.
pub(crate) fn export(ports: &Ports, actor: &Actor) -> Result<pb::CatalogueFiles, Error> {
    permit::staff(actor, READERS)?;
    let today = ports.context.zone.date(ports.context.sources.now());
    let (catalogue, forms, offer) = files::export(&ports.shelf.book(), today).map_err(Error::Internal)?;
    Ok(pb::CatalogueFiles { catalogue, forms, offer })
}

/// An edition with its text and what it changes.
pub(crate) fn whole(ports: &Ports, actor: &Actor, row: &Model, others: &[Model]) -> Result<pb::Edition, Error> {
    let before = others
        .iter()
        .filter(|other| other.version < row.version && other.state == EditionState::Published.code())
        .max_by_key(|other| other.version);
    told(ports, actor, row, others, Some(before))
}

/// With `before` (an edition or none) it is told whole.
fn told(
    ports: &Ports,
    actor: &Actor,
    row: &Model,
    others: &[Model],
    before: Option<Option<&Model>>,
) -> Result<pb::Edition, Error> {
    let edition = edition::parse(row)?;
    let today = ports.context.zone.date(ports.context.sources.now()).to_string();
    let published = row.state == EditionState::Published.code();
    // Days as text sort as they follow each other.
    let in_force = others
        .iter()
        .filter(|other| other.code == row.code && other.state == EditionState::Published.code())
        .filter(|other| other.from_date <= today)
        .max_by_key(|other| (&other.from_date, other.version))
        .is_some_and(|current| current.version == row.version);
    let proposed = row.state == EditionState::Proposed.code();
    Ok(pb::Edition {
        id: row.seq,
        kind: row.kind.clone(),
        code: row.code.clone(),
        version: row.version.unsigned_abs(),
        from_date: row.from_date.clone(),
        state: row.state.clone(),
        in_force,
        reason: row.reason.clone(),
        proposed_by: row.proposed_by.clone(),
        proposed_at_micros: row.proposed_at,
        decided_by: row.decided_by.clone(),
        decided_at_micros: row.decided_at.unwrap_or(0),
        decision_reason: row.decision_reason.clone(),
        body: if before.is_some() { row.body.clone() } else { String::new() },
        name: name(&edition.entry).map(wire::localized),
        changes: before.map(|before| changes(before.map_or("", |before| &before.body), &row.body)).unwrap_or_default(),
        decidable: proposed && may_write(actor, &edition.entry) && actor.principal() != row.proposed_by,
        // Whatever else was proposed has been published at once.
        four_eyes: proposed,
        ahead: published && row.from_date > today,
    })
}

/// Admin writes everything, finance what sets a price.
pub(crate) fn may_write(actor: &Actor, entry: &Entry) -> bool {
    actor.has_role(Role::Admin) || (actor.has_role(Role::Finance) && !entry.prices().is_empty())
}

/// Whether an entry sets another price than the one before it: that takes a second person.
pub(crate) fn sets_price(entry: &Entry, before: Option<&Entry>) -> bool {
    !entry.prices().is_empty() && before.is_none_or(|before| before.prices() != entry.prices())
}

fn name(entry: &Entry) -> Option<&Localized> {
    match entry {
        Entry::Terms(_) | Entry::DocumentSet(_) | Entry::Form(_) => None,
        Entry::Category(category) => Some(&category.name),
        Entry::Document(paper) => Some(&paper.name),
        Entry::Service(service) => Some(&service.name),
        Entry::PublicOffer(offer) => Some(&offer.title),
    }
}

/// The lines of text that are different.
pub(crate) fn changes(before: &str, after: &str) -> Vec<pb::EditionChange> {
    let change = |kind: &str, text: &str| pb::EditionChange { kind: kind.to_owned(), text: text.trim_end().to_owned() };
    TextDiff::from_lines(before, after)
        .iter_all_changes()
        .filter(|line| !line.value().trim().is_empty())
        .filter_map(|line| match line.tag() {
            ChangeTag::Equal => None,
            ChangeTag::Delete => Some(change("removed", line.value())),
            ChangeTag::Insert => Some(change("added", line.value())),
        })
        .collect()
}
