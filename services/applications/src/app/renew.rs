//! EXPIRED → AWAITING_PAYMENT: an approved case whose invoice was not paid in time goes on at today's price. Where a form
//! has got a newer version since, the supervisor approves it again.

use chassis::{Error, Tx};
use kernel::{Actor, Role};
use proto::applications::v1::{Application, RenewApplicationRequest};

use super::{Ports, answer, load_at, priced_lines, save_moved};
use crate::{
    domain::{codes, permissions::acts_for_owner, state::State},
    store,
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &RenewApplicationRequest,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    if actor.account() != Some(case.owner) && !acts_for_owner(&case, actor) {
        let who = chassis::auth::permit::staff(actor, &[Role::Manager, Role::Supervisor])?;
        case.handled_by(who, actor.has_role(Role::Supervisor))?;
    }
    case.renewable()?;
    let catalogue = ports.catalogue();
    catalogue.price(&mut case);
    let total = case.total().map_or(0, |total| total.minor());
    if command.total_shown_minor != 0 && command.total_shown_minor < total {
        return Err(Error::at("total", codes::PRICE_CHANGED));
    }
    let newer = |line: &crate::domain::case::Line| {
        catalogue.form(&line.form_code, 0).is_some_and(|form| form.version != line.form_version)
    };
    let again = case.lines.iter().any(newer);
    let lines = priced_lines(&catalogue, &case)?;
    let facts = case.renew(lines, again)?;
    save_moved(tx, ports, actor, &mut case, &facts, "").await?;
    if case.state == State::PendingApproval {
        store::save::note(tx, &case, actor, "RENEWED", "", ports.context.sources.now()).await?;
    }
    store::erase::goes_on(tx, command.number).await?;
    if case.loaded.priced_anew {
        store::save::write_lines(tx, &ports.context.sealer, &case).await?;
    }
    answer(tx, ports, actor, command.number).await
}
