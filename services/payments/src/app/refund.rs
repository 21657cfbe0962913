//! Gives money back to cards. Billing orders it by a fact; the bank is asked first, the intent is committed, the bank is
//! called once, and asked what became of it.

use std::time::Duration;

use chassis::{Error, Tx, outbox::Outbox, wire, worker::each};
use proto::{billing::v1::RefundOrdered, payments::v1 as pb};

use super::Ports;
use crate::{
    bank::Answered,
    domain::{
        attempt::Attempt,
        decision::BankAnswer,
        refund::{Call, Failure, Heard, Next, Refund, RefundState},
    },
    store,
};

/// Refunds worked on side by side.
const AT_ONCE: u64 = 8;
/// The bank takes a number of ours of so many characters.
const EXTERNAL_ID: usize = 22;

/// Billing orders it. The same order again changes nothing.
pub(crate) async fn order(tx: &Tx, ports: &Ports, fact: &RefundOrdered) -> Result<(), Error> {
    let context = &ports.context;
    let now = context.sources.now();
    for part in &fact.parts {
        let amount = wire::parse_money(part.amount.as_ref())?;
        if !amount.is_positive() || part.part_id.is_empty() {
            return Err(Error::Malformed("a part of a refund".to_owned()));
        }
        let attempt = match store::load(&**tx, &context.sealer, &part.attempt_id).await {
            Ok(attempt) if attempt.application_number == fact.application_number => Some(attempt.id),
            Ok(_) | Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        let mut refund = Refund {
            id: part.part_id.clone(),
            version: 1,
            refund_id: fact.refund_id.clone(),
            attempt,
            application_number: fact.application_number,
            operation: part.bank_operation_id.clone(),
            amount,
            state: RefundState::Ordered,
            failure: None,
            bank_code: String::new(),
            returned_before: 0,
            called_at: None,
            heard: Heard::Nothing,
            calls: 0,
            created_at: now,
            closed_at: None,
            next_at: Some(now),
        };
        if attempt.is_none() {
            refund.close(Some(Failure::UnknownCharge), now);
        }
        if store::refund::insert(tx, &refund).await? && attempt.is_none() {
            tell(tx, ports, &refund).await?;
        }
    }
    Ok(())
}

/// One step of the worker.
pub(crate) async fn step(ports: &Ports) -> Result<u64, Error> {
    if !ports.config.has_bank() {
        return Ok(0);
    }
    let now = ports.context.sources.now();
    let due = store::refund::due(ports.context.db.read(), now, AT_ONCE).await?;
    each(due, |id| one(ports, id)).await
}

async fn one(ports: &Ports, id: String) -> Result<bool, Error> {
    let Some((refund, attempt)) = claim(ports, &id).await? else { return Ok(false) };
    let (answer, _) = ports.bank.status(&attempt.bank_invoice_id).await;
    let Some(call) = judge(ports, &refund, &attempt, answer).await? else { return Ok(true) };
    let external = external_id(&refund.id);
    let part = (call == Call::Part).then_some((refund.amount, external.as_str()));
    let answered = ports.bank.refund(&refund.operation, part).await;
    hear(ports, &id, answered).await?;
    Ok(true)
}

/// The end of the part's id is its random half.
fn external_id(id: &str) -> String {
    id.get(id.len().saturating_sub(EXTERNAL_ID)..).unwrap_or(id).to_owned()
}

async fn claim(ports: &Ports, id: &str) -> Result<Option<(Refund, Attempt)>, Error> {
    let (context, now, id) = (ports.context.clone(), ports.context.sources.now(), id.to_owned());
    let lease = now.plus(ports.config.call_time() * 6 + Duration::from_secs(5));
    context
        .clone()
        .db
        .write(move |tx| async move {
            if !store::refund::lease(&tx, &id, now, lease).await? {
                return Ok(None);
            }
            let refund = store::refund::load(&*tx, &id).await?;
            let Some(attempt) = refund.attempt else { return Ok(None) };
            let attempt = store::load(&*tx, &context.sealer, &attempt.to_string()).await?;
            Ok(Some((refund, attempt)))
        })
        .await
}

/// Saves what the bank's status means, or the intent to call it.
async fn judge(ports: &Ports, asked: &Refund, attempt: &Attempt, answer: BankAnswer) -> Result<Option<Call>, Error> {
    let (ports, id, attempt) = (ports.clone(), asked.id.clone(), attempt.clone());
    ports
        .context
        .clone()
        .db
        .write(move |tx| async move {
            let now = ports.context.sources.now();
            // One refund of an attempt's charge is decided at a time.
            store::load(&*tx, &ports.context.sealer, &attempt.id.to_string()).await?;
            let mut refund = store::refund::load(&*tx, &id).await?;
            let mut next = refund.decide(&attempt.bank_invoice_id, &answer, now, &ports.refund_terms());
            if matches!(next, Next::Call(_)) && store::refund::is_charge_busy(&tx, &refund).await? {
                next = Next::Wait;
            }
            match next {
                Next::Call(_) => refund.call(&answer, now),
                Next::Done => refund.close(None, now),
                Next::Fail(failure) => refund.close(Some(failure), now),
                Next::Wait => refund.wait(now),
            }
            store::refund::save(&tx, &mut refund).await?;
            if refund.closed_at.is_some() {
                let (state, failure) = (refund.state.code(), refund.failure.map(Failure::code).unwrap_or_default());
                tracing::info!(
                    refund = refund.refund_id,
                    part = refund.id,
                    state,
                    failure,
                    "the bank decided a refund"
                );
                tell(&tx, &ports, &refund).await?;
            }
            Ok(if let Next::Call(call) = next { Some(call) } else { None })
        })
        .await
}

/// What the bank answered to the call: at once it is asked what it did.
async fn hear(ports: &Ports, id: &str, answered: Answered) -> Result<(), Error> {
    let (context, id) = (ports.context.clone(), id.to_owned());
    context
        .clone()
        .db
        .write(move |tx| async move {
            let now = context.sources.now();
            let mut refund = store::refund::load(&*tx, &id).await?;
            if refund.state != RefundState::Called {
                return Ok(());
            }
            match &answered {
                Answered::Accepted => refund.heard = Heard::Accepted,
                Answered::Refused(code) => {
                    refund.heard = Heard::Refused;
                    refund.bank_code = code.chars().take(20).collect();
                    tracing::warn!(refund = refund.refund_id, part = refund.id, code, "the bank refused a refund");
                }
                Answered::Nothing => {}
            }
            refund.next_at = Some(now);
            store::refund::save(&tx, &mut refund).await
        })
        .await
}

async fn tell(tx: &Tx, ports: &Ports, refund: &Refund) -> Result<(), Error> {
    let context = &ports.context;
    let attempt_id = refund.attempt.map(|id| id.to_string()).unwrap_or_default();
    let (application_number, refund_id, part_id) =
        (refund.application_number, refund.refund_id.clone(), refund.id.clone());
    let mut outbox = Outbox::new(tx, &context.sources, context.service, &refund.id, refund.version);
    match refund.failure {
        None => {
            let executed_at_micros = refund.closed_at.map_or(0, |at| at.micros());
            let amount = Some(wire::money(refund.amount));
            let fact =
                pb::RefundExecuted { attempt_id, application_number, refund_id, part_id, amount, executed_at_micros };
            outbox.append(&fact).await
        }
        Some(failure) => {
            let reason = failure.code().to_owned();
            outbox.append(&pb::RefundFailed { attempt_id, application_number, refund_id, part_id, reason }).await
        }
    }
}
