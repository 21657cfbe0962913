//! Rows and what they mean: row to domain (fallible) and back.

pub(crate) mod import;
pub(crate) mod participant;
pub(crate) mod participant_version;

use std::collections::HashMap;

use chassis::{Error, Tx, clock::Sources, db::Source};
use kernel::{Actor, Bin, Time, coded, name_key};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};

use crate::domain::{
    participant::{Participant, Status},
    plan::{Change, Plan},
};

/// Rows written or asked for in one statement, below the databases' limits on parameters.
const ROWS_AT_ONCE: usize = 500;

pub(crate) async fn by_bin(db: &impl Source, bin: &Bin) -> Result<Option<Participant>, Error> {
    db.root(participant::Entity::find_by_id(bin.to_string())).one(db).await?.map(to_domain).transpose()
}

/// Those of the BINs that are known.
pub(crate) async fn by_bins<'a>(
    db: &impl Source,
    bins: impl Iterator<Item = &'a Bin>,
) -> Result<HashMap<Bin, Participant>, Error> {
    let bins: Vec<String> = bins.map(ToString::to_string).collect();
    let mut known = HashMap::new();
    for some in bins.chunks(ROWS_AT_ONCE) {
        let rows = db.root(participant::Entity::find().filter(participant::Column::Bin.is_in(some))).all(db).await?;
        for row in rows {
            let participant = to_domain(row)?;
            known.insert(participant.bin.clone(), participant);
        }
    }
    Ok(known)
}

coded! {
    /// What became of an import.
    Outcome {
        Applied = "applied",
        Held = "held",
    }
}

/// Writes participants, new or changed.
pub(crate) async fn put(tx: &Tx, changes: &[Change]) -> Result<(), Error> {
    for some in changes.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().map(|change| to_row(&change.after)).collect::<Result<Vec<_>, _>>()?;
        participant::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::column(participant::Column::Bin)
                    .update_columns([
                        participant::Column::Name,
                        participant::Column::NameKey,
                        participant::Column::Status,
                        participant::Column::FormerNames,
                        participant::Column::LegalForm,
                        participant::Column::RegistrationNumber,
                        participant::Column::RegisteredOn,
                        participant::Column::LicenceNumber,
                        participant::Column::Activities,
                        participant::Column::Address,
                        participant::Column::StatusSince,
                        participant::Column::Version,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(&**tx)
            .await?;
    }
    Ok(())
}

/// Writes what has changed, by whom and because of what.
pub(crate) async fn note_versions(
    tx: &Tx,
    now: Time,
    actor: &Actor,
    source: &str,
    changes: &[Change],
) -> Result<(), Error> {
    for some in changes.chunks(ROWS_AT_ONCE) {
        let rows = some
            .iter()
            .map(|change| {
                Ok(participant_version::ActiveModel {
                    bin: Set(change.after.bin.to_string()),
                    version: Set(change.after.version),
                    at: Set(now.micros()),
                    actor: Set(actor.principal()),
                    source: Set(source.to_owned()),
                    changes: Set(json(&change.fields)?),
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        participant_version::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// Writes that an import was made, or held.
pub(crate) async fn note_import(
    tx: &Tx,
    sources: &Sources,
    actor: &Actor,
    source: &str,
    plan: &Plan,
    digest: &str,
    outcome: Outcome,
) -> Result<(), Error> {
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    import::Entity::insert(import::ActiveModel {
        id: Set(sources.uuid().to_string()),
        at: Set(sources.now().micros()),
        actor: Set(actor.principal()),
        source: Set(source.to_owned()),
        added: Set(count(plan.added())),
        changed: Set(count(plan.changed())),
        unchanged: Set(count(plan.unchanged)),
        outcome: Set(outcome.code().to_owned()),
        digest: Set(digest.to_owned()),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.into()))
}

pub(crate) fn to_domain(row: participant::Model) -> Result<Participant, Error> {
    let corrupt = |column| Error::corrupt("participant", column, &row.bin);
    let date = |column, text: &str| match text {
        "" => Ok(None),
        text => kernel::parse_date(text).map(Some).map_err(|_| corrupt(column)),
    };
    let list = |column, text: &str| serde_json::from_str(text).map_err(|_| corrupt(column));
    Ok(Participant {
        bin: row.bin.parse().map_err(|_| corrupt("bin"))?,
        status: Status::parse(&row.status).ok_or_else(|| corrupt("status"))?,
        status_since: date("status_since", &row.status_since)?,
        former_names: list("former_names", &row.former_names)?,
        registered_on: date("registered_on", &row.registered_on)?,
        activities: list("activities", &row.activities)?,
        name: row.name,
        legal_form: row.legal_form,
        registration_number: row.registration_number,
        licence_number: row.licence_number,
        address: row.address,
        version: row.version,
    })
}

fn to_row(participant: &Participant) -> Result<participant::ActiveModel, Error> {
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    // Found by former names too.
    let names = [std::slice::from_ref(&participant.name), &participant.former_names].concat();
    Ok(participant::ActiveModel {
        bin: Set(participant.bin.to_string()),
        name: Set(participant.name.clone()),
        name_key: Set(name_key(&names.join(" | "))),
        status: Set(participant.status.code().to_owned()),
        former_names: Set(json(&participant.former_names)?),
        legal_form: Set(participant.legal_form.clone()),
        registration_number: Set(participant.registration_number.clone()),
        registered_on: Set(date(participant.registered_on)),
        licence_number: Set(participant.licence_number.clone()),
        activities: Set(json(&participant.activities)?),
        address: Set(participant.address.clone()),
        status_since: Set(date(participant.status_since)),
        version: Set(participant.version),
    })
}
