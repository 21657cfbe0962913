//! Whether a person is applied for twice: the same passport and service on another open application.

use std::collections::HashMap;

use chassis::{Error, db::Source, seal::Sealer};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use crate::{
    domain::{
        case::{Case, Person},
        state::State,
    },
    store::{application, line, person},
};

/// Rows that are looked at, at most: a passport stands on few cases.
const ROWS_MAX: u64 = 500;

/// Numbers of other open applications by passport number and service.
pub(super) struct Duplicates(HashMap<(Vec<u8>, String), Vec<i64>>);

impl Duplicates {
    /// What this reader may know: an applicant his own applications, staff all that were filed.
    pub(super) async fn read(db: &impl Source, sealer: &Sealer, case: &Case, staff: bool) -> Result<Self, Error> {
        let passports: Vec<Vec<u8>> = case.persons().filter_map(|person| index(sealer, person)).collect();
        if case.state.is_final() || passports.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        let persons = person::Entity::find()
            .filter(person::Column::PassportIndex.is_in(passports))
            .filter(person::Column::Number.ne(case.number.get()))
            .limit(ROWS_MAX)
            .all(db)
            .await?;
        if persons.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        let services: Vec<(String, String)> = line::Entity::find()
            .filter(line::Column::Id.is_in(persons.iter().map(|row| row.line_id.clone())))
            .select_only()
            .columns([line::Column::Id, line::Column::ServiceCode])
            .into_tuple()
            .all(db)
            .await?;
        let services: HashMap<String, String> = services.into_iter().collect();
        let cases: Vec<(i64, String, String)> = application::Entity::find()
            .filter(application::Column::Number.is_in(persons.iter().map(|row| row.number)))
            .select_only()
            .columns([application::Column::Number, application::Column::State, application::Column::Owner])
            .into_tuple()
            .all(db)
            .await?;
        let owner = case.owner.to_string();
        let told = |state: &str, of: &str| {
            State::parse(state)
                .is_some_and(|state| !state.is_final() && if staff { state != State::Draft } else { of == owner })
        };
        let open: Vec<i64> =
            cases.iter().filter(|(_, state, of)| told(state, of)).map(|(number, _, _)| *number).collect();
        let mut found: HashMap<(Vec<u8>, String), Vec<i64>> = HashMap::new();
        for row in persons.into_iter().filter(|row| open.contains(&row.number)) {
            let Some(service) = services.get(&row.line_id) else { continue };
            let numbers = found.entry((row.passport_index, service.clone())).or_default();
            if !numbers.contains(&row.number) {
                numbers.push(row.number);
            }
        }
        Ok(Self(found))
    }

    pub(super) fn of(&self, sealer: &Sealer, person: &Person, service_code: &str) -> Vec<i64> {
        index(sealer, person)
            .and_then(|passport| self.0.get(&(passport, service_code.to_owned())).cloned())
            .unwrap_or_default()
    }
}

fn index(sealer: &Sealer, person: &Person) -> Option<Vec<u8>> {
    let passport = person.values.get("passport_number").filter(|number| !number.is_empty())?;
    Some(sealer.blind_index("passport", passport))
}
