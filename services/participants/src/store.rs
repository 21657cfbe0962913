//! Rows and what they mean: row to domain (fallible) and back.

pub(crate) mod participant;

use std::collections::HashMap;

use chassis::{Error, Tx};
use kernel::{Bin, name_key};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, sea_query::OnConflict,
};

use crate::domain::participant::{Participant, Status};

/// Rows written or asked for in one statement, below the databases' limits on parameters.
const ROWS_AT_ONCE: usize = 500;

pub(crate) async fn by_bin(db: &impl ConnectionTrait, bin: &Bin) -> Result<Option<Participant>, Error> {
    participant::Entity::find_by_id(bin.to_string()).one(db).await?.map(to_domain).transpose()
}

/// Those of the BINs that are known.
pub(crate) async fn by_bins<'a>(
    db: &impl ConnectionTrait,
    bins: impl Iterator<Item = &'a Bin>,
) -> Result<HashMap<Bin, Participant>, Error> {
    let bins: Vec<String> = bins.map(ToString::to_string).collect();
    let mut known = HashMap::new();
    for some in bins.chunks(ROWS_AT_ONCE) {
        let rows = participant::Entity::find().filter(participant::Column::Bin.is_in(some)).all(db).await?;
        for row in rows {
            let participant = to_domain(row)?;
            known.insert(participant.bin.clone(), participant);
        }
    }
    Ok(known)
}

/// Writes participants, new or changed.
pub(crate) async fn put(tx: &Tx, participants: &[Participant]) -> Result<(), Error> {
    for some in participants.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().map(to_row).collect::<Result<Vec<_>, _>>()?;
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
                        participant::Column::Version,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(&**tx)
            .await?;
    }
    Ok(())
}

pub(crate) fn to_domain(row: participant::Model) -> Result<Participant, Error> {
    let corrupt = |column| Error::corrupt("participant", column, &row.bin);
    Ok(Participant {
        bin: row.bin.parse().map_err(|_| corrupt("bin"))?,
        status: Status::parse(&row.status).ok_or_else(|| corrupt("status"))?,
        former_names: serde_json::from_str(&row.former_names).map_err(|_| corrupt("former_names"))?,
        registered_on: match row.registered_on.as_str() {
            "" => None,
            date => Some(kernel::parse_date(date).map_err(|_| corrupt("registered_on"))?),
        },
        name: row.name,
        legal_form: row.legal_form,
        registration_number: row.registration_number,
        version: row.version,
    })
}

fn to_row(participant: &Participant) -> Result<participant::ActiveModel, Error> {
    // Found by former names too.
    let names = [std::slice::from_ref(&participant.name), &participant.former_names].concat();
    Ok(participant::ActiveModel {
        bin: Set(participant.bin.to_string()),
        name: Set(participant.name.clone()),
        name_key: Set(name_key(&names.join(" | "))),
        status: Set(participant.status.code().to_owned()),
        former_names: Set(
            serde_json::to_string(&participant.former_names).map_err(|error| Error::Internal(error.into()))?
        ),
        legal_form: Set(participant.legal_form.clone()),
        registration_number: Set(participant.registration_number.clone()),
        registered_on: Set(participant.registered_on.map(|date| date.to_string()).unwrap_or_default()),
        version: Set(participant.version),
    })
}
