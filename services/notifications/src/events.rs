//! Other contexts' facts, and what is told of each to whom. Everything happens in the reader's transaction; nothing is
//! sent here.

mod billing_facts;
mod case_facts;

use std::{sync::Arc, time::Duration};

use chassis::{Error, Tx, calendar, inbox};
use kernel::{Localized, Role};
use proto::{
    Fact, applications::v1 as applications, billing::v1 as billing, booking::v1 as booking, common::v1::Envelope,
    identity::v1 as identity, payments::v1 as payments,
};

use crate::{
    app::{
        Ports,
        notify::{Recipient, Task, notify},
    },
    domain::{kind::Kind, params::Params},
    store::case,
};

/// Name, producer and facts of each reader.
pub(crate) const READERS: &[(&str, &str, &[&str])] = &[
    ("notifications-from-identity", "identity", &[identity::UserRegistered::TYPE, identity::LetterDue::TYPE]),
    (
        "notifications-from-applications",
        "applications",
        &[
            applications::ApplicationSubmitted::TYPE,
            applications::ApplicationReturned::TYPE,
            applications::ApplicationResubmitted::TYPE,
            applications::ApprovalRecommended::TYPE,
            applications::SentBackToReview::TYPE,
            applications::ApplicationRejected::TYPE,
            applications::ApplicationApproved::TYPE,
            applications::ApplicationCancelled::TYPE,
            applications::DocumentsAwaited::TYPE,
            applications::ApplicationProgressed::TYPE,
            applications::ApplicationClaimed::TYPE,
            applications::ApplicationAssigned::TYPE,
            applications::DraftExpiring::TYPE,
            applications::ApplicationExpired::TYPE,
            applications::CorrectionDue::TYPE,
            applications::StepOverdue::TYPE,
            applications::MessagePosted::TYPE,
        ],
    ),
    (
        "notifications-from-billing",
        "billing",
        &[
            billing::InvoiceIssued::TYPE,
            billing::InvoiceReminderDue::TYPE,
            billing::PaymentStatusChanged::TYPE,
            billing::RefundChanged::TYPE,
        ],
    ),
    ("notifications-from-payments", "payments", &[payments::AttemptClosed::TYPE, payments::ChargeMismatched::TYPE]),
    (
        "notifications-from-booking",
        "booking",
        &[
            booking::AppointmentBooked::TYPE,
            booking::AppointmentMoved::TYPE,
            booking::AppointmentReminderDue::TYPE,
            booking::AppointmentDisplaced::TYPE,
            booking::AppointmentCancelled::TYPE,
            booking::HolidaysChanged::TYPE,
        ],
    ),
];

/// Applies other contexts' facts.
pub(crate) struct Handler {
    pub ports: Arc<Ports>,
}

#[async_trait::async_trait]
impl inbox::Handler for Handler {
    async fn handle(&self, tx: &Tx, envelope: &Envelope) -> Result<(), Error> {
        let reading = Reading { tx, ports: &self.ports, envelope };
        match envelope.producer.as_str() {
            "identity" => reading.identity().await,
            "applications" => reading.applications().await,
            "billing" => reading.billing().await,
            "payments" => reading.payments().await,
            "booking" => reading.booking().await,
            _ => Ok(()),
        }
    }
}

/// One fact being read.
struct Reading<'a> {
    tx: &'a Tx,
    ports: &'a Ports,
    envelope: &'a Envelope,
}

