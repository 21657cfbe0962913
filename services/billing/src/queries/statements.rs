//! A day of the account: what the statement says beside what the books say, and where they differ, one by one.

use std::collections::HashSet;

use chassis::{Error, auth::permit, db::Source, wire};
use kernel::{Actor, Money, parse_date};
use proto::billing::v1 as pb;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    app::{Ports, import_statement::READERS},
    domain::{evidence::EvidenceKind, refund::part::PartState, statement::Direction},
    store::{
        self, evidence, invoice, refund, refund_part,
        statement::{self, Stored},
    },
};

fn sum(minor: impl Iterator<Item = i64>) -> Option<proto::common::v1::Money> {
    Some(wire::money(Money::home(minor.sum())))
}

/// One day of the centre's zone; today where none is named.
pub(crate) async fn day(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::GetBankDayRequest,
) -> Result<pb::BankDay, Error> {
    permit::staff(actor, &READERS)?;
    let context = &ports.context;
    let today = context.zone.date(context.sources.now());
    let day = if request.date.is_empty() { today } else { parse_date(&request.date).map_err(|_| Error::NotFound)? };
    let next = day.tomorrow().map_err(|_| Error::NotFound)?;
    let (from, until) = (context.zone.start_of(day).micros(), context.zone.start_of(next).micros());
    let lines = statement::of_day(db, &context.sealer, &day.to_string()).await?;
    let came = evidence::Entity::find()
        .filter(evidence::Column::At.gte(from))
        .filter(evidence::Column::At.lt(until))
        .order_by_asc(evidence::Column::At)
        .all(db)
        .await?;
    let back = refund_part::Entity::find()
        .filter(refund_part::Column::State.eq(PartState::Done.code()))
        .filter(refund_part::Column::At.gte(from))
        .filter(refund_part::Column::At.lt(until))
        .all(db)
        .await?;
    let orders = refund::Entity::find().filter(refund::Column::OrderDate.eq(day.to_string())).all(db).await?;
    let of = |kind: EvidenceKind| came.iter().filter(move |row| row.kind == kind.code()).map(|row| row.amount);
    let moved =
        |way: Direction| lines.iter().filter(move |one| one.line.direction == way).map(|one| one.line.amount.minor());
    let mut answer = pb::BankDay {
        date: day.to_string(),
        charged: sum(of(EvidenceKind::Charge)),
        transferred: sum(of(EvidenceKind::Transfer)),
        confirmed: sum(came.iter().filter(|row| row.confirmed).map(|row| row.amount)),
        refunded_by_card: sum(back.iter().map(|row| row.amount)),
        refunded_by_order: sum(orders.iter().map(|row| row.credited + row.released)),
        statement_in: sum(moved(Direction::In)),
        statement_out: sum(moved(Direction::Out)),
        lines: Vec::new(),
        differences: Vec::new(),
    };
    let mut seen = HashSet::new();
    for one in &lines {
        let state = state(db, one, &mut seen).await?;
        let invoice_id = invoice_of(db, one.application).await?;
        answer.lines.push(to_line(one, state, invoice_id));
    }
    for row in &came {
        let kind = EvidenceKind::parse(&row.kind);
        let matched = statement::Entity::find().filter(statement::Column::Matched.eq(&row.operation)).one(db).await?;
        // A recorded transfer of several parts stands as one line: its document says so.
        let by_document = lines.iter().any(|one| one.line.reference == row.reference);
        let kind = match kind {
            Some(_) if matched.is_some() || by_document => continue,
            Some(EvidenceKind::Charge) => "charge_not_on_statement",
            Some(EvidenceKind::Transfer) | None => "transfer_not_on_statement",
        };
        answer.differences.push(pb::BankDifference {
            kind: kind.to_owned(),
            application_number: row.application_number,
            invoice_id: row.invoice_id.clone(),
            amount: sum(std::iter::once(row.amount)),
            reference: row.reference.clone(),
        });
    }
    for one in answer.lines.iter().filter(|one| one.state != "matched") {
        answer.differences.push(pb::BankDifference {
            kind: format!("line_{}", one.state),
            application_number: one.application_number,
            invoice_id: one.invoice_id.clone(),
            amount: one.amount.clone(),
            reference: one.reference.clone(),
        });
    }
    Ok(answer)
}

/// "matched" once it is the bank's side of something, also where staff recorded it after the import.
async fn state(db: &impl Source, one: &Stored, seen: &mut HashSet<String>) -> Result<&'static str, Error> {
    let in_the_books = match one.line.direction {
        Direction::In => {
            let recorded = store::transfer::Entity::find_by_id(one.line.reference.clone()).one(db).await?;
            recorded.is_some_and(|row| row.amount == one.line.amount.minor())
        }
        Direction::Out => refund::Entity::find()
            .filter(refund::Column::OrderNumber.eq(&one.line.reference))
            .one(db)
            .await?
            .is_some_and(|row| row.credited + row.released == one.line.amount.minor()),
    };
    let known = !one.matched.is_empty()
        || (in_the_books
            && !statement::is_taken(db, one).await?
            && seen.insert(format!("document {}", one.line.reference)));
    // Two lines of one and the same payment are not both its bank side.
    let again = !one.matched.is_empty() && !seen.insert(one.matched.clone());
    Ok(match (known && !again, one.application) {
        (true, _) => "matched",
        (false, Some(_)) => "proposed",
        (false, None) => "unmatched",
    })
}

async fn invoice_of(db: &impl Source, number: Option<i64>) -> Result<String, Error> {
    let Some(number) = number else { return Ok(String::new()) };
    let newest = invoice::Entity::find()
        .filter(invoice::Column::ApplicationNumber.eq(number))
        .order_by_desc(invoice::Column::IssuedAt)
        .one(db)
        .await?;
    Ok(newest.map(|row| row.id).unwrap_or_default())
}

fn to_line(one: &Stored, state: &str, invoice_id: String) -> pb::StatementLine {
    let line = &one.line;
    pb::StatementLine {
        id: one.id.clone(),
        date: line.booked_on.to_string(),
        reference: line.reference.clone(),
        direction: line.direction.code().to_owned(),
        amount: Some(wire::money(line.amount)),
        sender: line.sender.clone(),
        purpose: line.purpose.clone(),
        state: state.to_owned(),
        application_number: one.application.unwrap_or(0),
        invoice_id,
    }
}
