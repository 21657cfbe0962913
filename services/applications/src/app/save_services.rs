//! Saves the "Services" section: membership, lines, walk-in. Prices are the catalogue's of now.

use chassis::{Error, Tx};
use kernel::{Actor, Code, LineId, Violation, Violations};
use proto::applications::v1::{Application, LineChoice, SaveServicesRequest};

use super::{Ports, answer, load_editable};
use crate::{
    catalogue::{Catalogue, major, short_name},
    domain::{
        case::{Line, Membership},
        codes,
        form::Subject,
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
    let catalogue = ports.catalogue();
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
        let id = || LineId::from_uuid(ports.context.sources.uuid());
        let made = line(&catalogue, id, choice, before, membership.has_member_prices());
        match made.filter(|_| !twice) {
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
    case.walk_in_price = catalogue.walk_in_price();
    if case.total().is_none() {
        return Err(Error::at("services", codes::QUANTITY_OUT_OF_RANGE));
    }
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    store::save::replace_lines(tx, &ports.context.sealer, &case).await?;
    answer(tx, ports, actor, command.number).await
}

/// A line at today's price; what was entered on it before stays.
pub(crate) fn line(
    catalogue: &Catalogue,
    id: impl FnOnce() -> LineId,
    choice: &LineChoice,
    before: Option<&Line>,
    member: bool,
) -> Option<Line> {
    let (service_version, service) = catalogue.service(&choice.service_code)?;
    let form = catalogue.form(&service.form, 0);
    let answers = before.map(|line| line.answers.clone()).unwrap_or_default();
    let sheet = form.filter(|form| form.subject == Subject::Line);
    Some(Line {
        id: before.map_or_else(id, |line| line.id),
        service_code: service.code.clone(),
        service_version,
        ended: false,
        name: short_name(service),
        path: catalogue.path(service),
        quantity: choice.quantity,
        personal_manager: choice.personal_manager,
        price: major(service.price_for(member)),
        personal_manager_price: service.personal_manager_price.map(major),
        form_code: service.form.clone(),
        form_version: form.map_or(0, |form| form.version),
        subject: form.map(|form| form.subject),
        answer_faults: sheet.map(|form| faults(form.read(&answers, catalogue.today).1)).unwrap_or_default(),
        answers,
        product_code: service.product_code.clone(),
        description: service.description.clone(),
        requirements: catalogue.requirements(service),
        visits: service.visit_rules(),
        persons: before.map(|line| line.persons.clone()).unwrap_or_default(),
    })
}

/// Faults of answers by field key.
pub(crate) fn faults(found: Vec<Violation>) -> Vec<(String, Code)> {
    found.into_iter().map(|fault| (fault.field, fault.code)).collect()
}
