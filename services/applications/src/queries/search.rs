//! What staff find a case by: its number, an invoice's number or reference, a BIN, a passport number, or beginnings of
//! words of its names. Each is a look at an index, however many cases there are; a part from the middle of a word is not
//! looked for.

use std::collections::{BTreeSet, HashMap};

use chassis::{Error, seal::Sealer};
use kernel::{Actor, PassportNumber, Role, Scope, name_key};
use proto::applications::v1 as pb;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _,
    sea_query::{IntoCondition, Query, SelectStatement, UnionType},
};

use crate::{
    domain::form::Values,
    store::{application, invoice_number, name_word, open_json, person, values_place},
};

/// Words of one search that are looked for; more of them find nothing else.
const WORDS_MAX: usize = 5;
/// Persons of one case that are told.
const TOLD_MAX: usize = 5;
/// Behind every word that begins with another.
const END: char = char::MAX;

/// One search, as it was typed.
pub(super) struct Search {
    number: Option<i64>,
    invoice: String,
    bin: Option<String>,
    passport: Option<Vec<u8>>,
    words: Vec<String>,
    /// Whether persons are told to the one who searches.
    persons: bool,
}

impl Search {
    /// Nothing for a search of blanks. Persons are looked for only by whoever may see them.
    pub(super) fn parse(text: &str, sealer: &Sealer, actor: &Actor) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let persons = actor.has_role(Role::Manager)
            || actor.has_role(Role::Supervisor)
            || actor.has_scope(Scope::ApplicationsRead);
        let passport = PassportNumber::parse(text).ok().filter(|_| persons);
        Some(Self {
            number: text.trim_start_matches('#').parse().ok(),
            invoice: invoice_number::told(text),
            bin: kernel::Bin::parse(text).ok().map(|bin| bin.to_string()),
            passport: passport.map(|number| sealer.blind_index("passport", number.as_str())),
            words: name_word::words(&name_key(text)).into_iter().take(WORDS_MAX).collect(),
            persons,
        })
    }

    /// Numbers of the cases that are found.
    pub(super) fn numbers(&self) -> SelectStatement {
        let mut ways = Vec::new();
        if let Some(number) = self.number {
            ways.push(numbers(application::Entity, application::Column::Number.eq(number)));
        }
        ways.push(numbers(invoice_number::Entity, invoice_number::Column::Told.eq(self.invoice.as_str())));
        if let Some(bin) = &self.bin {
            ways.push(numbers(application::Entity, application::Column::Bin.eq(bin.as_str())));
        }
        if let Some(passport) = &self.passport {
            ways.push(numbers(person::Entity, person::Column::PassportIndex.eq(passport.clone())));
        }
        let mut found = by_words(&self.words);
        for way in ways {
            found.union(UnionType::Distinct, way);
        }
        found
    }

    /// The persons whom the search meant, by case. Of the passport only its end is told.
    pub(super) async fn persons(
        &self,
        db: &impl ConnectionTrait,
        sealer: &Sealer,
        cases: Vec<i64>,
    ) -> Result<HashMap<i64, Vec<pb::FoundPerson>>, Error> {
        if !self.persons {
            return Ok(HashMap::new());
        }
        let mut met = Condition::any();
        if let Some(passport) = &self.passport {
            met = met.add(person::Column::PassportIndex.eq(passport.clone()));
        }
        if let Some(word) = self.words.first() {
            met = met.add(person::Column::NameKey.contains(word));
        }
        let rows = person::Entity::find()
            .filter(person::Column::Number.is_in(cases))
            .filter(met)
            .order_by_asc(person::Column::Number)
            .order_by_asc(person::Column::Ordinal)
            .all(db)
            .await?;
        let mut found: HashMap<i64, Vec<pb::FoundPerson>> = HashMap::new();
        for row in rows.iter().filter(|row| self.means(row)) {
            let told = found.entry(row.number).or_default();
            if told.len() < TOLD_MAX {
                let values: Values = open_json(sealer, &values_place(&row.id), &row.values_sealed)?;
                let passport_masked = masked(values.get("passport_number").map_or("", String::as_str));
                told.push(pb::FoundPerson { name: row.name.clone(), passport_masked });
            }
        }
        Ok(found)
    }

    fn means(&self, row: &person::Model) -> bool {
        let has = |words: &BTreeSet<String>, wanted: &String| words.iter().any(|word| word.starts_with(wanted));
        let words = name_word::words(&row.name_key);
        self.passport.as_ref() == Some(&row.passport_index)
            || !self.words.is_empty() && self.words.iter().all(|wanted| has(&words, wanted))
    }
}

fn masked(passport: &str) -> String {
    match PassportNumber::parse(passport) {
        Ok(number) => format!("••••{}", number.tail()),
        Err(_) => String::new(),
    }
}

fn numbers<E: EntityTrait>(entity: E, met: impl IntoCondition) -> SelectStatement {
    Query::select().column("number").from(entity).cond_where(met).to_owned()
}

/// Cases of which some word begins with the first, some with the second, and so on; no case without a word.
fn by_words(words: &[String]) -> SelectStatement {
    let mut words = words.iter();
    let mut all = begins(words.next().map_or("", String::as_str));
    for word in words {
        all = all.add(name_word::Column::Number.in_subquery(numbers(name_word::Entity, begins(word))));
    }
    numbers(name_word::Entity, all)
}

/// A range instead of LIKE: both databases answer it from the index.
fn begins(word: &str) -> Condition {
    let end = if word.is_empty() { String::new() } else { format!("{word}{END}") };
    Condition::all().add(name_word::Column::Word.gte(word)).add(name_word::Column::Word.lt(end))
}
