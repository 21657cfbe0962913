//! Files of the catalogue brought in: each entry that differs gets a new edition, all of them in one transaction or
//! none. Prices wait for another person, as everywhere.

use chassis::{Error, Tx, audit, auth::permit};
use jiff::civil::Date;
use kernel::{Actor, Refusal, Role, Violation};
use proto::applications::v1 as pb;

use super::{
    Ports,
    propose_edition::{day, reason},
};
use crate::{
    catalogue::{
        book::Edition,
        check,
        entry::{Entry, Kind},
        files::Files,
    },
    domain::codes,
    queries::editions,
    store::edition::{self, EditionState, Model},
};

/// Bytes of one file at most.
const FILE_MAX: usize = 1024 * 1024;

/// One edition to be made.
struct Change {
    edition: Edition,
    /// What it replaces on its day.
    before: String,
    four_eyes: bool,
}

/// What the files would change, or what is wrong with them.
struct Read {
    changes: Vec<Change>,
    faults: Vec<String>,
}

/// Looks at files without storing anything.
pub(crate) async fn look(
    ports: &Ports,
    actor: &Actor,
    command: &pb::ImportCatalogueRequest,
) -> Result<pb::ImportCatalogueResponse, Error> {
    permit::staff(actor, &[Role::Admin])?;
    let rows = edition::all(ports.context.db.read()).await?;
    told(&read(ports, command, &rows)?)
}

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::ImportCatalogueRequest,
) -> Result<pb::ImportCatalogueResponse, Error> {
    permit::staff(actor, &[Role::Admin])?;
    let said = reason(&command.reason)?;
    if said.is_empty() {
        return Err(Error::at("reason", codes::REASON_MISSING));
    }
    let found = read(ports, command, &edition::all(&**tx).await?)?;
    if !found.faults.is_empty() {
        let fault = Violation::new("files", codes::CATALOGUE_FAULT).with("faults", found.faults.join("; "));
        return Err(Refusal::invalid(vec![fault]).into());
    }
    let context = &ports.context;
    for change in &found.changes {
        let state = if change.four_eyes { EditionState::Proposed } else { EditionState::Published };
        edition::add(tx, edition::row(&change.edition, state, &actor.principal(), context.sources.now(), &said)?)
            .await?;
        let action = if change.four_eyes { "EDITION_PROPOSED" } else { "EDITION_PUBLISHED" };
        let entry = &change.edition.entry;
        let what = format!("{}/{}/{}", entry.kind().code(), entry.code(), change.edition.version);
        audit::record(tx, &context.sources, actor, action, what, &said).await?;
    }
    told(&found)
}

fn read(ports: &Ports, command: &pb::ImportCatalogueRequest, rows: &[Model]) -> Result<Read, Error> {
    let context = &ports.context;
    let today = context.zone.date(context.sources.now());
    let from = day(&command.from_date, today)?;
    let given = command.files.clone().unwrap_or_default();
    let faulty = |faults: Vec<String>| Ok(Read { changes: Vec::new(), faults });
    if [&given.catalogue, &given.forms, &given.offer].iter().any(|text| text.len() > FILE_MAX) {
        return faulty(vec![format!("a file has more than {FILE_MAX} bytes")]);
    }
    let files = Files::of(&given.catalogue, &given.forms, &given.offer);
    let stated = match files.editions(from) {
        Ok(stated) => stated,
        Err(error) => return faulty(vec![format!("{error:#}").replace('\n', " ")]),
    };
    let mut faults = Vec::new();
    let mut changes: Vec<Change> = Vec::new();
    for stated in stated {
        let (kind, code) = (stated.entry.kind(), stated.entry.code());
        let known: Vec<&Model> = rows.iter().filter(|row| row.kind == kind.code() && row.code == code).collect();
        if changes.iter().any(|made| is_same(&made.edition, &stated)) {
            faults.push(format!("{} {code}: stands twice", kind.code()));
            continue;
        }
        let before = before(&known, &stated.entry, from)?;
        if before.as_ref().is_some_and(|before| *before == stated.entry) {
            continue;
        }
        if let Some(own) = stated.entry.own_version()
            && known.iter().any(|row| row.version == own)
        {
            let next = known.iter().map(|row| row.version).max().unwrap_or(0) + 1;
            faults.push(format!(
                "{} {code}: version {own} is known and says something else; make it {next}",
                kind.code()
            ));
            continue;
        }
        let newest = known.iter().map(|row| row.version).max().unwrap_or(0);
        let version = stated.entry.own_version().unwrap_or(newest + 1);
        let text = |entry: &Entry| entry.to_toml().map_err(|error| Error::Internal(error.into()));
        changes.push(Change {
            four_eyes: editions::sets_price(&stated.entry, before.as_ref()),
            before: before.as_ref().map(text).transpose()?.unwrap_or_default(),
            edition: Edition { version, from: stated.from.max(from), entry: stated.entry },
        });
    }
    let book = ports.shelf.book();
    let whole = changes.iter().fold((*book).clone(), |book, change| book.with(change.edition.clone()));
    let known = check::faults(&book, from);
    let new = check::faults(&whole, from).into_iter().filter(|fault| !known.contains(fault));
    faults.extend(new.map(|fault| files.told(&fault)));
    Ok(Read { changes, faults })
}

/// Whether two name the same edition of the same entry.
fn is_same(one: &Edition, other: &Edition) -> bool {
    one.entry.kind() == other.entry.kind()
        && one.entry.code() == other.entry.code()
        && one.entry.own_version() == other.entry.own_version()
}

/// What a stated entry is held against: a form and an offer their version, others what is published for the day.
fn before(known: &[&Model], stated: &Entry, day: Date) -> Result<Option<Entry>, Error> {
    let day = day.to_string();
    let published = known.iter().filter(|row| row.state == EditionState::Published.code());
    let row = match (stated.kind(), stated.own_version()) {
        (Kind::Form | Kind::PublicOffer, Some(own)) => published.clone().find(|row| row.version == own),
        _ => published.filter(|row| row.from_date <= day).max_by_key(|row| (&row.from_date, row.version)),
    };
    Ok(row.map(|row| edition::parse(row)).transpose()?.map(|edition| edition.entry))
}

fn told(found: &Read) -> Result<pb::ImportCatalogueResponse, Error> {
    let editions = found.changes.iter().map(|change| {
        let entry = &change.edition.entry;
        let body = entry.to_toml().map_err(|error| Error::Internal(error.into()))?;
        Ok(pb::Edition {
            kind: entry.kind().code().to_owned(),
            code: entry.code().to_owned(),
            version: change.edition.version.unsigned_abs(),
            from_date: change.edition.from.to_string(),
            changes: editions::changes(&change.before, &body),
            four_eyes: change.four_eyes,
            ..pb::Edition::default()
        })
    });
    Ok(pb::ImportCatalogueResponse {
        editions: editions.collect::<Result<Vec<_>, Error>>()?,
        faults: found.faults.clone(),
    })
}
