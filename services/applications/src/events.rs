//! Facts outward: domain fact to event. Facts inward: billing's and booking's, through the inbox.

use std::sync::Arc;

use chassis::{Context, Error, Tx, calendar, inbox, outbox::Outbox, wire};
use proto::{
    Fact as _,
    applications::v1 as pb,
    billing::v1::{InvoiceExpired, InvoiceIssued, PaymentStatusChanged},
    booking::v1 as booking,
    common::v1::Envelope,
};

use crate::{
    app::{self, Ports},
    domain::{
        case::Case,
        facts::Fact,
        thread::{Side, Thread},
    },
};

/// Facts of billing that are acted on.
pub(crate) const FROM_BILLING: &[&str] = &[InvoiceIssued::TYPE, InvoiceExpired::TYPE, PaymentStatusChanged::TYPE];
/// Facts of booking that are acted on.
pub(crate) const FROM_BOOKING: &[&str] = &[
    booking::AppointmentBooked::TYPE,
    booking::AppointmentCancelled::TYPE,
    booking::AppointmentCheckedIn::TYPE,
    booking::AppointmentServed::TYPE,
    booking::AppointmentMissed::TYPE,
    booking::AppointmentMoved::TYPE,
    booking::AppointmentReminderDue::TYPE,
    booking::AppointmentConfirmed::TYPE,
    booking::AppointmentDisplaced::TYPE,
    booking::HolidaysChanged::TYPE,
];

/// Publishes what has happened to the case at its version.
pub(crate) async fn publish(tx: &Tx, context: &Context, case: &Case, facts: &[Fact]) -> Result<(), Error> {
    let number = case.number.get();
    let account_id = case.owner.to_string();
    let manager = |id: Option<kernel::AccountId>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut outbox = Outbox::new(tx, &context.sources, context.service, number, case.version);
    for fact in facts {
        let account_id = account_id.clone();
        match fact {
            Fact::Submitted => outbox.append(&pb::ApplicationSubmitted { number, account_id }).await?,
            Fact::Claimed { manager } => {
                outbox.append(&pb::ApplicationClaimed { number, account_id, manager_id: manager.to_string() }).await?;
            }
            Fact::Returned { marks } => {
                let marks = u32::try_from(*marks).unwrap_or(u32::MAX);
                outbox.append(&pb::ApplicationReturned { number, account_id, marks }).await?;
            }
            Fact::Resubmitted { manager } => {
                let fact = pb::ApplicationResubmitted { number, account_id, manager_id: manager.to_string() };
                outbox.append(&fact).await?;
            }
            Fact::ApprovalRecommended => outbox.append(&pb::ApprovalRecommended { number, account_id }).await?,
            Fact::SentBackToReview { manager: who } => {
                outbox.append(&pb::SentBackToReview { number, account_id, manager_id: manager(*who) }).await?;
            }
            Fact::Rejected => outbox.append(&pb::ApplicationRejected { number, account_id }).await?,
            Fact::Approved { lines, total } | Fact::Renewed { lines, total } => {
                let lines = lines
                    .iter()
                    .map(|line| pb::PricedLine {
                        product_code: line.product_code.clone(),
                        description: line.description.clone(),
                        quantity: line.quantity,
                        unit_price: Some(wire::money(line.unit_price)),
                        amount: Some(wire::money(line.amount)),
                    })
                    .collect();
                let total = Some(wire::money(*total));
                outbox.append(&pb::ApplicationApproved { number, account_id, lines, total }).await?;
            }
            Fact::Cancelled { by_staff } => {
                outbox.append(&pb::ApplicationCancelled { number, account_id, by_staff: *by_staff }).await?;
            }
            Fact::Expired { reason } => {
                let reason = (*reason).to_owned();
                outbox.append(&pb::ApplicationExpired { number, account_id, reason }).await?;
            }
            Fact::DocumentsAwaited { items, again } => {
                let again = *again;
                outbox.append(&pb::DocumentsAwaited { again, ..visit_awaited(case, items, "hand_over") }).await?;
            }
            Fact::PickUpAwaited { items } => outbox.append(&visit_awaited(case, items, "pick_up")).await?,
            Fact::DocumentsNoLongerAwaited | Fact::PickUpNoLongerAwaited => {
                outbox.append(&pb::DocumentsNoLongerAwaited { number, account_id }).await?;
            }
            Fact::Assigned { from, to, by } => {
                let (manager_id, former_manager_id) = (manager(*to), manager(*from));
                let by_id = by.to_string();
                let fact = pb::ApplicationAssigned { number, account_id, manager_id, former_manager_id, by_id };
                outbox.append(&fact).await?;
            }
            Fact::HandedOut => {}
            Fact::Progressed { step, item } => {
                let fact = pb::ApplicationProgressed {
                    number,
                    account_id,
                    step: (*step).to_owned(),
                    state: case.state.code().to_owned(),
                    person_item_id: item.map(|item| item.to_string()).unwrap_or_default(),
                    originals_awaited: case.takes_originals(),
                };
                outbox.append(&fact).await?;
            }
        }
    }
    Ok(())
}

