//! Who read which personal data within a time, for telling those whom a breach concerns. The log of reads is the audit log:
//! staff and programs stand in it with each case and each paper that they opened.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use chassis::{
    Error,
    audit::{self, row},
    auth::permit,
    db::Source,
};
use kernel::{AccountId, Actor, Refusal, Role};
use proto::applications::v1 as pb;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::Ports;
use crate::{
    domain::codes,
    store::{application, document, person},
};

/// What counts as reading personal data; reading lists does not.
const READS: [&str; 4] = ["APPLICATION_READ", "DOCUMENT_READ", "THREAD_READ", "CHANGES_READ"];
/// Numbers or ids in one question to the database.
const AT_ONCE: usize = 500;

pub(crate) async fn run(
    ports: &Arc<Ports>,
    actor: Actor,
    request: &pb::ExportReadsRequest,
) -> Result<pb::ExportReadsResponse, Error> {
    permit::staff(&actor, &[Role::Admin])?;
    let context = &ports.context;
    if request.from_micros >= request.to_micros {
        return Err(Error::at("to_micros", codes::DATE_ORDER));
    }
    let mut query = row::Entity::find()
        .filter(row::Column::Action.is_in(READS))
        .filter(row::Column::At.gte(request.from_micros))
        .filter(row::Column::At.lt(request.to_micros));
    if !request.reader_account_id.trim().is_empty() {
        let reader: AccountId = request.reader_account_id.trim().parse().map_err(|_| Error::NotFound)?;
        query = query.filter(row::Column::Actor.eq(format!("user:{reader}")));
    }
    let most = ports.config.limits.reads_max;
    let found = query.order_by_asc(row::Column::Seq).limit(most + 1).all(context.db.read()).await?;
    if found.len() as u64 > most {
        return Err(Refusal::new(codes::READS_TOO_MANY).with("max", most.to_string()).into());
    }
    let reads = summed(context.db.read(), found, &request.numbers).await?;
    let (sources, detail) = (context.sources.clone(), reads.len().to_string());
    let span = format!("{}-{}", request.from_micros, request.to_micros);
    context
        .db
        .write(move |tx| async move { audit::record(&tx, &sources, &actor, "READS_EXPORTED", span, &detail).await })
        .await?;
    Ok(pb::ExportReadsResponse { reads })
}

/// The rows of the log by application, reader and what was read.
async fn summed(db: &impl Source, found: Vec<row::Model>, wanted: &[i64]) -> Result<Vec<pb::ReadRecord>, Error> {
    let unnamed = found.iter().filter(|row| row.action == "DOCUMENT_READ" && row.detail.is_empty());
    let papers = papers(db, unnamed.map(|row| row.subject.clone()).collect()).await?;
    let mut reads: BTreeMap<(i64, String, String, String), pb::ReadRecord> = BTreeMap::new();
    for row in found {
        let place = match row.detail.split_once(' ') {
            Some((number, code)) if row.action == "DOCUMENT_READ" => {
                number.parse().ok().map(|number: i64| (number, code.to_owned()))
            }
            _ if row.action == "DOCUMENT_READ" => papers.get(&row.subject).cloned(),
            _ => row.subject.parse().ok().map(|number| (number, String::new())),
        };
        let Some((number, code)) = place.filter(|(number, _)| wanted.is_empty() || wanted.contains(number)) else {
            continue;
        };
        let key = (number, row.actor.clone(), row.action.clone(), code.clone());
        let read = reads.entry(key).or_insert_with(|| pb::ReadRecord {
            number,
            reader: row.actor,
            what: row.action,
            document_code: code,
            first_at_micros: row.at,
            ..pb::ReadRecord::default()
        });
        read.times = read.times.saturating_add(1);
        read.last_at_micros = row.at;
    }
    let numbers: HashSet<i64> = reads.keys().map(|(number, ..)| *number).collect();
    let numbers: Vec<i64> = numbers.into_iter().collect();
    let (mut owners, mut persons) = (HashMap::new(), HashMap::<i64, u32>::new());
    for part in numbers.chunks(AT_ONCE) {
        let rows: Vec<(i64, String)> = application::Entity::find()
            .filter(application::Column::Number.is_in(part.to_vec()))
            .select_only()
            .columns([application::Column::Number, application::Column::Owner])
            .into_tuple()
            .all(db)
            .await?;
        owners.extend(rows);
        let rows: Vec<i64> = person::Entity::find()
            .filter(person::Column::Number.is_in(part.to_vec()))
            .select_only()
            .column(person::Column::Number)
            .into_tuple()
            .all(db)
            .await?;
        for number in rows {
            *persons.entry(number).or_default() += 1;
        }
    }
    let told = |read: pb::ReadRecord| pb::ReadRecord {
        owner_account_id: owners.get(&read.number).cloned().unwrap_or_default(),
        persons: persons.get(&read.number).copied().unwrap_or_default(),
        ..read
    };
    Ok(reads.into_values().map(told).collect())
}

/// Application and code of papers, for rows that were written before they said so themselves.
async fn papers(db: &impl Source, ids: HashSet<String>) -> Result<HashMap<String, (i64, String)>, Error> {
    let ids: Vec<String> = ids.into_iter().collect();
    let mut papers = HashMap::new();
    for part in ids.chunks(AT_ONCE) {
        let rows: Vec<(String, i64, String)> = document::Entity::find()
            .filter(document::Column::Id.is_in(part.to_vec()))
            .select_only()
            .columns([document::Column::Id, document::Column::Number, document::Column::Code])
            .into_tuple()
            .all(db)
            .await?;
        papers.extend(rows.into_iter().map(|(id, number, code)| (id, (number, code))));
    }
    Ok(papers)
}
