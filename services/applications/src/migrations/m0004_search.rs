//! Staff find a case by any word of the names on it: the words stand in a table of their own, so that a search is a
//! look at an index. Filed cases get their words here; later ones when they are filed.

use std::collections::BTreeSet;

use kernel::name_key;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string},
    sea_orm::FromQueryResult,
};

use crate::store::name_word::words;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0004_search"
    }
}

/// Cases of one step.
const STEP: u64 = 1000;

#[derive(FromQueryResult)]
struct Named {
    number: i64,
    names: String,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("name_word")
            .col(string("word"))
            .col(big_integer("number"))
            .primary_key(Index::create().col("word").col("number"))
            .to_owned();
        manager.create_table(table).await?;
        let index = Index::create().name("name_word_number").table("name_word").col("number").to_owned();
        manager.create_index(index).await?;
        let mut last = 0;
        loop {
            let filed = filed(manager, last).await?;
            let Some(end) = filed.last().map(|case| case.number) else { return Ok(()) };
            let mut found: BTreeSet<(String, i64)> = BTreeSet::new();
            for named in filed.iter().chain(&persons(manager, last, end).await?) {
                found.extend(words(&name_key(&named.names)).into_iter().map(|word| (word, named.number)));
            }
            write(manager, &found.into_iter().collect::<Vec<_>>()).await?;
            last = end;
        }
    }
}

async fn filed(manager: &SchemaManager<'_>, after: i64) -> Result<Vec<Named>, DbErr> {
    let query = Query::select()
        .column("number")
        .expr_as(
            Expr::col("contact_name")
                .binary(BinOper::Custom("||"), " ")
                .binary(BinOper::Custom("||"), Expr::col("organisation_name")),
            "names",
        )
        .from("application")
        .and_where(Expr::col("number").gt(after))
        .and_where(Expr::col("submitted_at").is_not_null())
        .order_by("number", Order::Asc)
        .limit(STEP)
        .to_owned();
    rows(manager, &query).await
}

async fn persons(manager: &SchemaManager<'_>, after: i64, end: i64) -> Result<Vec<Named>, DbErr> {
    let filed = Query::select()
        .column("number")
        .from("application")
        .and_where(Expr::col("number").gt(after))
        .and_where(Expr::col("number").lte(end))
        .and_where(Expr::col("submitted_at").is_not_null())
        .to_owned();
    let query = Query::select()
        .column("number")
        .expr_as(Expr::col("name"), "names")
        .from("person")
        .and_where(Expr::col("number").in_subquery(filed))
        .to_owned();
    rows(manager, &query).await
}

async fn rows(manager: &SchemaManager<'_>, query: &SelectStatement) -> Result<Vec<Named>, DbErr> {
    let rows = manager.get_connection().query_all(query).await?;
    rows.iter().map(|row| Named::from_query_result(row, "")).collect()
}

async fn write(manager: &SchemaManager<'_>, found: &[(String, i64)]) -> Result<(), DbErr> {
    for part in found.chunks(1000) {
        let mut insert = Query::insert().into_table("name_word").columns(["word", "number"]).to_owned();
        for (word, number) in part {
            insert.values_panic([word.clone().into(), (*number).into()]);
        }
        manager.get_connection().execute(&insert).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _};

    use super::*;
    use crate::{migrations, store::name_word};

    fn before() -> Vec<Box<dyn MigrationTrait>> {
        let mut all = migrations::all();
        all.retain(|step| step.name() < "applications_m0004");
        all
    }

    #[tokio::test]
    async fn cases_filed_before_are_found_too() {
        let folder = tempfile::tempdir().unwrap();
        let db = chassis::testing::sqlite(folder.path(), "applications", before).await;
        let case = |number: i64, name: &str, submitted: &str| {
            format!(
                "INSERT INTO application VALUES ({number}, 1, 'acc_1', 'expat_centre', 'NEW', '', 0, 0, {submitted}, '', \
                 '', 'Example Ltd.', FALSE, FALSE, 0, 0, '{name}', '', x'00', '', 0, '', 1, NULL, x'00', '', '', '', '', \
                 NULL)"
            )
        };
        let person =
            "INSERT INTO person VALUES ('itm_1', 'lin_1', 7, 0, 'SCHMIDT-ROSSI LENA', '', x'00', x'00', '', '')";
        let written = [case(7, "Сәрсенова Айгерім", "1"), case(8, "Harper Amelia", "NULL"), person.to_owned()];
        db.write(move |tx| async move {
            for row in written {
                tx.execute_unprepared(&row).await?;
            }
            Ok::<_, chassis::Error>(())
        })
        .await
        .unwrap();
        drop(db);
        let db = chassis::testing::sqlite(folder.path(), "applications", migrations::all).await;
        let words = name_word::Entity::find().order_by_asc(name_word::Column::Word).all(db.read()).await.unwrap();
        let words: Vec<_> = words.iter().map(|row| (row.word.as_str(), row.number)).collect();
        let expected = ["example", "lena", "ltd", "rossi", "schmidt", "айгерім", "сәрсенова"];
        assert_eq!(words, expected.map(|word| (word, 7)));
    }
}
