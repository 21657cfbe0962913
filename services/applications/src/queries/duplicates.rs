//! Whether a person is applied for twice: the same passport and service on another open application.

use std::collections::HashMap;

use chassis::{Error, db::Source, seal::Sealer};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef,
};

use crate::{
    domain::{
        case::{Case, Person},
        state::State,
    },
    store::{application, line, person},
};

/// Rows that are looked at, at most: a passport stands on few cases.
const ROWS_MAX: u64 = 100;

/// Numbers of other open applications by passport number and service.
pub(super) struct Duplicates(HashMap<(Vec<u8>, String), Vec<i64>>);

impl Duplicates {
    /// What this reader may know: an applicant his own applications, staff all that were filed.
    pub(super) async fn read(db: &impl Source, sealer: &Sealer, case: &Case, staff: bool) -> Result<Self, Error> {
        let passports: Vec<Vec<u8>> = case.persons().filter_map(|person| index(sealer, person)).collect();
        if case.state.is_final() || passports.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        let of_line: RelationDef =
            person::Entity::belongs_to(line::Entity).from(person::Column::LineId).to(line::Column::Id).into();
        let of_case: RelationDef = person::Entity::belongs_to(application::Entity)
            .from(person::Column::Number)
            .to(application::Column::Number)
            .into();
        let open = State::ALL.iter().filter(|state| !state.is_final() && !(staff && **state == State::Draft));
        let mut query = person::Entity::find()
            .join(JoinType::InnerJoin, of_line)
            .join(JoinType::InnerJoin, of_case)
            .filter(person::Column::PassportIndex.is_in(passports))
            .filter(person::Column::Number.ne(case.number.get()))
            .filter(application::Column::State.is_in(open.map(|state| state.code())));
        if !staff {
            query = query.filter(application::Column::Owner.eq(case.owner.to_string()));
        }
        let rows: Vec<(Vec<u8>, String, i64)> = query
            .select_only()
            .column(person::Column::PassportIndex)
            .column(line::Column::ServiceCode)
            .column(person::Column::Number)
            .order_by_desc(person::Column::Number)
            .limit(ROWS_MAX)
            .into_tuple()
            .all(db)
            .await?;
        let mut found: HashMap<(Vec<u8>, String), Vec<i64>> = HashMap::new();
        for (passport, service, number) in rows {
            let numbers = found.entry((passport, service)).or_default();
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        for numbers in found.values_mut() {
            numbers.sort_unstable();
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
