//! The payment desk: a member of staff confirms that the money is there, or declines with a reason.

use chassis::{Error, Tx, audit, auth::permit};
use kernel::{Actor, Role};
use proto::billing::v1::{ConfirmPaymentRequest, DeclinePaymentRequest};

use super::{Ports, tell_status};
use crate::{
    domain::{billable::Billable, codes, payer},
    store,
};

const DESK: [Role; 3] = [Role::Manager, Role::Supervisor, Role::Finance];

async fn load(tx: &Tx, ports: &Ports, actor: &Actor, number: i64, version: i64) -> Result<Billable, Error> {
    permit::staff(actor, &DESK)?;
    let billable = store::load(&**tx, &ports.context.sealer, number).await?;
    if billable.version == version { Ok(billable) } else { Err(Error::VersionConflict) }
}

pub(crate) async fn confirm(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &ConfirmPaymentRequest,
) -> Result<(), Error> {
    let context = &ports.context;
    let number = command.application_number;
    let mut billable = load(tx, ports, actor, number, command.version).await?;
    if actor.account() == Some(billable.account) {
        return Err(Error::Forbidden);
    }
    let id = billable.invoice.ok_or_else(|| Error::refuse(codes::PAYMENT_NOT_PENDING))?;
    let mut invoice = store::invoice(&**tx, &context.sealer, id).await?;
    let evidence = store::evidence(&**tx, number).await?;
    billable.confirm(&mut invoice, &evidence)?;
    store::update(tx, &context.sealer, &mut billable, context.sources.now()).await?;
    store::set_invoice_state(tx, id, invoice.state).await?;
    audit::record(tx, &context.sources, actor, "PAYMENT_CONFIRMED", number, &invoice.document_number).await?;
    tell_status(tx, context, &billable, false).await
}

pub(crate) async fn decline(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &DeclinePaymentRequest,
) -> Result<(), Error> {
    let context = &ports.context;
    let number = command.application_number;
    let mut billable = load(tx, ports, actor, number, command.version).await?;
    billable.decline(payer::reason(&command.reason)?)?;
    store::update(tx, &context.sealer, &mut billable, context.sources.now()).await?;
    audit::record(tx, &context.sources, actor, "PAYMENT_DECLINED", number, "").await?;
    tell_status(tx, context, &billable, true).await
}
