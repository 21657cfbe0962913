//! Reads, as the actor may see them.

pub(crate) mod documents;
pub(crate) mod report;
pub(crate) mod settings;
pub(crate) mod statements;
mod wire;

use chassis::{Error, auth::permit, db::Source, page::Page};
use kernel::Actor;
use proto::billing::v1 as pb;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, Query},
};

pub(crate) use wire::{entered, to_wire};

use crate::{
    app::{DESK, Ports, is_reader, settings as app_settings, visible},
    domain::{
        billable::Billable,
        evidence,
        invoice::{Invoice, InvoiceState},
        ledger::Account,
        refund::{Purse, RefundState, card_charges},
        status::PaymentStatus,
    },
    store::{self, billable, evidence as evidence_row, invoice, refund},
};

/// What there is to pay for an application, as the actor may see it.
pub(crate) async fn one_billable(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    number: i64,
) -> Result<pb::Billable, Error> {
    let found = store::load(db, &ports.context.sealer, number).await?;
    visible(actor, found.account)?;
    whole(db, ports, actor, found).await
}

async fn whole(db: &impl Source, ports: &Ports, actor: &Actor, found: Billable) -> Result<pb::Billable, Error> {
    let current = match found.invoice {
        Some(id) => Some(store::invoice(db, &ports.context.sealer, id).await?),
        None => None,
    };
    let shown = store::evidence(db, found.application.get()).await?;
    let receipts = store::receipts(db, &ports.context.sealer, found.application.get()).await?;
    let nothing = || kernel::Money::home(0);
    let settled = current.as_ref().map_or_else(nothing, |invoice| invoice.settled);
    let spoken = current.as_ref().and_then(|invoice| evidence::shown(&shown, invoice.id)).unwrap_or_else(nothing);
    let came = kernel::Money::sum(shown.iter().map(|shown| shown.amount)).unwrap_or_else(nothing);
    let refunds = store::refund::of(db, &ports.context.sealer, found.application.get()).await?;
    let purse = Purse { came, invoice: current.as_ref(), refunds: &refunds };
    let (left, in_suspense) = (purse.creditable().saturating_add(purse.releasable()), purse.releasable());
    let staff = is_reader(actor);
    let today = ports.context.zone.date(ports.context.sources.now());
    let texts = app_settings::texts(db, ports, today).await?;
    let charges = card_charges(&shown, &refunds);
    Ok(pb::Billable {
        application_number: found.application.get(),
        version: found.version,
        payment_status: wire::status(found.status).into(),
        total: Some(chassis::wire::money(found.total)),
        payer: found.payer.as_ref().map(wire::payer),
        invoice: current.as_ref().map(|invoice| to_wire(invoice, found.status)),
        evidence: shown.iter().map(|shown| wire::evidence(shown, staff)).collect(),
        attempt_live: found.live_attempt.is_some(),
        closed: found.closed,
        disclaimer: Some(chassis::wire::localized(&texts.disclaimer)),
        decline_reason: found.decline_reason,
        refunds: refunds.iter().map(|refund| wire::refund(ports, refund, &charges)).collect(),
        refundable: Some(chassis::wire::money(kernel::Money::home(left))),
        receipts: receipts.iter().map(wire::receipt).collect(),
        settled: Some(chassis::wire::money(settled)),
        shown: Some(chassis::wire::money(spoken)),
        unapplied: Some(chassis::wire::money(kernel::Money::home(in_suspense))),
        pending_since_micros: found.pending_since.map_or(0, |since| since.micros()),
        pending_too_long: found.pending_since.is_some_and(|since| too_long(ports, since)),
        documents: documents::of_case(db, found.application.get()).await?,
    })
}

/// Refunds at the desk: open ones by their due date, or all of them, newest first.
pub(crate) async fn refunds(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::ListRefundsRequest,
) -> Result<pb::ListRefundsResponse, Error> {
    permit::staff(actor, &DESK)?;
    let page = Page::new(request.page.as_ref());
    let open = [
        RefundState::Requested,
        RefundState::UnderReview,
        RefundState::Approved,
        RefundState::Sent,
        RefundState::Failed,
    ]
    .map(RefundState::code);
    let mut query = refund::Entity::find();
    query = if request.all {
        query.order_by_desc(refund::Column::RequestedAt)
    } else {
        query.filter(refund::Column::State.is_in(open)).order_by_asc(refund::Column::DueDate)
    };
    let total = query.clone().count(db).await?;
    let rows = query.order_by_asc(refund::Column::Id).offset(page.offset()).limit(page.limit()).all(db).await?;
    let mut refunds = Vec::new();
    for row in rows {
        let evidence = store::evidence(db, row.application_number).await?;
        let known = store::refund::of(db, &ports.context.sealer, row.application_number).await?;
        let charges = card_charges(&evidence, &known);
        refunds.extend(known.iter().filter(|one| one.id == row.id).map(|one| wire::refund(ports, one, &charges)));
    }
    Ok(pb::ListRefundsResponse { refunds, page: Some(page.info(total)) })
}

