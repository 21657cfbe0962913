//! Facts outward: what became of an appointment. Facts inward: applications opens and closes the right to book.

use std::sync::Arc;

use chassis::{Context, Error, Tx, inbox, outbox::Outbox, wire};
use kernel::Time;
use proto::{
    Fact as _,
    applications::v1::{ApplicationCancelled, DocumentsAwaited, DocumentsNoLongerAwaited},
    booking::v1 as pb,
    common::v1::Envelope,
};

use crate::{
    app::{Ports, rights},
    domain::appointment::{Appointment, State},
};

/// Facts of applications that are acted on.
pub(crate) const FROM_APPLICATIONS: &[&str] =
    &[DocumentsAwaited::TYPE, DocumentsNoLongerAwaited::TYPE, ApplicationCancelled::TYPE];

/// What is told of an appointment.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Telling {
    /// The state it has come to.
    State,
    Moved {
        from: Time,
    },
    ReminderDue {
        confirm_by: Option<Time>,
    },
    Confirmed,
    /// The office's hours have no place for it any more.
    Displaced,
    /// Nobody said that he would come.
    Released,
}

/// Publishes the holidays as a version of the hours has them.
pub(crate) async fn publish_holidays(tx: &Tx, context: &Context, holidays: String, version: i64) -> Result<(), Error> {
    let mut outbox = Outbox::new(tx, &context.sources, context.service, "holidays", version);
    outbox.append(&pb::HolidaysChanged { holidays }).await
}

/// An appointment, whole, as facts tell of it.
fn visit(ports: &Ports, appointment: &Appointment, reason: &str) -> pb::Visit {
    let office = ports.config.offices.named(&appointment.office);
    pb::Visit {
        appointment_id: appointment.id.to_string(),
        application_number: appointment.application.get(),
        account_id: appointment.account.to_string(),
        person_item_id: appointment.item.to_string(),
        kind: appointment.kind.clone(),
        start_at_micros: appointment.start.micros(),
        state: appointment.state.code().to_owned(),
        code: appointment.code(),
        reason: reason.to_owned(),
        office_id: office.map_or_else(|| appointment.office.clone(), |office| office.id.clone()),
        office_name: office.map(|office| wire::localized(&office.name)),
        office_address: office.map(|office| wire::localized(&office.address)),
    }
}

/// The fact of an appointment that was booked just now.
pub(crate) fn booked(ports: &Ports, appointment: &Appointment) -> pb::AppointmentBooked {
    pb::AppointmentBooked { visit: Some(visit(ports, appointment, "")) }
}

/// Publishes an appointment with what has happened to it.
pub(crate) async fn publish(tx: &Tx, ports: &Ports, appointment: &Appointment, telling: Telling) -> Result<(), Error> {
    let context = &ports.context;
    let reason = if matches!(telling, Telling::Released) { "unconfirmed" } else { "" };
    let visit = Some(visit(ports, appointment, reason));
    let mut outbox = Outbox::new(tx, &context.sources, context.service, appointment.id, appointment.version);
    match telling {
        Telling::Moved { from } => {
            outbox.append(&pb::AppointmentMoved { visit, former_start_at_micros: from.micros() }).await
        }
        Telling::ReminderDue { confirm_by } => {
            let confirm_by_micros = confirm_by.map_or(0, |by| by.micros());
            outbox.append(&pb::AppointmentReminderDue { visit, confirm_by_micros }).await
        }
        Telling::Displaced => outbox.append(&pb::AppointmentDisplaced { visit }).await,
        Telling::Confirmed => outbox.append(&pb::AppointmentConfirmed { visit }).await,
        Telling::State | Telling::Released => match appointment.state {
            // A hold is nobody's business but its holder's.
            State::Held => Ok(()),
            State::Booked => outbox.append(&pb::AppointmentBooked { visit }).await,
            State::CheckedIn => outbox.append(&pb::AppointmentCheckedIn { visit }).await,
            State::Served => outbox.append(&pb::AppointmentServed { visit }).await,
            State::Missed => outbox.append(&pb::AppointmentMissed { visit }).await,
            State::Cancelled => outbox.append(&pb::AppointmentCancelled { visit }).await,
        },
    }
}

/// Applies other contexts' facts.
pub(crate) struct Handler {
    pub ports: Arc<Ports>,
}

#[async_trait::async_trait]
impl inbox::Handler for Handler {
    async fn handle(&self, tx: &Tx, envelope: &Envelope) -> Result<(), Error> {
        let version = envelope.aggregate_version;
        match envelope.r#type.as_str() {
            DocumentsAwaited::TYPE => rights::open(tx, &inbox::payload(envelope)?, version).await,
            DocumentsNoLongerAwaited::TYPE => {
                let fact = inbox::payload::<DocumentsNoLongerAwaited>(envelope)?;
                rights::close(tx, &self.ports, fact.number, &fact.account_id, version, false).await
            }
            ApplicationCancelled::TYPE => {
                let fact = inbox::payload::<ApplicationCancelled>(envelope)?;
                rights::close(tx, &self.ports, fact.number, &fact.account_id, version, true).await
            }
            _ => Ok(()),
        }
    }
}
