//! What staff do with a refund: look at it, grant or decline it, send it to the bank or record the order by which it was
//! paid out; and what the bank makes of it.

use chassis::{Error, Tx, audit, auth::permit, counter, wire};
use kernel::{Actor, LineText, Money, Role, Violations, parse_date};
use proto::billing::v1::{
    DecideRefundRequest, ExecuteRefundRequest, OrderedRefundPart, RefundChanged, RefundCommand, RefundOrdered,
};

use super::{
    Ports,
    refund_request::{self, not_own},
};
use crate::{
    domain::{
        billable::Billable,
        codes,
        invoice::InvoiceState,
        ledger::Owner,
        payer,
        refund::{Refund, RefundState, card_charges, part::CardCharge},
    },
    store,
};

/// How a refund stands now.
pub(crate) fn changed(billable: &Billable, refund: &Refund) -> RefundChanged {
    RefundChanged {
        application_number: billable.application.get(),
        account_id: billable.account.to_string(),
        refund_id: refund.id.clone(),
        state: refund.state.code().to_owned(),
        amount: Some(wire::money(refund.amount())),
        due_date: refund.due_date.to_string(),
    }
}

async fn load(tx: &Tx, ports: &Ports, actor: &Actor, of: (i64, i64, &str)) -> Result<(Billable, Refund), Error> {
    let (number, version, id) = of;
    let sealer = &ports.context.sealer;
    let billable = store::load(&**tx, sealer, number).await?;
    not_own(actor, billable.account)?;
    let refund = store::refund::of(&**tx, sealer, number).await?.into_iter().find(|refund| refund.id == id);
    let refund = refund.ok_or(Error::NotFound)?;
    if billable.version == version { Ok((billable, refund)) } else { Err(Error::VersionConflict) }
}

/// Saves both, records who did what, and tells it.
async fn save(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    (billable, refund): (&mut Billable, &Refund),
    action: &'static str,
) -> Result<(), Error> {
    let context = &ports.context;
    store::refund::update(tx, &context.sealer, refund).await?;
    store::update(tx, &context.sealer, billable, context.sources.now()).await?;
    audit::record(tx, &context.sources, actor, action, billable.application.get(), &refund.id).await
}

/// The case's charges by card, with what is left of each at the bank.
async fn charges(tx: &Tx, ports: &Ports, number: i64) -> Result<Vec<CardCharge>, Error> {
    let evidence = store::evidence(&**tx, number).await?;
    let known = store::refund::of(&**tx, &ports.context.sealer, number).await?;
    Ok(card_charges(&evidence, &known))
}

pub(crate) async fn review(tx: &Tx, ports: &Ports, actor: &Actor, command: &RefundCommand) -> Result<(), Error> {
    let who = permit::staff(actor, &[Role::Supervisor, Role::Finance])?;
    let of = (command.application_number, command.version, command.refund_id.as_str());
    let (mut billable, mut refund) = load(tx, ports, actor, of).await?;
    let by_card = refund.by_card(&charges(tx, ports, command.application_number).await?).is_some();
    refund.review(who, by_card)?;
    save(tx, ports, actor, (&mut billable, &refund), "REFUND_REVIEWED").await
}

pub(crate) async fn decide(tx: &Tx, ports: &Ports, actor: &Actor, command: &DecideRefundRequest) -> Result<(), Error> {
    let who = permit::staff(actor, &[Role::Supervisor])?;
    let of = (command.application_number, command.version, command.refund_id.as_str());
    let (mut billable, mut refund) = load(tx, ports, actor, of).await?;
    let decline = if command.approve { None } else { Some(payer::reason(&command.reason)?) };
    refund.decide(who, decline)?;
    if refund.state == RefundState::Approved {
        grant(tx, ports, &mut refund).await?;
    }
    let action = if command.approve { "REFUND_APPROVED" } else { "REFUND_DECLINED" };
    save(tx, ports, actor, (&mut billable, &refund), action).await?;
    super::outbox(tx, &ports.context, &billable).append(&changed(&billable, &refund)).await
}

