//! Use-cases, one a file: load, decide, save under the version, tell the facts.

pub(crate) mod apply_charge;
pub(crate) mod close;
pub(crate) mod confirm_payment;
pub(crate) mod document_pdf;
pub(crate) mod documents;
pub(crate) mod download_receipt;
pub(crate) mod expire;
pub(crate) mod hold_for_cancellation;
pub(crate) mod import_statement;
pub(crate) mod invoice_pdf;
pub(crate) mod issue_invoice;
pub(crate) mod labels;
pub(crate) mod open;
pub(crate) mod record_transfer;
pub(crate) mod refund_request;
pub(crate) mod refunds;
pub(crate) mod reserve_invoice;
pub(crate) mod settings;
pub(crate) mod upload_receipt;

use std::sync::Arc;

use chassis::{Context, Error, Tx, outbox::Outbox};
use kernel::{Actor, Role, Scope};
use proto::billing::v1::PaymentStatusChanged;
use tokio::sync::OnceCell;
use typesetting::Typesetter;

use crate::{config::Config, domain::billable::Billable};

/// What the use-cases work with.
pub(crate) struct Ports {
    pub context: Context,
    pub config: Config,
    pub intake: intake::Intake,
    /// Working days, for what waits too long.
    pub calendar: chassis::calendar::Calendar,
    /// Made when the first PDF is asked for: fonts take memory.
    pub typesetter: OnceCell<Arc<Typesetter>>,
}

/// Who sits at the payment desk.
pub(crate) const DESK: [Role; 3] = [Role::Manager, Role::Supervisor, Role::Finance];

/// Staff and programs that may see what is billed to others.
pub(crate) fn is_reader(actor: &Actor) -> bool {
    DESK.into_iter().any(|role| actor.has_role(role)) || actor.has_scope(Scope::BillingRead)
}

/// Not found, unless it is the actor's own or he is a reader.
pub(crate) fn visible(actor: &Actor, owner: kernel::AccountId) -> Result<(), Error> {
    if actor.account() == Some(owner) || is_reader(actor) { Ok(()) } else { Err(Error::NotFound) }
}

/// Where the facts of a billable go, once its version is raised. One per unit of work.
pub(crate) fn outbox<'a>(tx: &'a Tx, context: &'a Context, billable: &Billable) -> Outbox<'a> {
    Outbox::new(tx, &context.sources, context.service, billable.application, billable.version)
}

/// The payment status as it stands now.
pub(crate) fn status_changed(billable: &Billable, declined: bool) -> PaymentStatusChanged {
    PaymentStatusChanged {
        application_number: billable.application.get(),
        account_id: billable.account.to_string(),
        status: billable.status.code().to_owned(),
        invoice_id: billable.invoice.map(|id| id.to_string()).unwrap_or_default(),
        declined,
    }
}

/// Tells the payment status, where nothing else is told.
pub(crate) async fn tell_status(tx: &Tx, context: &Context, billable: &Billable, declined: bool) -> Result<(), Error> {
    outbox(tx, context, billable).append(&status_changed(billable, declined)).await
}
