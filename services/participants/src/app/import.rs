//! Imports rows of the registry: all of them or, where one is faulty, none; and tells beforehand what would change.

use std::fmt::Write as _;

use chassis::{Error, Tx, audit, auth::permit, db::Source, seal};
use kernel::{Actor, LineText, Role, Scope};

use super::Ports;
use crate::{
    domain::{
        check, codes,
        file::{self, Row},
        plan::Plan,
    },
    store::{self, Outcome},
};

/// What is imported: rows, or a file that holds them.
pub(crate) struct Import {
    pub rows: Vec<Row>,
    pub file: Vec<u8>,
    /// Where it comes from.
    pub source: String,
    /// Of the preview that was agreed to; empty: none was looked at.
    pub preview_digest: String,
}

fn permitted(actor: &Actor) -> Result<(), Error> {
    permit::staff_or_scope(actor, &[Role::Admin], Scope::ParticipantsImport)
}

/// What the import changes of what is known now.
pub(crate) async fn plan(db: &impl Source, ports: &Ports, import: &Import) -> Result<Plan, Error> {
    let read;
    let rows = if import.file.is_empty() {
        &import.rows
    } else {
        read = file::read(&import.file)?;
        &read
    };
    let rows = check::all(rows, ports.config.import_rows_max)?;
    let known = store::by_bins(db, rows.iter().map(|row| &row.bin)).await?;
    Ok(Plan::of(&known, rows))
}

/// The digest by which a preview is told from another.
pub(crate) fn digest(plan: &Plan) -> String {
    seal::digest(plan.fingerprint().as_bytes()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) async fn preview(ports: &Ports, actor: &Actor, import: &Import) -> Result<Plan, Error> {
    permitted(actor)?;
    plan(ports.context.db.read(), ports, import).await
}

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, import: &Import) -> Result<Plan, Error> {
    permitted(actor)?;
    carry_out(tx, ports, actor, import).await
}

/// The import itself, for whoever needs no permission: an operator, the sync.
pub(crate) async fn carry_out(tx: &Tx, ports: &Ports, actor: &Actor, import: &Import) -> Result<Plan, Error> {
    let source = source(&import.source)?;
    let plan = plan(&**tx, ports, import).await?;
    let digest = digest(&plan);
    if !import.preview_digest.is_empty() && import.preview_digest != digest {
        return Err(Error::refuse(codes::IMPORT_STALE));
    }
    apply(tx, ports, actor, &source, &plan, &digest).await?;
    Ok(plan)
}

/// Writes what was planned, with its history.
pub(crate) async fn apply(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    source: &str,
    plan: &Plan,
    digest: &str,
) -> Result<(), Error> {
    let sources = &ports.context.sources;
    store::put(tx, &plan.changes).await?;
    store::note_versions(tx, sources.now(), actor, source, &plan.changes).await?;
    store::note_import(tx, sources, actor, source, plan, digest, Outcome::Applied).await?;
    let detail = format!("added {} changed {} unchanged {}", plan.added(), plan.changed(), plan.unchanged);
    audit::record(tx, sources, actor, "PARTICIPANTS_IMPORTED", "participants", &detail).await
}

fn source(given: &str) -> Result<String, Error> {
    if given.trim().is_empty() {
        return Ok(String::new());
    }
    let parsed = LineText::<300>::parse(given);
    Ok(parsed.map_err(|fault| Error::at("source", kernel::ErrorCode::code(&fault)))?.into())
}
