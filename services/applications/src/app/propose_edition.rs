//! A new edition of a catalogue's entry: checked as files are, then published, or kept until another person has
//! looked at a changed price.

use chassis::{Error, Tx, audit, auth::permit};
use jiff::civil::Date;
use kernel::{Actor, FreeText, Refusal};
use proto::applications::v1 as pb;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::Ports;
use crate::{
    catalogue::{
        book::Edition,
        check,
        entry::{Entry, Kind},
    },
    domain::codes,
    queries::{self, catalogue, editions},
    store::edition::{self, EditionState, Model},
};

/// A proposal that was read.
struct Draft {
    edition: Edition,
    four_eyes: bool,
}

enum Read {
    Sound(Draft),
    Faulty(Vec<String>),
}

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::ProposeEditionRequest,
) -> Result<pb::Edition, Error> {
    let kind = permitted(actor, command)?;
    let said = reason(&command.reason)?;
    if said.is_empty() {
        return Err(Error::at("reason", codes::REASON_MISSING));
    }
    let history = edition::of(&**tx, kind, "").await?;
    // Two may write at a time: who comes second looks at the first one's text before his own replaces it.
    let newest = history.iter().filter(|row| row.code == command.code).map(|row| row.version.unsigned_abs()).max();
    if command.base_version.is_some_and(|base| base != newest.unwrap_or(0)) {
        return Err(Refusal::new(codes::EDITION_CHANGED).into());
    }
    let draft = match read(ports, kind, command, &history)? {
        Read::Sound(draft) => draft,
        Read::Faulty(faults) => {
            let fault = kernel::Violation::new("body", codes::CATALOGUE_FAULT).with("faults", faults.join("; "));
            return Err(Refusal::invalid(vec![fault]).into());
        }
    };
    if !editions::may_write(actor, &draft.edition.entry) {
        return Err(Error::Forbidden);
    }
    let state = if draft.four_eyes { EditionState::Proposed } else { EditionState::Published };
    let context = &ports.context;
    let row = edition::row(&draft.edition, state, &actor.principal(), context.sources.now(), &said)?;
    let (code, version) = (draft.edition.entry.code().to_owned(), draft.edition.version);
    edition::add(tx, row).await?;
    let action = if draft.four_eyes { "EDITION_PROPOSED" } else { "EDITION_PUBLISHED" };
    audit::record(tx, &context.sources, actor, action, format!("{}/{code}/{version}", kind.code()), &said).await?;
    let history = edition::of(&**tx, kind, &code).await?;
    let row = found(&history, version)?;
    editions::whole(ports, actor, row, &history)
}

/// The same without storing: faults are told in the answer.
pub(crate) async fn preview(
    ports: &Ports,
    actor: &Actor,
    command: &pb::ProposeEditionRequest,
) -> Result<pb::EditionPreview, Error> {
    let kind = permitted(actor, command)?;
    let history = edition::of(ports.context.db.read(), kind, "").await?;
    let draft = match read(ports, kind, command, &history)? {
        Read::Sound(draft) => draft,
        Read::Faulty(faults) => return Ok(pb::EditionPreview { faults, ..pb::EditionPreview::default() }),
    };
    let edition = &draft.edition;
    let day = ports.shelf.book().with(edition.clone()).on(edition.from);
    let before = history
        .iter()
        .filter(|row| row.code == edition.entry.code() && row.state == EditionState::Published.code())
        .max_by_key(|row| row.version);
    let body = edition.entry.to_toml().map_err(|error| Error::Internal(error.into()))?;
    let mut preview = pb::EditionPreview {
        edition: Some(pb::Edition {
            kind: command.kind.clone(),
            code: edition.entry.code().to_owned(),
            version: edition.version.unsigned_abs(),
            from_date: edition.from.to_string(),
            changes: editions::changes(before.map_or("", |row| &row.body), &body),
            body,
            four_eyes: draft.four_eyes,
            ..pb::Edition::default()
        }),
        ..pb::EditionPreview::default()
    };
    match &edition.entry {
        Entry::Service(service) => preview.service = Some(catalogue::wire_service(&day, service)),
        Entry::Form(form) => preview.form = day.form(&form.code, form.version).map(catalogue::wire_form),
        Entry::PublicOffer(offer) => preview.offer = Some(catalogue::offer(offer, kernel::Locale::default())),
        Entry::Terms(_) | Entry::Category(_) | Entry::Document(_) | Entry::DocumentSet(_) => {}
    }
    Ok(preview)
}

