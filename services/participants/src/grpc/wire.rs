//! Messages to what the use-cases take, and back.

use chassis::Error;
use proto::participants::v1 as pb;

use crate::{
    app::import::{self, Import},
    domain::{
        file::Row,
        participant::{FieldChange, Participant},
        plan::Plan,
    },
    store::{import as import_row, participant_version},
};

/// Changes that a preview tells.
const CHANGES_MAX: usize = 200;

pub(super) fn participant(participant: Participant) -> pb::Participant {
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    pb::Participant {
        bin: participant.bin.to_string(),
        name: participant.name,
        status: participant.status.code().to_owned(),
        former_names: participant.former_names,
        legal_form: participant.legal_form,
        registration_number: participant.registration_number,
        registered_on: date(participant.registered_on),
        version: participant.version,
        licence_number: participant.licence_number,
        activities: participant.activities,
        address: participant.address,
        status_since: date(participant.status_since),
    }
}

pub(crate) fn row(row: pb::Participant) -> Row {
    Row {
        bin: row.bin,
        name: row.name,
        status: row.status,
        status_since: row.status_since,
        former_names: row.former_names,
        legal_form: row.legal_form,
        registration_number: row.registration_number,
        registered_on: row.registered_on,
        licence_number: row.licence_number,
        activities: row.activities,
        address: row.address,
    }
}

pub(super) fn import(message: pb::ImportParticipantsRequest) -> Result<Import, Error> {
    if !message.rows.is_empty() && !message.file.is_empty() {
        return Err(Error::Malformed("rows or a file, not both".to_owned()));
    }
    Ok(Import {
        rows: message.rows.into_iter().map(row).collect(),
        file: message.file,
        source: message.source,
        preview_digest: message.preview_digest,
    })
}

fn field(change: FieldChange) -> pb::FieldChange {
    pb::FieldChange { field: change.field, before: change.before, after: change.after }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub(super) fn imported(plan: &Plan) -> pb::ImportParticipantsResponse {
    pb::ImportParticipantsResponse {
        added: count(plan.added()),
        changed: count(plan.changed()),
        unchanged: count(plan.unchanged),
    }
}

pub(super) fn preview(plan: Plan) -> pb::ImportPreview {
    pb::ImportPreview {
        added: count(plan.added()),
        changed: count(plan.changed()),
        unchanged: count(plan.unchanged),
        digest: import::digest(&plan),
        changes: plan
            .changes
            .into_iter()
            .take(CHANGES_MAX)
            .map(|change| pb::ParticipantChange {
                bin: change.after.bin.to_string(),
                name: change.after.name,
                added: change.added,
                fields: change.fields.into_iter().map(field).collect(),
            })
            .collect(),
    }
}

pub(super) fn version(row: participant_version::Model) -> Result<pb::ParticipantVersion, Error> {
    let changes: Vec<FieldChange> = serde_json::from_str(&row.changes)
        .map_err(|_| Error::corrupt("participant_version", "changes", format!("{} {}", row.bin, row.version)))?;
    Ok(pb::ParticipantVersion {
        version: row.version,
        at_micros: row.at,
        actor: row.actor,
        source: row.source,
        changes: changes.into_iter().map(field).collect(),
    })
}

pub(super) fn import_row(row: import_row::Model) -> pb::Import {
    let count = |count: i32| u32::try_from(count).unwrap_or_default();
    pb::Import {
        id: row.id,
        at_micros: row.at,
        actor: row.actor,
        source: row.source,
        added: count(row.added),
        changed: count(row.changed),
        unchanged: count(row.unchanged),
        outcome: row.outcome,
    }
}
