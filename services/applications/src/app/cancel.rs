//! The applicant gives up, or staff end it with a reason. Billing is asked first, so that no payment can start meanwhile.

use chassis::{Error, Tx, command::Call, dial, status};
use kernel::{Actor, Role};
use proto::{
    applications::v1::{Application, CancelApplicationRequest},
    billing::v1::{HoldForCancellationRequest, billing_client::BillingClient},
};

use super::{Ports, answer, load_at, reason, save_moved};
use crate::{
    domain::{codes, permissions::acts_for_owner, state::State},
    queries,
};

/// Asks billing to let no new payment begin, where there is something to pay.
pub(crate) async fn hold_payment(ports: &Ports, call: &Call, number: i64) -> Result<(), Error> {
    let context = &ports.context;
    if queries::state(context.db.read(), number).await? != Some(State::AwaitingPayment) {
        return Ok(());
    }
    let request = dial::request(
        HoldForCancellationRequest { application_number: number },
        &context.system_call_until(call).await?,
    );
    match BillingClient::new(context.dialer.channel("billing")?).hold_for_cancellation(request).await {
        Ok(_) => Ok(()),
        Err(refused) => {
            let told = status::parse(&refused);
            match told.reason.as_str() {
                "PAYMENT_UNDER_WAY" => Err(Error::refuse(codes::PAYMENT_UNDER_WAY)),
                "MONEY_RECEIVED" => Err(Error::refuse(codes::MONEY_RECEIVED)),
                // Billing has not heard of the approval yet: nothing can have been paid.
                "NOT_FOUND" => Ok(()),
                _ => Err(status::into_error(&refused)),
            }
        }
    }
}

/// Refuses callers who may not cancel this case, before billing is asked anything.
pub(crate) async fn permitted(ports: &Ports, actor: &Actor, number: i64) -> Result<(), Error> {
    queries::visible(ports.context.db.read(), ports, actor, number).await
}

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &CancelApplicationRequest,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    let by_staff = actor.account() != Some(case.owner);
    if by_staff && !acts_for_owner(&case, actor) {
        let who = chassis::auth::permit::staff(actor, &[Role::Manager, Role::Supervisor])?;
        case.handled_by(who, actor.has_role(Role::Supervisor))?;
    }
    let said = reason(&command.reason)?;
    let facts = case.cancel(by_staff, said.clone())?;
    if !facts.is_empty() {
        save_moved(tx, ports, actor, &mut case, &facts, &said).await?;
    }
    answer(tx, ports, actor, command.number).await
}