/// The case awaits a visit of a kind from these persons.
fn visit_awaited(case: &Case, items: &[kernel::PersonItemId], kind: &str) -> pb::DocumentsAwaited {
    let rules = case.visit_rules();
    pb::DocumentsAwaited {
        number: case.number.get(),
        account_id: case.owner.to_string(),
        person_item_ids: items.iter().map(ToString::to_string).collect(),
        kind: kind.to_owned(),
        priority: case.walk_in,
        missed_max: rules.missed_max,
        late_minutes: rules.late_minutes,
        again: false,
    }
}

/// Publishes that a draft is about to be erased. A draft has told nothing at its version before.
pub(crate) async fn publish_expiring(tx: &Tx, context: &Context, case: &Case) -> Result<(), Error> {
    let number = case.number.get();
    let mut outbox = Outbox::new(tx, &context.sources, context.service, number, case.version);
    outbox.append(&pb::DraftExpiring { number, account_id: case.owner.to_string() }).await
}

/// Publishes that the applicant's time to correct is running out, as one of the case's notices of terms.
pub(crate) async fn publish_correction_due(
    tx: &Tx,
    context: &Context,
    case: &Case,
    place: i64,
    days_left: u32,
) -> Result<(), Error> {
    let number = case.number.get();
    let mut outbox = Outbox::new(tx, &context.sources, context.service, number, place);
    outbox.append(&pb::CorrectionDue { number, account_id: case.owner.to_string(), days_left }).await
}

/// Publishes that the centre let the term of a step pass, in the same row of notices.
pub(crate) async fn publish_overdue(tx: &Tx, context: &Context, case: &Case, place: i64) -> Result<(), Error> {
    let number = case.number.get();
    let mut outbox = Outbox::new(tx, &context.sources, context.service, number, place);
    let fact = pb::StepOverdue {
        number,
        account_id: case.owner.to_string(),
        state: case.state.code().to_owned(),
        manager_id: case.assigned_to.map(|id| id.to_string()).unwrap_or_default(),
    };
    outbox.append(&fact).await
}

/// Publishes that somebody wrote on the case.
pub(crate) async fn publish_message(
    tx: &Tx,
    context: &Context,
    case: &Case,
    thread: &Thread,
    by: Side,
) -> Result<(), Error> {
    let (number, by_staff) = (case.number.get(), by == Side::Staff);
    let mut outbox = Outbox::new(tx, &context.sources, context.service, number, i64::from(thread.messages));
    let fact = pb::MessagePosted {
        number,
        account_id: case.owner.to_string(),
        by_staff,
        manager_id: case.assigned_to.map(|id| id.to_string()).unwrap_or_default(),
        unread: thread.unread_by(if by_staff { Side::Applicant } else { Side::Staff }),
    };
    outbox.append(&fact).await
}

/// Applies other contexts' facts.
pub(crate) struct Handler {
    pub ports: Arc<Ports>,
}

#[async_trait::async_trait]
impl inbox::Handler for Handler {
    async fn handle(&self, tx: &Tx, envelope: &Envelope) -> Result<(), Error> {
        let version = envelope.aggregate_version;
        let visit = match envelope.r#type.as_str() {
            booking::HolidaysChanged::TYPE => {
                let fact = inbox::payload::<booking::HolidaysChanged>(envelope)?;
                return calendar::keep(tx, &fact.holidays, version).await;
            }
            PaymentStatusChanged::TYPE => {
                let fact = inbox::payload::<PaymentStatusChanged>(envelope)?;
                return app::apply_payment_status::run(tx, &self.ports, &fact, version).await;
            }
            InvoiceIssued::TYPE => {
                return app::apply_invoice::run(tx, &inbox::payload::<InvoiceIssued>(envelope)?).await;
            }
            InvoiceExpired::TYPE => {
                let fact = inbox::payload::<InvoiceExpired>(envelope)?;
                return app::apply_expiry::run(tx, &self.ports, &fact, version).await;
            }
            booking::AppointmentBooked::TYPE => inbox::payload::<booking::AppointmentBooked>(envelope)?.visit,
            booking::AppointmentCancelled::TYPE => inbox::payload::<booking::AppointmentCancelled>(envelope)?.visit,
            booking::AppointmentCheckedIn::TYPE => inbox::payload::<booking::AppointmentCheckedIn>(envelope)?.visit,
            booking::AppointmentServed::TYPE => inbox::payload::<booking::AppointmentServed>(envelope)?.visit,
            booking::AppointmentMissed::TYPE => inbox::payload::<booking::AppointmentMissed>(envelope)?.visit,
            booking::AppointmentMoved::TYPE => inbox::payload::<booking::AppointmentMoved>(envelope)?.visit,
            booking::AppointmentReminderDue::TYPE => inbox::payload::<booking::AppointmentReminderDue>(envelope)?.visit,
            booking::AppointmentDisplaced::TYPE => inbox::payload::<booking::AppointmentDisplaced>(envelope)?.visit,
            booking::AppointmentConfirmed::TYPE => inbox::payload::<booking::AppointmentConfirmed>(envelope)?.visit,
            _ => return Ok(()),
        };
        match visit {
            Some(visit) => app::apply_visit::run(tx, &visit, version).await,
            None => Err(Error::Malformed("an appointment's fact without a visit".to_owned())),
        }
    }
}