/// Whether what is "Pending" since then has been so for more than a working day.
fn too_long(ports: &Ports, since: kernel::Time) -> bool {
    let (zone, calendar) = (&ports.context.zone, ports.calendar.now());
    let began = zone.civil(since);
    let until = zone.time(calendar.next_working(began.date()).to_datetime(began.time()));
    until < ports.context.sources.now()
}

/// One invoice, as the actor may see it.
pub(crate) async fn one_invoice(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    id: &str,
) -> Result<(Invoice, PaymentStatus), Error> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let found = store::invoice(db, &ports.context.sealer, id).await?;
    visible(actor, found.account)?;
    let billable = store::load(db, &ports.context.sealer, found.application.get()).await?;
    let status = if billable.invoice == Some(found.id) { billable.status } else { PaymentStatus::NotPaid };
    Ok((found, status))
}

/// The caller's own invoices, newest first.
pub(crate) async fn invoices(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::ListInvoicesRequest,
) -> Result<pb::ListInvoicesResponse, Error> {
    let owner = permit::user(actor)?;
    let page = Page::new(request.page.as_ref());
    let query = invoice::Entity::find().filter(invoice::Column::AccountId.eq(owner.to_string()));
    let total = query.clone().count(db).await?;
    let rows = query.order_by_desc(invoice::Column::IssuedAt).offset(page.offset()).limit(page.limit()).all(db).await?;
    let mut invoices = Vec::new();
    for row in rows {
        let found = store::to_invoice(row, &ports.context.sealer)?;
        let status = match found.state {
            InvoiceState::Paid => PaymentStatus::Paid,
            InvoiceState::PartlyPaid => PaymentStatus::PartlyPaid,
            InvoiceState::PartlyCredited => PaymentStatus::PartlyRefunded,
            InvoiceState::Credited => PaymentStatus::Refunded,
            InvoiceState::Issued | InvoiceState::Void | InvoiceState::Expired => PaymentStatus::NotPaid,
        };
        invoices.push(to_wire(&found, status));
    }
    Ok(pb::ListInvoicesResponse { invoices, page: Some(page.info(total)) })
}

/// The payment desk: what waits for confirmation or for the rest, and money that came for nothing that could be paid.
pub(crate) async fn payments(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::ListPaymentsRequest,
) -> Result<pb::ListPaymentsResponse, Error> {
    permit::staff(actor, &DESK)?;
    let page = Page::new(request.page.as_ref());
    // What was granted back since waits on the list of refunds, and no more here: the ledger knows.
    let kept = Query::select()
        .expr(Expr::col(("ledger_entry", "amount")).sum())
        .from("ledger_entry")
        .and_where(Expr::col(("ledger_entry", "account")).eq(Account::Suspense.code()))
        .and_where(
            Expr::col(("ledger_entry", "application_number"))
                .equals((evidence_row::Entity, evidence_row::Column::ApplicationNumber)),
        )
        .to_owned();
    let unapplied = Query::select()
        .column(evidence_row::Column::ApplicationNumber)
        .from(evidence_row::Entity)
        .and_where(evidence_row::Column::Applied.eq(false))
        .and_where(Expr::SubQuery(None, Box::new(kept.into())).ne(0))
        .to_owned();
    let query = billable::Entity::find().filter(
        Condition::any()
            .add(billable::Column::Status.is_in([PaymentStatus::Pending.code(), PaymentStatus::PartlyPaid.code()]))
            .add(billable::Column::ApplicationNumber.in_subquery(unapplied)),
    );
    let total = query.clone().count(db).await?;
    let rows =
        query.order_by_asc(billable::Column::ChangedAt).offset(page.offset()).limit(page.limit()).all(db).await?;
    let mut payments = Vec::new();
    for row in rows {
        payments.push(whole(db, ports, actor, store::to_billable(row, &ports.context.sealer)?).await?);
    }
    Ok(pb::ListPaymentsResponse { payments, page: Some(page.info(total)) })
}
