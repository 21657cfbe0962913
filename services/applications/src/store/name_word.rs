//! Rows of `name_word`: the words of the names on a filed case, folded. Names change only while a case is with its
//! applicant, so the words are written when it is filed.

use std::collections::BTreeSet;

use chassis::{Error, Tx};
use kernel::name_key;
use sea_orm::{ActiveValue::Set, entity::prelude::*};

use crate::domain::case::Case;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "name_word")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Of a long word only so much is kept, and looked for.
const LETTERS_MAX: usize = 40;

/// The words of a folded name; what parts them is everything but letters and digits.
pub(crate) fn words(key: &str) -> BTreeSet<String> {
    key.split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LETTERS_MAX).collect())
        .collect()
}

/// Writes a case's words anew.
pub(crate) async fn write(tx: &Tx, case: &Case) -> Result<(), Error> {
    let number = case.number.get();
    Entity::delete_many().filter(Column::Number.eq(number)).exec(&**tx).await?;
    let contact = [&case.contact.surname, &case.contact.given_name, &case.membership.organisation_name];
    let names = contact.into_iter().chain(case.persons().map(|person| &person.name));
    let found: BTreeSet<String> = names.flat_map(|name| words(&name_key(name))).collect();
    if !found.is_empty() {
        let rows = found.into_iter().map(|word| ActiveModel { word: Set(word), number: Set(number) });
        Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(())
}
