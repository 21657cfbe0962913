//! The catalogue, a quote and the public offer as messages.

use chassis::{Error, wire};
use kernel::{LineId, Locale, Localized, Money, Violation, Violations};
use proto::applications::v1 as pb;

use crate::{
    app::{Ports, save_services::line},
    catalogue::{
        Catalogue,
        entry::{Offer, Service},
        major, short_name,
    },
    domain::{
        codes,
        documents::{Need, Requirement},
        form::{Condition, Form, Subject, is_blank},
    },
};

/// The catalogue of the day.
pub(crate) fn catalogue(catalogue: &Catalogue) -> pb::Catalogue {
    let categories = catalogue
        .categories
        .iter()
        .map(|category| pb::Category {
            code: category.code.clone(),
            name: Some(wire::localized(&category.name)),
            services: catalogue
                .services()
                .filter(|service| service.category == category.code)
                .map(|service| wire_service(catalogue, service))
                .collect(),
        })
        .filter(|category| !category.services.is_empty())
        .collect();
    pb::Catalogue {
        categories,
        walk_in_price: Some(wire::money(catalogue.walk_in_price())),
        walk_in_name: catalogue.walk_in().map(|walk_in| wire::localized(&walk_in.name)),
        forms: catalogue.forms().map(wire_form).collect(),
        types: catalogue
            .types()
            .iter()
            .map(|kind| pb::ApplicationType { code: kind.code.clone(), name: Some(wire::localized(&kind.name)) })
            .collect(),
    }
}

pub(crate) fn wire_service(catalogue: &Catalogue, service: &Service) -> pb::CatalogueService {
    let form = catalogue.form(&service.form, 0);
    pb::CatalogueService {
        code: service.code.clone(),
        name: Some(wire::localized(&short_name(service))),
        path: Some(wire::localized(&catalogue.path(service))),
        price: Some(wire::money(major(service.price))),
        personal_manager_price: service.personal_manager_price.map(|price| wire::money(major(price))),
        per_person: form.is_some_and(|form| form.subject == Subject::Person),
        form_code: service.form.clone(),
        form_version: form.map_or(0, |form| form.version.unsigned_abs()),
        documents: catalogue
            .requirements(service)
            .iter()
            .filter_map(|asked| wire_requirement(catalogue, asked))
            .collect(),
        state_fee: Some(wire::money(catalogue.state_fee(service))),
        working_days: service.working_days,
        has_sheet: form.is_some_and(|form| form.subject == Subject::Line),
        version: catalogue.service(&service.code).map_or(0, |(version, _)| version.unsigned_abs()),
        member_price: service.member_price.map(|price| wire::money(major(price))),
    }
}

fn wire_requirement(catalogue: &Catalogue, asked: &Requirement) -> Option<pb::DocumentRequirement> {
    let paper = catalogue.paper(&asked.document)?;
    Some(pb::DocumentRequirement {
        code: paper.code.clone(),
        name: Some(wire::localized(&paper.name)),
        required: asked.required == Need::Always,
        per_application: paper.per_application,
        original: paper.original,
        help: given(&paper.help),
        required_of_members: asked.required == Need::Members,
        when: asked.when.as_ref().map(wire_condition),
    })
}

fn given(text: &Localized) -> Option<proto::common::v1::LocalizedText> {
    (!is_blank(text)).then(|| wire::localized(text))
}

fn wire_condition(when: &Condition) -> pb::FormCondition {
    pb::FormCondition {
        field: when.field.clone(),
        any_of: when.any_of.clone(),
        none_of: when.none_of.clone(),
        differs_from: when.differs_from.clone(),
    }
}

pub(crate) fn wire_form(form: &Form) -> pb::Form {
    pb::Form {
        code: form.code.clone(),
        version: form.version.unsigned_abs(),
        subject: match form.subject {
            Subject::Person => "person",
            Subject::Line => "line",
        }
        .to_owned(),
        fields: form
            .fields
            .iter()
            .map(|field| pb::FormField {
                key: field.key.clone(),
                label: Some(wire::localized(&field.label)),
                help: Some(wire::localized(&field.help)),
                kind: field.kind.code().to_owned(),
                required: field.required,
                choices: field
                    .choices
                    .iter()
                    .map(|choice| pb::FormChoice {
                        value: choice.value.clone(),
                        label: Some(wire::localized(&choice.label)),
                    })
                    .collect(),
                length_max: u32::try_from(field.length()).unwrap_or(u32::MAX),
                section: given(&field.section),
                when: field.when.as_ref().map(wire_condition),
                min: field.min,
                max: field.max,
            })
            .collect(),
    }
}

/// What a choice of services costs today, by the same rules as an application's lines.
pub(crate) fn quote(ports: &Ports, asked: &pb::GetQuoteRequest) -> Result<pb::Quote, Error> {
    let catalogue = ports.catalogue();
    let limits = &ports.config.limits;
    if asked.lines.len() > limits.lines_max {
        return Err(Error::at("lines", codes::SERVICES_TOO_MANY));
    }
    let mut faults = Violations::new();
    let mut lines = Vec::new();
    let mut sums = Vec::new();
    let mut fees = Vec::new();
    for (index, choice) in asked.lines.iter().enumerate() {
        let at = |name: &str| format!("lines[{index}].{name}");
        if choice.quantity == 0 || choice.quantity > limits.quantity_max {
            let fault = Violation::new(at("quantity"), codes::QUANTITY_OUT_OF_RANGE);
            faults.push(fault.with("max", limits.quantity_max.to_string()));
            continue;
        }
        let made = line(&catalogue, || LineId::from_uuid(uuid::Uuid::nil()), choice, None, asked.member);
        let Some(line) = made else {
            faults.add(at("service_code"), codes::SERVICE_UNKNOWN);
            continue;
        };
        if choice.personal_manager && line.personal_manager_price.is_none() {
            faults.add(at("personal_manager"), codes::PERSONAL_MANAGER_NONE);
            continue;
        }
        let Some(total) = line.total() else {
            faults.add(at("quantity"), codes::QUANTITY_OUT_OF_RANGE);
            continue;
        };
        let fee = catalogue.service(&line.service_code).map(|(_, service)| catalogue.state_fee(service));
        fees.extend(fee.and_then(|fee| fee.checked_mul(line.quantity)));
        sums.push(total);
        lines.push(pb::QuoteLine {
            service_code: line.service_code.clone(),
            path: Some(wire::localized(&line.path)),
            quantity: line.quantity,
            price: Some(wire::money(line.price)),
            personal_manager_price: line.personal_manager_price.filter(|_| choice.personal_manager).map(wire::money),
            total: Some(wire::money(total)),
        });
    }
    faults.into_result(())?;
    let walk_in = asked.walk_in.then(|| catalogue.walk_in_price());
    let total =
        Money::sum(sums.into_iter().chain(walk_in)).ok_or_else(|| Error::at("lines", codes::QUANTITY_OUT_OF_RANGE))?;
    Ok(pb::Quote {
        lines,
        walk_in_price: walk_in.map(wire::money),
        total: Some(wire::money(total)),
        state_fees: Money::sum(fees).map(wire::money),
    })
}

/// An offer in one language.
pub(crate) fn offer(offer: &Offer, locale: Locale) -> pb::PublicOffer {
    pb::PublicOffer {
        version: offer.version.unsigned_abs(),
        title: offer.title.get(locale).to_owned(),
        blocks: offer
            .blocks
            .iter()
            .map(|block| pb::OfferBlock { heading: block.heading, text: block.text.get(locale).to_owned() })
            .collect(),
    }
}