impl Reading<'_> {
    fn payload<F: Fact>(&self) -> Result<F, Error> {
        inbox::payload::<F>(self.envelope)
    }

    async fn tell(&self, kind: Kind, to: Recipient, number: i64, params: Params) -> Result<(), Error> {
        self.tell_later(kind, to, number, params, Duration::ZERO).await
    }

    async fn tell_later(
        &self,
        kind: Kind,
        to: Recipient,
        number: i64,
        params: Params,
        delay: Duration,
    ) -> Result<(), Error> {
        let task = Task { event_id: &self.envelope.event_id, kind, to, number, params, delay };
        notify(self.tx, self.ports, task).await
    }

    async fn owner(&self, number: i64, account_id: &str) -> Result<Recipient, Error> {
        case::owned(self.tx, number, account_id).await?;
        Ok(Recipient::Account(account_id.to_owned()))
    }

    async fn identity(&self) -> Result<(), Error> {
        match self.envelope.r#type.as_str() {
            identity::UserRegistered::TYPE => {
                let fact: identity::UserRegistered = self.payload()?;
                self.tell(Kind::Welcome, Recipient::Account(fact.account_id), 0, Params::default()).await
            }
            identity::LetterDue::TYPE => {
                let fact: identity::LetterDue = self.payload()?;
                // A kind that is younger than we are is not ours to tell.
                let Some(kind) = Kind::parse(&fact.kind) else { return Ok(()) };
                let params = Params { letter_id: fact.letter_id, ..Params::default() };
                self.tell(kind, Recipient::Account(fact.account_id), 0, params).await
            }
            _ => Ok(()),
        }
    }

    async fn applications(&self) -> Result<(), Error> {
        self.case_facts().await?;
        let none = Params::default;
        match self.envelope.r#type.as_str() {
            applications::ApplicationSubmitted::TYPE => {
                let fact: applications::ApplicationSubmitted = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                self.tell(Kind::ApplicationSubmitted, owner, fact.number, none()).await?;
                self.tell(Kind::StaffNewApplication, Recipient::Role(Role::Manager), fact.number, none()).await
            }
            applications::ApplicationReturned::TYPE => {
                let fact: applications::ApplicationReturned = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                let params = Params { marks: fact.marks, ..none() };
                self.tell(Kind::ApplicationReturned, owner, fact.number, params).await
            }
            applications::ApplicationResubmitted::TYPE => {
                let fact: applications::ApplicationResubmitted = self.payload()?;
                self.owner(fact.number, &fact.account_id).await?;
                let to = Recipient::manager(fact.manager_id);
                self.tell(Kind::StaffResubmitted, to, fact.number, none()).await
            }
            applications::ApprovalRecommended::TYPE => {
                let fact: applications::ApprovalRecommended = self.payload()?;
                self.owner(fact.number, &fact.account_id).await?;
                let to = Recipient::Role(Role::Supervisor);
                self.tell(Kind::StaffApprovalRecommended, to, fact.number, none()).await
            }
            applications::SentBackToReview::TYPE => {
                let fact: applications::SentBackToReview = self.payload()?;
                self.owner(fact.number, &fact.account_id).await?;
                let to = Recipient::manager(fact.manager_id);
                self.tell(Kind::StaffSentBack, to, fact.number, none()).await
            }
            applications::ApplicationRejected::TYPE => {
                let fact: applications::ApplicationRejected = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                self.tell(Kind::ApplicationRejected, owner, fact.number, none()).await
            }
            applications::ApplicationApproved::TYPE => {
                let fact: applications::ApplicationApproved = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                let amount_minor = fact.total.map_or(0, |total| total.amount_minor);
                if amount_minor == 0 {
                    // Nothing to pay: that the originals are awaited says it all.
                    return Ok(());
                }
                let params = Params { amount_minor: Some(amount_minor), ..none() };
                self.tell(Kind::ApplicationApproved, owner, fact.number, params).await
            }
            applications::ApplicationCancelled::TYPE => {
                let fact: applications::ApplicationCancelled = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                self.tell(Kind::ApplicationCancelled, owner, fact.number, none()).await
            }
            applications::DraftExpiring::TYPE => {
                let fact: applications::DraftExpiring = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                self.tell(Kind::DraftExpiring, owner, fact.number, none()).await
            }
            applications::ApplicationExpired::TYPE => {
                let fact: applications::ApplicationExpired = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                let kind = match fact.reason.as_str() {
                    "not_corrected" => Kind::NotCorrected,
                    "not_paid" => Kind::NotPaid,
                    _ => return Ok(()),
                };
                self.tell(kind, owner, fact.number, none()).await
            }
            applications::CorrectionDue::TYPE => {
                let fact: applications::CorrectionDue = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                self.tell(Kind::CorrectionDue, owner, fact.number, Params { days: fact.days_left, ..none() }).await
            }
            applications::StepOverdue::TYPE => {
                let fact: applications::StepOverdue = self.payload()?;
                self.owner(fact.number, &fact.account_id).await?;
                if !fact.manager_id.is_empty() {
                    let to = Recipient::Account(fact.manager_id);
                    self.tell(Kind::StaffOverdue, to, fact.number, none()).await?;
                }
                self.tell(Kind::StaffOverdue, Recipient::Role(Role::Supervisor), fact.number, none()).await
            }
            applications::DocumentsAwaited::TYPE => {
                let fact: applications::DocumentsAwaited = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                // That something is ready to be fetched, or more is to be brought, is told by the step itself.
                if fact.kind == "pick_up" || fact.again {
                    return Ok(());
                }
                self.tell(Kind::DocumentsAwaited, owner, fact.number, none()).await
            }
            applications::ApplicationProgressed::TYPE => {
                let fact: applications::ApplicationProgressed = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                let kind = match fact.step.as_str() {
                    "ORIGINALS_RECEIVED" if fact.originals_awaited => Kind::OriginalsMissing,
                    "ORIGINALS_RECEIVED" => Kind::OriginalsReceived,
                    "SENT" => Kind::Sent,
                    "MORE_ORIGINALS" => Kind::MoreOriginals,
                    "DECIDED" => Kind::Decided,
                    "READY" => Kind::Ready,
                    "COMPLETED" => Kind::Completed,
                    _ => return Ok(()),
                };
                self.tell(kind, owner, fact.number, none()).await
            }
            applications::ApplicationAssigned::TYPE => self.assigned(self.payload()?).await,
            applications::MessagePosted::TYPE => {
                let fact: applications::MessagePosted = self.payload()?;
                let owner = self.owner(fact.number, &fact.account_id).await?;
                // One letter until it is read, however many messages follow.
                if fact.unread > 1 {
                    return Ok(());
                }
                if fact.by_staff {
                    return self.tell(Kind::MessagePosted, owner, fact.number, none()).await;
                }
                let to = Recipient::manager(fact.manager_id);
                self.tell(Kind::StaffMessagePosted, to, fact.number, none()).await
            }
            _ => Ok(()),
        }
    }

    /// Whoever has the case now and whoever had it are told, but not of what they did themselves.
    async fn assigned(&self, fact: applications::ApplicationAssigned) -> Result<(), Error> {
        self.owner(fact.number, &fact.account_id).await?;
        let none = Params::default;
        if !fact.former_manager_id.is_empty() && fact.former_manager_id != fact.by_id {
            let to = Recipient::Account(fact.former_manager_id);
            self.tell(Kind::StaffUnassigned, to, fact.number, none()).await?;
        }
        if fact.manager_id.is_empty() {
            return self.tell(Kind::StaffReleased, Recipient::Role(Role::Manager), fact.number, none()).await;
        }
        if fact.manager_id == fact.by_id {
            return Ok(());
        }
        self.tell(Kind::StaffAssigned, Recipient::Account(fact.manager_id), fact.number, none()).await
    }

    async fn payments(&self) -> Result<(), Error> {
        match self.envelope.r#type.as_str() {
            payments::AttemptClosed::TYPE => {
                let fact: payments::AttemptClosed = self.payload()?;
                let number = fact.application_number;
                if fact.outcome != "failed" {
                    return Ok(());
                }
                // Billing tells whose case it is, with the invoice; its facts may come later than the bank's.
                let account_id = case::owner(self.tx, number)
                    .await?
                    .ok_or_else(|| Error::Unavailable(format!("whose case {number} is has not been told yet")))?;
                let params = Params { class: fact.decline_class, ..Params::default() };
                let delay = Duration::from_secs(self.ports.config.attempt_failed_delay_seconds);
                self.tell_later(Kind::AttemptFailed, Recipient::Account(account_id), number, params, delay).await
            }
            payments::ChargeMismatched::TYPE => {
                let fact: payments::ChargeMismatched = self.payload()?;
                let params = Params {
                    amount_minor: fact.charged.map(|charged| charged.amount_minor),
                    class: fact.kind,
                    ..Params::default()
                };
                self.tell(Kind::StaffMismatch, Recipient::Role(Role::Finance), fact.application_number, params).await
            }
            _ => Ok(()),
        }
    }

    async fn booking(&self) -> Result<(), Error> {
        let mut confirm_by = 0;
        let (kind, visit) = match self.envelope.r#type.as_str() {
            booking::HolidaysChanged::TYPE => {
                let fact: booking::HolidaysChanged = self.payload()?;
                return calendar::keep(self.tx, &fact.holidays, self.envelope.aggregate_version).await;
            }
            booking::AppointmentBooked::TYPE => {
                (Kind::AppointmentBooked, self.payload::<booking::AppointmentBooked>()?.visit)
            }
            booking::AppointmentMoved::TYPE => {
                (Kind::AppointmentMoved, self.payload::<booking::AppointmentMoved>()?.visit)
            }
            booking::AppointmentDisplaced::TYPE => {
                (Kind::AppointmentDisplaced, self.payload::<booking::AppointmentDisplaced>()?.visit)
            }
            booking::AppointmentReminderDue::TYPE => {
                let fact: booking::AppointmentReminderDue = self.payload()?;
                confirm_by = fact.confirm_by_micros;
                (Kind::AppointmentReminder, fact.visit)
            }
            booking::AppointmentCancelled::TYPE => {
                let visit = self.payload::<booking::AppointmentCancelled>()?.visit;
                let released = visit.as_ref().is_some_and(|visit| visit.reason == "unconfirmed");
                (if released { Kind::AppointmentReleased } else { Kind::AppointmentCancelled }, visit)
            }
            _ => return Ok(()),
        };
        let visit = visit.ok_or_else(|| Error::Malformed("an appointment's fact without a visit".to_owned()))?;
        let params = Params {
            start_at_micros: Some(visit.start_at_micros),
            by_micros: Some(confirm_by).filter(|by| *by != 0),
            place: place(&visit),
            code: visit.code,
            visit: visit.kind,
            ..Params::default()
        };
        self.tell(kind, Recipient::Account(visit.account_id), visit.application_number, params).await
    }
}

/// Name and address of a visit's office in each language.
fn place(visit: &booking::Visit) -> Localized {
    let (Some(name), Some(address)) = (&visit.office_name, &visit.office_address) else { return Localized::default() };
    let both = |name: &str, address: &str| format!("{name}, {address}");
    Localized { en: both(&name.en, &address.en), ru: both(&name.ru, &address.ru), kk: both(&name.kk, &address.kk) }
}