fn permitted(actor: &Actor, command: &pb::ProposeEditionRequest) -> Result<Kind, Error> {
    permit::staff(actor, &[kernel::Role::Admin, kernel::Role::Finance])?;
    queries::editions::kind(&command.kind)
}

/// Reads a proposal and holds it against everything that is published.
fn read(ports: &Ports, kind: Kind, command: &pb::ProposeEditionRequest, history: &[Model]) -> Result<Read, Error> {
    let context = &ports.context;
    let today = context.zone.date(context.sources.now());
    let from = day(&command.from_date, today)?;
    if command.body.len() > BODY_MAX {
        return Ok(Read::Faulty(vec![format!("more than {BODY_MAX} bytes")]));
    }
    let entry = match Entry::from_toml(kind, &command.body) {
        Ok(entry) => entry,
        Err(error) => return Ok(Read::Faulty(vec![sentence(&command.body, &error)])),
    };
    if !command.code.is_empty() && entry.code() != command.code {
        return Ok(Read::Faulty(vec![format!("its code must be {}", command.code)]));
    }
    let last = history.iter().filter(|row| row.code == entry.code()).map(|row| row.version).max().unwrap_or(0);
    let proposed = Edition { version: last + 1, from, entry };
    let book = ports.shelf.book();
    let known = check::faults(&book, from);
    let faults: Vec<String> = check::faults(&book.with(proposed.clone()), from)
        .into_iter()
        .filter(|fault| !known.contains(fault))
        .map(|fault| match line_of(&command.body, &fault.field) {
            Some(line) if fault.kind == kind && fault.code == proposed.entry.code() => {
                format!("line {line}: {}", fault.sentence())
            }
            Some(_) | None => fault.sentence(),
        })
        .collect();
    if !faults.is_empty() {
        return Ok(Read::Faulty(faults));
    }
    // What was published a moment ago by another process counts: the rows say it, the shelf may not know yet.
    let day = from.to_string();
    let before = history
        .iter()
        .filter(|row| row.code == proposed.entry.code() && row.state == EditionState::Published.code())
        .filter(|row| row.from_date <= day)
        .max_by_key(|row| (&row.from_date, row.version))
        .map(edition::parse)
        .transpose()?;
    let four_eyes = editions::sets_price(&proposed.entry, before.as_ref().map(|before| &before.entry));
    Ok(Read::Sound(Draft { edition: proposed, four_eyes }))
}

/// Bytes of an entry's text at most.
const BODY_MAX: usize = 256 * 1024;

/// The day an edition counts from: today or later.
pub(super) fn day(text: &str, today: Date) -> Result<Date, Error> {
    if text.trim().is_empty() {
        return Ok(today);
    }
    kernel::time::parse_date(text)
        .ok()
        .filter(|day| *day >= today)
        .ok_or_else(|| Error::at("from_date", codes::EDITION_DATE))
}

/// The reader's sentence with its line.
fn sentence(body: &str, error: &toml::de::Error) -> String {
    let line = error.span().and_then(|span| body.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    let what = error.message().replace('\n', " ");
    line.map_or(what.clone(), |line| format!("line {line}: {what}"))
}

/// The line of a form's question.
fn line_of(body: &str, key: &str) -> Option<usize> {
    let says = format!("\"{key}\"");
    body.lines()
        .position(|row| {
            !key.is_empty()
                && row.split_once('=').is_some_and(|(name, value)| name.trim() == "key" && value.trim() == says)
        })
        .map(|index| index + 1)
}

pub(super) fn reason(text: &str) -> Result<String, Error> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let parsed = FreeText::<1000>::parse(text);
    parsed.map(Into::into).map_err(|error| Error::at("reason", kernel::ErrorCode::code(&error)))
}

fn found(history: &[Model], version: i32) -> Result<&Model, Error> {
    history
        .iter()
        .find(|row| row.version == version)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("edition {version} is gone")))
}

/// What stands in the row of an edition, to be decided on.
pub(super) async fn row(tx: &Tx, id: i64) -> Result<Model, Error> {
    edition::Entity::find().filter(edition::Column::Seq.eq(id)).one(&**tx).await?.ok_or(Error::NotFound)
}
