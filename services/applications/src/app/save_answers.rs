//! Saves the form of a line that is not for persons. What is wrong is told, and hinders submission only.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, SaveLineAnswersRequest};

use super::{Ports, answer, load_editable, save_services::faults};
use crate::{domain::codes, store};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &SaveLineAnswersRequest,
) -> Result<Application, Error> {
    let mut case = load_editable(tx, ports, actor, command.number, command.version).await?;
    let catalogue = ports.catalogue();
    let line = case
        .lines
        .iter_mut()
        .find(|line| line.id.to_string() == command.line_id && line.has_sheet())
        .ok_or_else(|| Error::at("line_id", codes::LINE_UNKNOWN))?;
    let form = catalogue
        .form(&line.form_code, line.form_version)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("form {} {} is gone", line.form_code, line.form_version)))?;
    let (values, found) = form.read(&command.values, catalogue.today);
    line.answers = values;
    line.answer_faults = faults(found);
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    store::save::write_lines(tx, &ports.context.sealer, &case).await?;
    answer(tx, ports, actor, command.number).await
}
