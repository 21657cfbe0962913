//! Saves the "Services" section: membership, lines, walk-in. Prices are the catalogue's of now.

use chassis::{Error, Tx};
use kernel::{Actor, LineId, Violation, Violations};
use proto::applications::v1::{Application, SaveServicesRequest};

use super::{Ports, answer, load_editable};
use crate::{
    catalogue::{short_name, tenge},
    domain::{
        case::{Line, Membership},
        codes,
    },
    store,
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &SaveServicesRequest,
    membership: Membership,
) -> Result<Application, Error> {
    let mut case = load_editable(tx, ports, actor, command.number, command.version).await?;
    let limits = &ports.config.limits;
    let mut faults = Violations::new();
    if command.lines.is_empty() {
        faults.add("services", codes::SERVICES_NONE);
    }
    if command.lines.len() > limits.lines_max {
        faults.add("services", codes::SERVICES_TOO_MANY);
    }
    let mut lines: Vec<Line> = Vec::new();
    for (index, choice) in command.lines.iter().enumerate() {
        let field = |name: &str| format!("lines[{index}].{name}");
        if choice.quantity == 0 || choice.quantity > limits.quantity_max {
            let fault = Violation::new(field("quantity"), codes::QUANTITY_OUT_OF_RANGE);
            faults.push(fault.with("max", limits.quantity_max.to_string()));
            continue;
        }
        let before = case.lines.iter().find(|line| line.service_code == choice.service_code);
        let twice = lines.iter().any(|line| line.service_code == choice.service_code);
        match line(ports, &choice.service_code, choice.quantity, choice.personal_manager, before).filter(|_| !twice) {
            None => faults.add(field("service_code"), codes::SERVICE_UNKNOWN),
            Some(line) if choice.personal_manager && line.personal_manager_price.is_none() => {
                faults.add(field("personal_manager"), codes::PERSONAL_MANAGER_NONE);
            }
            Some(line) => lines.push(line),
        }
    }
    faults.into_result(())?;
    case.lines = lines;
    case.membership = membership;
    case.walk_in = command.walk_in;
    case.walk_in_price = tenge(ports.catalogue.file.walk_in.price);
    if case.total().is_none() {
        return Err(Error::at("services", codes::QUANTITY_OUT_OF_RANGE));
    }
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    store::save::replace_lines(tx, &case).await?;
    answer(tx, ports, actor, command.number).await
}

/// A line at today's price; persons entered on it before stay.
pub(crate) fn line(
    ports: &Ports,
    code: &str,
    quantity: u32,
    personal_manager: bool,
    before: Option<&Line>,
) -> Option<Line> {
    let catalogue = &ports.catalogue;
    let service = catalogue.service(code)?;
    let form = catalogue.form(&service.form, 0);
    Some(Line {
        id: before.map_or_else(|| LineId::from_uuid(ports.context.sources.uuid()), |line| line.id),
        service_code: service.code.clone(),
        name: short_name(service),
        path: catalogue.path(service),
        quantity,
        personal_manager,
        price: tenge(service.price),
        personal_manager_price: service.personal_manager_price.map(tenge),
        form_code: service.form.clone(),
        form_version: form.map_or(0, |form| form.version),
        product_code: service.product_code.clone(),
        description: service.description.clone(),
        papers_required: Vec::new(),
        persons: before.map(|line| line.persons.clone()).unwrap_or_default(),
    })
}
