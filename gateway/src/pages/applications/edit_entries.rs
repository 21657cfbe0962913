//! The entries of the step "Application" between form and message: what is known as fields, what was typed as commands.

use proto::applications::v1::{
    Application, Catalogue, CatalogueService, Contact, LineChoice, Membership, MembershipKind, SaveContactRequest,
    SaveServicesRequest,
};
use proto::common::v1::Money;
use proto::identity::v1::Account;

use crate::fields::Fields;
use crate::frame::{Frame, local};
use crate::pages::Choice;
use crate::problem::Problem;

/// A row of the services grid.
pub(super) struct Row {
    pub code: String,
    pub path: String,
    pub price: String,
    pub price_minor: i64,
    pub manager_price: String,
    pub manager_minor: i64,
    pub manager: bool,
    pub quantity: String,
    pub quantity_control: String,
    pub total: String,
}

/// What the application holds, as the form's fields; a new draft's contact starts with the account's.
pub(super) fn known(application: &Application, account: Option<&Account>) -> Fields {
    let mut fields = Fields::default();
    let membership = application.membership.clone().unwrap_or_default();
    let kind = match MembershipKind::try_from(membership.kind).unwrap_or_default() {
        MembershipKind::Member => "member",
        MembershipKind::NotMember => "not_member",
        MembershipKind::Unspecified => "",
    };
    fields.set("membership", kind);
    fields.set("bin", membership.bin);
    for line in &application.lines {
        fields.set("line", line.service_code.as_str());
        fields.set(&format!("quantity.{}", line.service_code), line.quantity.to_string());
        if line.personal_manager {
            fields.set("manager", line.service_code.as_str());
        }
    }
    if application.walk_in {
        fields.set("walk_in", "yes");
    }
    let contact = application.contact.clone().unwrap_or_default();
    let from_account = contact == Contact::default();
    if let Some(account) = account.filter(|_| from_account) {
        fields.set("given_name", account.given_name.as_str());
        fields.set("surname", account.surname.as_str());
        fields.set("email", account.email.as_str());
        fields.set("phone", account.phone.as_str());
        fields.set("address", "");
    } else {
        fields.set("given_name", contact.given_name);
        fields.set("surname", contact.surname);
        fields.set("email", contact.email);
        fields.set("phone", contact.phone);
        fields.set("address", contact.address);
    }
    fields
}

/// The command that the typed services make, with a line added or removed by its button.
pub(super) fn services(application: &Application, fields: &Fields, version: i64) -> SaveServicesRequest {
    let action = fields.get("action");
    let removed = action.strip_prefix("remove:").unwrap_or_default();
    let managers = fields.all("manager");
    let mut lines: Vec<_> = fields
        .all("line")
        .into_iter()
        .filter(|code| code != removed)
        .map(|code| LineChoice {
            quantity: fields.number(&format!("quantity.{code}")),
            personal_manager: managers.contains(&code),
            service_code: code,
        })
        .collect();
    let added = fields.text("add");
    if action == "add" && !added.is_empty() && !lines.iter().any(|line| line.service_code == added) {
        lines.push(LineChoice { service_code: added, quantity: 1, personal_manager: false });
    }
    let kind = match fields.get("membership") {
        _ if action == "search" => MembershipKind::Member,
        "member" => MembershipKind::Member,
        "not_member" => MembershipKind::NotMember,
        _ => MembershipKind::Unspecified,
    };
    SaveServicesRequest {
        number: application.number,
        version,
        membership: Some(Membership {
            kind: kind.into(),
            bin: if kind == MembershipKind::Member { fields.text("bin") } else { String::new() },
            organisation_name: String::new(),
            verified: false,
            member_prices: false,
        }),
        lines,
        walk_in: fields.has("walk_in"),
    }
}

/// `lines[1].quantity` stands at the control of the second line.
pub(super) fn at_controls(mut problem: Problem, fields: &Fields) -> Problem {
    let codes = fields.all("line");
    for violation in &mut problem.violations {
        let index = violation.field.strip_prefix("lines[").and_then(|rest| rest.split_once(']'));
        let code = index.and_then(|(index, _)| codes.get(index.parse::<usize>().ok()?));
        if let Some(code) = code {
            violation.field = format!("quantity.{code}");
        }
    }
    problem
}

/// Whether the command would change what the application holds.
pub(super) fn changes_services(application: &Application, command: &SaveServicesRequest) -> bool {
    let lines: Vec<_> = application
        .lines
        .iter()
        .map(|line| LineChoice {
            service_code: line.service_code.clone(),
            quantity: line.quantity,
            personal_manager: line.personal_manager,
        })
        .collect();
    let held = application.membership.clone().unwrap_or_default();
    let typed = command.membership.clone().unwrap_or_default();
    lines != command.lines || application.walk_in != command.walk_in || held.kind != typed.kind || held.bin != typed.bin
}

pub(super) fn contact(application: &Application, fields: &Fields, version: i64) -> SaveContactRequest {
    SaveContactRequest {
        number: application.number,
        version,
        contact: Some(Contact {
            given_name: fields.text("given_name"),
            surname: fields.text("surname"),
            email: fields.text("email"),
            phone: fields.text("phone"),
            address: fields.text("address"),
        }),
    }
}

/// The rows of the grid for what stands in the fields. Prices are the application's where it holds the service, else the catalogue's.
pub(super) fn rows(frame: &Frame, application: &Application, catalogue: &Catalogue, fields: &Fields) -> Vec<Row> {
    let managers = fields.all("manager");
    fields
        .all("line")
        .into_iter()
        .map(|code| {
            let line = application.lines.iter().find(|line| line.service_code == code);
            let service = find(catalogue, &code);
            let price =
                line.map_or_else(|| service.and_then(|service| service.price.clone()), |line| line.price.clone());
            let manager_price = line.map_or_else(
                || service.and_then(|service| service.personal_manager_price.clone()),
                |line| line.personal_manager_price.clone(),
            );
            let path =
                line.and_then(|line| line.path.as_ref()).or_else(|| service.and_then(|service| service.path.as_ref()));
            let quantity = fields.text(&format!("quantity.{code}"));
            let manager = managers.contains(&code);
            let unchanged =
                line.filter(|line| line.quantity.to_string() == quantity && line.personal_manager == manager);
            Row {
                path: local(path, frame.language()),
                price: frame.money(&price),
                price_minor: minor(price.as_ref()),
                manager_price: frame.money(&manager_price),
                manager_minor: minor(manager_price.as_ref()),
                manager,
                quantity_control: format!("quantity.{code}"),
                quantity,
                total: unchanged.map_or_else(String::new, |line| frame.money(&line.total)),
                code,
            }
        })
        .collect()
}

/// Services that are not in the grid yet.
pub(super) fn addable(frame: &Frame, catalogue: &Catalogue, fields: &Fields) -> Vec<Choice> {
    let present = fields.all("line");
    catalogue
        .categories
        .iter()
        .flat_map(|category| &category.services)
        .filter(|service| !present.contains(&service.code))
        .map(|service| {
            let label = format!("{} – {}", local(service.path.as_ref(), frame.language()), frame.money(&service.price));
            Choice::new(service.code.as_str(), label)
        })
        .collect()
}

pub(super) fn find<'a>(catalogue: &'a Catalogue, code: &str) -> Option<&'a CatalogueService> {
    catalogue.categories.iter().flat_map(|category| &category.services).find(|service| service.code == code)
}

pub(super) fn minor(money: Option<&Money>) -> i64 {
    money.map_or(0, |money| money.amount_minor)
}
