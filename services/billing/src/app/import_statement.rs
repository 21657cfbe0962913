//! Finance imports a statement of the account. A line that is the bank's side of what is known is joined to it; a transfer
//! that names one invoice and pays the whole rest of it becomes evidence; the rest waits for people. The same line again
//! changes nothing.

use std::collections::{BTreeSet, HashMap};

use chassis::{Error, Tx, audit, auth::permit, wire};
use kernel::{Actor, LineText, Money, Role, Violations};
use proto::billing::v1::{ImportStatementRequest, ImportStatementResponse, RecordTransferRequest, TransferPart};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{Ports, record_transfer};
use crate::{
    domain::{
        codes,
        invoice::Invoice,
        statement::{self, Direction, StatementLine},
    },
    store::{self, evidence, invoice, refund, transfer},
};

/// Bytes of a file at most; a call carries no more.
const FILE_MAX: usize = 2 * 1024 * 1024;
/// Lines whose invoices are asked for at once.
const ASKED_AT_ONCE: usize = 200;
/// Unmatched lines of former statements that are looked at again, the newest first.
const LOOKED_AT_AGAIN: u64 = 500;
/// Faults that are told at once.
const FAULTS_MAX: usize = 20;

/// Who imports and reads statements.
pub(crate) const READERS: [Role; 2] = [Role::Supervisor, Role::Finance];

/// What a line comes to.
enum Match {
    /// The bank's side of this evidence or refund.
    Known(i64, String),
    /// A transfer that pays the whole rest of an invoice.
    Pays(i64),
    /// It names a case, but not its sum, or what can't be paid.
    Proposed(i64),
    Unknown,
}

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &ImportStatementRequest,
) -> Result<ImportStatementResponse, Error> {
    let who = permit::staff(actor, &[Role::Finance])?.to_string();
    let (context, mut told) = (&ports.context, ImportStatementResponse::default());
    let lines = read(ports, command)?;
    lock(tx, ports, &lines).await?;
    let mut alike: HashMap<String, u32> = HashMap::new();
    for line in lines {
        let id = context.sources.uuid().simple().to_string();
        let before = alike.entry(line.key()).or_default();
        let key = line.key_after(*before);
        *before += 1;
        if !store::statement::insert(tx, &context.sealer, (&id, &line, key), &who, context.sources.now()).await? {
            told.known += 1;
            continue;
        }
        match judge(tx, ports, actor, &line).await? {
            Match::Known(number, matched) => {
                store::statement::set_match(tx, &id, Some(number), &matched).await?;
                told.matched += 1;
            }
            Match::Pays(number) => {
                record(tx, ports, actor, (number, &line)).await?;
                let operation = format!("transfer:{}:{number}", line.reference);
                store::statement::set_match(tx, &id, Some(number), &operation).await?;
                told.recorded += 1;
            }
            Match::Proposed(number) => {
                store::statement::set_match(tx, &id, Some(number), "").await?;
                told.proposed += 1;
            }
            Match::Unknown => told.unmatched += 1,
        }
    }
    look_again(tx, ports).await?;
    let counts = format!("{} matched, {} recorded, {} known", told.matched, told.recorded, told.known);
    audit::record(tx, &context.sources, actor, "STATEMENT_IMPORTED", "statement", &counts).await?;
    Ok(told)
}

fn read(ports: &Ports, command: &ImportStatementRequest) -> Result<Vec<StatementLine>, Error> {
    if command.content.len() > FILE_MAX {
        return Err(Error::at("file", codes::FILE_TOO_LARGE));
    }
    let text = std::str::from_utf8(&command.content).map_err(|_| Error::at("file", codes::STATEMENT_HEADER))?;
    let today = ports.context.zone.date(ports.context.sources.now());
    let lines = statement::parse(text).map_err(|faults| refuse(&faults))?;
    let ahead: Vec<_> =
        lines.iter().filter(|line| line.booked_on > today).map(|line| (line.number, codes::DATE_AHEAD)).collect();
    if ahead.is_empty() { Ok(lines) } else { Err(refuse(&ahead)) }
}

fn refuse(faults: &[statement::Fault]) -> Error {
    let mut told = Violations::new();
    for (number, code) in faults.iter().take(FAULTS_MAX) {
        told.add(&format!("rows[{}]", number - 1), *code);
    }
    told.into_refusal().into()
}

/// All cases that are named, before the ledger's accounts, in the order of their numbers, as everybody locks them.
async fn lock(tx: &Tx, ports: &Ports, lines: &[StatementLine]) -> Result<(), Error> {
    let mut numbers = BTreeSet::new();
    for some in lines.chunks(ASKED_AT_ONCE) {
        let named = named(tx, ports, some).await?;
        numbers.extend(named.into_iter().map(|invoice| invoice.application.get()));
    }
    for number in numbers {
        store::load(&**tx, &ports.context.sealer, number).await?;
    }
    Ok(())
}