/// The credit note takes its number in the transaction that grants the refund, so that none is lost.
async fn grant(tx: &Tx, ports: &Ports, refund: &mut Refund) -> Result<(), Error> {
    let (context, config) = (&ports.context, &ports.config);
    let now = context.sources.now();
    let owner = Owner { application: refund.application, invoice: refund.invoice };
    if refund.credited.is_positive() {
        let today = context.zone.date(now);
        let series = format!("credit-note/{}/{}", config.credit_note_series, today.year());
        let sequence = counter::next(tx, &series, 1).await?;
        refund.credit_note = format!("{}/{}/{sequence}", config.credit_note_series, today.year());
        let invoice = store::invoice(&**tx, &context.sealer, refund.invoice).await?;
        super::documents::credit_note(tx, ports, &invoice, refund).await?;
        store::ledger::post(tx, &owner.credited(&refund.id, refund.credited), now).await?;
        let known = store::refund::of(&**tx, &context.sealer, refund.application.get()).await?;
        let before: i64 = known
            .iter()
            .filter(|other| other.id != refund.id && other.is_granted())
            .map(|other| other.credited.minor())
            .sum();
        let state = match invoice.state {
            InvoiceState::Paid | InvoiceState::PartlyCredited | InvoiceState::Credited => {
                let whole = before + refund.credited.minor() == invoice.settled.minor();
                if whole { InvoiceState::Credited } else { InvoiceState::PartlyCredited }
            }
            other @ (InvoiceState::Issued | InvoiceState::PartlyPaid | InvoiceState::Void | InvoiceState::Expired) => {
                other
            }
        };
        store::set_invoice(tx, invoice.id, state, invoice.settled).await?;
    }
    store::ledger::post(tx, &owner.released(&refund.id, refund.released), now).await
}

pub(crate) async fn execute(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &ExecuteRefundRequest,
) -> Result<(), Error> {
    let who = permit::staff(actor, &[Role::Finance])?;
    let context = &ports.context;
    let now = context.sources.now();
    let of = (command.application_number, command.version, command.refund_id.as_str());
    let (mut billable, mut refund) = load(tx, ports, actor, of).await?;
    let mut faults = Violations::new();
    let order = faults.check("order_number", LineText::<60>::parse(&command.order_number));
    let on = faults.check("order_date", parse_date(&command.order_date));
    if on.is_some_and(|day| day > context.zone.date(now)) {
        faults.add("order_date", codes::DATE_AHEAD);
    }
    let (Some(order), Some(on), true) = (order, on, faults.is_empty()) else {
        return Err(faults.into_refusal().into());
    };
    let rest = refund.rest();
    refund.execute(who, order.into(), on)?;
    let owner = Owner { application: refund.application, invoice: refund.invoice };
    store::ledger::post(tx, &owner.repaid(&refund.id, rest), now).await?;
    done(tx, ports, actor, (&mut billable, &refund)).await
}

/// All of it has gone back: the payment status follows.
async fn done(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    (billable, refund): (&mut Billable, &Refund),
) -> Result<(), Error> {
    let context = &ports.context;
    let invoice = store::invoice(&**tx, &context.sealer, refund.invoice).await?;
    let known = store::refund::of(&**tx, &context.sealer, refund.application.get()).await?;
    let before: i64 = known
        .iter()
        .filter(|other| other.id != refund.id && other.state == RefundState::Done)
        .map(|other| other.credited.minor())
        .sum();
    let told = billable.refunded(before, refund.credited, invoice.settled)?;
    save(tx, ports, actor, (&mut *billable, refund), "REFUND_EXECUTED").await?;
    let mut outbox = super::outbox(tx, context, billable);
    outbox.append(&changed(billable, refund)).await?;
    if told {
        outbox.append(&super::status_changed(billable, false)).await?;
    }
    // It was asked for before its case was cancelled, perhaps for a part only: the rest goes back as well, unless it was
    // declined before.
    if billable.closed
        && !known.iter().any(|other| other.state == RefundState::Declined)
        && let Some(rest) = refund_request::on_cancellation(tx, ports, billable).await?
    {
        return super::outbox(tx, context, billable).append(&changed(billable, &rest)).await;
    }
    Ok(())
}

