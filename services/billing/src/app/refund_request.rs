//! Somebody asks for money back: its payer on a form, or staff from his letter. Once the case is cancelled, what has come
//! is asked back by itself; then whoever it belongs to tells his account.

use chassis::{Error, Tx, audit};
use kernel::{AccountId, Actor, DocumentId};
use proto::billing::v1::RequestRefundRequest;

use super::{DESK, Ports, refunds};
use crate::{
    domain::{
        billable::Billable,
        codes,
        refund::{self, Details, Purse, Refund, RefundKind, RefundLine, RefundState},
        status::PaymentStatus,
    },
    store,
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &RequestRefundRequest) -> Result<(), Error> {
    let context = &ports.context;
    let number = command.application_number;
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    let own = actor.account() == Some(billable.account);
    if !own {
        super::visible(actor, billable.account)?;
        chassis::auth::permit::staff(actor, &DESK)?;
    }
    let entered = Details {
        reason: command.reason.clone(),
        holder: command.holder.clone(),
        bank: command.bank.clone(),
        iban: command.iban.clone(),
        bic: command.bic.clone(),
        letter_number: command.letter_number.clone(),
    };
    let kind = RefundKind::parse(&command.kind).ok_or_else(|| Error::at("kind", codes::CHOICE_UNKNOWN))?;
    let asked = |line: &proto::billing::v1::RefundLine| RefundLine { number: line.number, quantity: line.quantity };
    let lines: Vec<RefundLine> =
        if kind == RefundKind::Lines { command.lines.iter().map(asked).collect() } else { Vec::new() };
    let known = store::refund::of(&**tx, &context.sealer, number).await?;
    let charges = refund::card_charges(&store::evidence(&**tx, number).await?, &known);
    let details = refund::check(&entered, !own, !charges.is_empty())?;
    match known.into_iter().find(Refund::is_open) {
        // Nobody has said yet where the money is to go.
        Some(mut open) if open.takes_account(own) => {
            open.take_account(details)?;
            store::refund::update(tx, &context.sealer, &open).await?;
            store::update(tx, &context.sealer, &mut billable, context.sources.now()).await?;
            audit::record(tx, &context.sources, actor, "REFUND_ACCOUNT_GIVEN", number, &open.id).await
        }
        Some(_) => Err(Error::refuse(codes::REFUND_OPEN)),
        None => {
            let opened = open(tx, ports, &mut billable, (kind, lines), details, actor).await?;
            super::outbox(tx, context, &billable).append(&refunds::changed(&billable, &opened)).await
        }
    }
}

/// Opens a refund, if there is anything to give back.
async fn open(
    tx: &Tx,
    ports: &Ports,
    billable: &mut Billable,
    (kind, lines): (RefundKind, Vec<RefundLine>),
    details: Details,
    actor: &Actor,
) -> Result<Refund, Error> {
    let context = &ports.context;
    let number = billable.application.get();
    // What has come of an invoice that is still to be paid goes back when the case is given up.
    if !billable.closed && matches!(billable.status, PaymentStatus::Pending | PaymentStatus::PartlyPaid) {
        return Err(Error::refuse(codes::PAYMENT_UNDER_WAY));
    }
    let invoice = match billable.invoice {
        Some(id) => Some(store::invoice(&**tx, &context.sealer, id).await?),
        None => None,
    };
    let id = store::money_is_for(tx, billable).await?.ok_or_else(|| Error::refuse(codes::REFUND_NOTHING))?;
    let evidence = store::evidence(&**tx, number).await?;
    let known = store::refund::of(&**tx, &context.sealer, number).await?;
    let came = kernel::Money::sum(evidence.iter().map(|shown| shown.amount)).unwrap_or(kernel::Money::home(0));
    let purse = Purse { came, invoice: invoice.as_ref(), refunds: &known };
    let (credited, released) = purse.sums(kind, &lines)?;
    let now = context.sources.now();
    let opened = Refund {
        id: DocumentId::from_uuid(context.sources.uuid()).to_string(),
        application: billable.application,
        invoice: id,
        state: RefundState::Requested,
        kind,
        lines,
        credited,
        released,
        details,
        requested_at: now,
        due_date: ports.calendar.now().add_working_days(context.zone.date(now), ports.config.refund_days),
        reviewed_by: String::new(),
        decided_by: String::new(),
        decline_reason: String::new(),
        credit_note: String::new(),
        order_number: String::new(),
        order_date: String::new(),
        parts: Vec::new(),
    };
    store::refund::insert(tx, &context.sealer, &opened, actor.account()).await?;
    store::update(tx, &context.sealer, billable, now).await?;
    audit::record(tx, &context.sources, actor, "REFUND_REQUESTED", number, &opened.id).await?;
    Ok(opened)
}

/// The case was cancelled: whatever money is left of it goes back. Answers the refund, if there is any.
pub(crate) async fn on_cancellation(tx: &Tx, ports: &Ports, billable: &mut Billable) -> Result<Option<Refund>, Error> {
    let number = billable.application.get();
    let known = store::refund::of(&**tx, &ports.context.sealer, number).await?;
    if known.iter().any(Refund::is_open) {
        return Ok(None);
    }
    // A legal entity has told its account already.
    let details = match billable.payer.as_ref().filter(|payer| payer.is_legal()) {
        Some(payer) => Details {
            holder: payer.name(),
            bank: payer.bank.clone(),
            iban: payer.iban.clone(),
            bic: payer.bic.clone(),
            ..Details::default()
        },
        None => Details::default(),
    };
    let actor = Actor::System { service: ports.context.service.to_owned(), cause: "ApplicationCancelled".to_owned() };
    match open(tx, ports, billable, (RefundKind::Full, Vec::new()), details, &actor).await {
        Ok(opened) => Ok(Some(opened)),
        Err(Error::Refusal(refusal)) if refusal.code == codes::REFUND_NOTHING => Ok(None),
        Err(error) => Err(error),
    }
}

/// Who asked counts for nothing in the decision, but his own money nobody decides on.
pub(crate) fn not_own(actor: &Actor, owner: AccountId) -> Result<(), Error> {
    if actor.account() == Some(owner) { Err(Error::Forbidden) } else { Ok(()) }
}
