//! What is told of billing's facts.

use chassis::Error;
use kernel::Role;
use proto::{Fact as _, billing::v1 as billing};

use super::Reading;
use crate::{
    app::notify::Recipient,
    domain::{kind::Kind, params::Params},
    store::case,
};

impl Reading<'_> {
    pub(super) async fn billing(&self) -> Result<(), Error> {
        match self.envelope.r#type.as_str() {
            billing::InvoiceIssued::TYPE => {
                let fact: billing::InvoiceIssued = self.payload()?;
                let number = fact.application_number;
                let owner = self.owner(number, &fact.account_id).await?;
                let params = Params {
                    amount_minor: fact.total.map(|total| total.amount_minor),
                    document_number: fact.document_number,
                    ..Params::default()
                };
                self.tell(Kind::InvoiceIssued, owner, number, params).await
            }
            billing::InvoiceReminderDue::TYPE => {
                let fact: billing::InvoiceReminderDue = self.payload()?;
                let number = fact.application_number;
                let owner = self.owner(number, &fact.account_id).await?;
                let params = Params {
                    amount_minor: fact.total.map(|total| total.amount_minor),
                    document_number: fact.document_number,
                    days: fact.days_left,
                    date: fact.due_date,
                    ..Params::default()
                };
                self.tell(Kind::InvoiceReminder, owner, number, params).await
            }
            billing::RefundChanged::TYPE => {
                let fact: billing::RefundChanged = self.payload()?;
                let number = fact.application_number;
                let owner = self.owner(number, &fact.account_id).await?;
                let params = || Params {
                    amount_minor: fact.amount.as_ref().map(|amount| amount.amount_minor),
                    ..Params::default()
                };
                let open = !["declined", "done", "failed"].contains(&fact.state.as_str());
                let since = open.then(|| self.ports.context.sources.now().micros());
                case::waits(self.tx, number, case::Column::RefundSince, since).await?;
                let finance = || Recipient::Role(Role::Finance);
                match fact.state.as_str() {
                    "requested" => {
                        self.tell(Kind::RefundRequested, owner, number, params()).await?;
                        self.tell(Kind::StaffRefundRequested, finance(), number, params()).await
                    }
                    "approved" => {
                        self.tell(Kind::RefundApproved, owner, number, params()).await?;
                        self.tell(Kind::StaffRefundApproved, finance(), number, params()).await
                    }
                    "failed" => self.tell(Kind::StaffRefundFailed, finance(), number, params()).await,
                    "declined" => self.tell(Kind::RefundDeclined, owner, number, params()).await,
                    "done" => self.tell(Kind::RefundDone, owner, number, params()).await,
                    _ => Ok(()),
                }
            }
            billing::PaymentStatusChanged::TYPE => {
                let fact: billing::PaymentStatusChanged = self.payload()?;
                let number = fact.application_number;
                let owner = self.owner(number, &fact.account_id).await?;
                let version = self.envelope.aggregate_version;
                if !case::payment_changed(self.tx, number, &fact.status, version).await? {
                    return Ok(());
                }
                let since = (fact.status == "pending").then(|| self.ports.context.sources.now().micros());
                case::waits(self.tx, number, case::Column::PendingSince, since).await?;
                match fact.status.as_str() {
                    "pending" => {
                        self.tell(Kind::PaymentPending, owner, number, Params::default()).await?;
                        let to = Recipient::Role(Role::Manager);
                        self.tell(Kind::StaffPaymentPending, to, number, Params::default()).await
                    }
                    "partly_paid" if !fact.declined => {
                        self.tell(Kind::PaymentPart, owner, number, Params::default()).await
                    }
                    "paid" => self.tell(Kind::PaymentPaid, owner, number, Params::default()).await,
                    "not_paid" | "partly_paid" if fact.declined => {
                        self.tell(Kind::PaymentDeclined, owner, number, Params::default()).await
                    }
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}