/// Finance lets the bank give it back. Payments hears of it by a fact, and does each part once.
pub(crate) async fn send(tx: &Tx, ports: &Ports, actor: &Actor, command: &RefundCommand) -> Result<(), Error> {
    let who = permit::staff(actor, &[Role::Finance])?;
    let context = &ports.context;
    let number = command.application_number;
    let of = (number, command.version, command.refund_id.as_str());
    let (mut billable, mut refund) = load(tx, ports, actor, of).await?;
    let charges = charges(tx, ports, number).await?;
    let mut ids = || context.sources.uuid().simple().to_string();
    let parts = refund.send(who, &charges, &mut ids, context.sources.now())?;
    store::refund_part::insert(tx, number, &parts).await?;
    save(tx, ports, actor, (&mut billable, &refund), "REFUND_SENT").await?;
    let ordered = RefundOrdered {
        application_number: number,
        refund_id: refund.id.clone(),
        parts: parts
            .into_iter()
            .map(|part| OrderedRefundPart {
                part_id: part.id,
                attempt_id: part.attempt,
                bank_operation_id: part.operation,
                amount: Some(wire::money(part.amount)),
            })
            .collect(),
    };
    let mut outbox = super::outbox(tx, context, &billable);
    outbox.append(&ordered).await?;
    outbox.append(&changed(&billable, &refund)).await
}

/// What payments tells of a part.
pub(crate) struct Told<'a> {
    pub number: i64,
    pub refund: &'a str,
    pub part: &'a str,
    /// What went back, or why nothing did.
    pub outcome: Result<Option<&'a proto::common::v1::Money>, &'a str>,
}

/// The bank gave a part back, or did not. Heard again, or of what was never sent, it changes nothing.
pub(crate) async fn told(tx: &Tx, ports: &Ports, fact: &Told<'_>) -> Result<(), Error> {
    let context = &ports.context;
    let mut billable = store::load(&**tx, &context.sealer, fact.number).await?;
    let known = store::refund::of(&**tx, &context.sealer, fact.number).await?;
    let Some(mut refund) = known.into_iter().find(|refund| refund.id == fact.refund) else {
        tracing::warn!(refund = fact.refund, "the bank's word on a refund that there is not");
        return Ok(());
    };
    let now = context.sources.now();
    let Some(part) = refund.told(fact.part, fact.outcome.err(), now) else { return Ok(()) };
    if let Ok(amount) = fact.outcome {
        let back: Money = wire::parse_money(amount)?;
        if back != part.amount {
            return Err(Error::Malformed("the sum of a refund's part".to_owned()));
        }
        let owner = Owner { application: refund.application, invoice: refund.invoice };
        store::ledger::post(tx, &owner.repaid(&part.id, back), now).await?;
    }
    store::refund_part::update(tx, &part).await?;
    let actor = Actor::System { service: context.service.to_owned(), cause: "RefundExecuted".to_owned() };
    let refund = (&mut billable, &refund);
    match refund.1.state {
        RefundState::Done => done(tx, ports, &actor, refund).await,
        RefundState::Failed => {
            let (billable, refund) = refund;
            save(tx, ports, &actor, (&mut *billable, refund), "REFUND_FAILED").await?;
            super::outbox(tx, context, billable).append(&changed(billable, refund)).await
        }
        RefundState::Requested
        | RefundState::UnderReview
        | RefundState::Approved
        | RefundState::Sent
        | RefundState::Declined => save(tx, ports, &actor, refund, "REFUND_PART_EXECUTED").await,
    }
}