async fn judge(tx: &Tx, ports: &Ports, actor: &Actor, line: &StatementLine) -> Result<Match, Error> {
    let known = match line.direction {
        Direction::In => known_receipt(tx, line).await?,
        Direction::Out => known_refund(tx, line).await?,
    };
    if let Some((number, matched)) = known {
        // Where another line is the bank's side of it already, this one is money of its own.
        let taken = store::statement::is_matched(tx, &matched).await?;
        return Ok(if taken { Match::Proposed(number) } else { Match::Known(number, matched) });
    }
    if line.direction == Direction::Out {
        return Ok(Match::Unknown);
    }
    let named = named(tx, ports, std::slice::from_ref(line)).await?;
    let [invoice] = named.as_slice() else {
        return Ok(named.first().map_or(Match::Unknown, |first| Match::Proposed(first.application.get())));
    };
    let number = invoice.application.get();
    let billable = store::load(&**tx, &ports.context.sealer, number).await?;
    // Read again under the billable's lock: another line of this file may have paid it.
    let invoice = store::invoice(&**tx, &ports.context.sealer, invoice.id).await?;
    let shown = store::evidence(&**tx, number).await?;
    let came = Money::sum(shown.iter().filter(|one| one.invoice == invoice.id && one.applied).map(|one| one.amount));
    let rest = came.map(|came| invoice.total.minor() - came.minor());
    let taken = transfer::Entity::find_by_id(line.reference.clone()).one(&**tx).await?.is_some();
    let pays = rest == Some(line.amount.minor())
        && invoice.state.is_payable()
        && billable.invoice == Some(invoice.id)
        && !billable.closed
        && actor.account() != Some(billable.account)
        && LineText::<60>::parse(&line.reference).is_ok()
        && !taken;
    Ok(if pays { Match::Pays(number) } else { Match::Proposed(number) })
}

/// Lines of former statements that came before the books knew: by now they may be the bank's side of something.
async fn look_again(tx: &Tx, ports: &Ports) -> Result<(), Error> {
    for one in store::statement::unmatched(tx, &ports.context.sealer, LOOKED_AT_AGAIN).await? {
        let known = match one.line.direction {
            Direction::In => known_receipt(tx, &one.line).await?,
            Direction::Out => known_refund(tx, &one.line).await?,
        };
        if let Some((number, matched)) = known
            && !store::statement::is_matched(tx, &matched).await?
        {
            store::statement::set_match(tx, &one.id, Some(number), &matched).await?;
        }
    }
    Ok(())
}

/// A charge by the bank's reference or order number, or a transfer that was recorded by hand: of the same sum.
async fn known_receipt(tx: &Tx, line: &StatementLine) -> Result<Option<(i64, String)>, Error> {
    let mut references = line.digits(12);
    references.push(line.reference.clone());
    let by_number = sea_orm::Condition::any()
        .add(evidence::Column::Reference.is_in(references))
        .add(evidence::Column::OrderNumber.is_in(line.orders()));
    let found = evidence::Entity::find()
        .filter(by_number)
        .filter(evidence::Column::Amount.eq(line.amount.minor()))
        .one(&**tx)
        .await?;
    if let Some(row) = found {
        return Ok(Some((row.application_number, row.operation)));
    }
    let Some(row) = transfer::Entity::find_by_id(line.reference.clone()).one(&**tx).await? else { return Ok(None) };
    if row.amount != line.amount.minor() {
        return Ok(None);
    }
    let part = evidence::Entity::find().filter(evidence::Column::Reference.eq(&line.reference)).one(&**tx).await?;
    Ok(part.map(|part| (part.application_number, part.operation)))
}

/// A payment order of a refund. What went back in part by card and the rest by an order is left to people.
async fn known_refund(tx: &Tx, line: &StatementLine) -> Result<Option<(i64, String)>, Error> {
    let rows = refund::Entity::find().filter(refund::Column::OrderNumber.eq(&line.reference)).all(&**tx).await?;
    let same = rows.into_iter().find(|row| row.credited + row.released == line.amount.minor());
    Ok(same.map(|row| (row.application_number, row.id)))
}

/// The invoices that the purposes of what came name by reference or document number.
async fn named(tx: &Tx, ports: &Ports, lines: &[StatementLine]) -> Result<Vec<Invoice>, Error> {
    let came = || lines.iter().filter(|line| line.direction == Direction::In);
    let references: Vec<String> = came().flat_map(|line| line.digits(6)).collect();
    let documents: Vec<String> = came().flat_map(StatementLine::documents).collect();
    let by_number = sea_orm::Condition::any()
        .add(invoice::Column::ReferenceNumber.is_in(references))
        .add(invoice::Column::DocumentNumber.is_in(documents));
    let rows = invoice::Entity::find().filter(by_number).all(&**tx).await?;
    rows.into_iter().map(|row| store::to_invoice(row, &ports.context.sealer)).collect()
}

async fn record(tx: &Tx, ports: &Ports, actor: &Actor, (number, line): (i64, &StatementLine)) -> Result<(), Error> {
    let amount = Some(wire::money(line.amount));
    let command = RecordTransferRequest {
        application_number: number,
        bank_document_number: line.reference.clone(),
        amount: amount.clone(),
        received_on: line.booked_on.to_string(),
        sender: LineText::<200>::parse(&line.sender).map(Into::into).unwrap_or_default(),
        parts: vec![TransferPart { application_number: number, amount }],
        receipt_id: String::new(),
    };
    record_transfer::run(tx, ports, actor, &command).await
}
