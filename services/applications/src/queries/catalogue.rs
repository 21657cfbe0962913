//! The catalogue and the public offer as messages.

use chassis::wire;
use kernel::Locale;
use proto::applications::v1 as pb;

use crate::{
    app::Ports,
    catalogue::{Offer, Service, short_name, tenge},
    domain::form::Form,
};

/// The catalogue of the day.
pub(crate) fn catalogue(ports: &Ports) -> pb::Catalogue {
    let file = &ports.catalogue.file;
    let today = ports.context.zone.date(ports.context.sources.now());
    let categories = file
        .categories
        .iter()
        .map(|category| pb::Category {
            code: category.code.clone(),
            name: Some(wire::localized(&category.name)),
            services: file
                .services
                .iter()
                .filter(|service| service.category == category.code)
                .map(|service| wire_service(ports, service, today))
                .collect(),
        })
        .collect();
    pb::Catalogue {
        categories,
        walk_in_price: Some(wire::money(tenge(file.walk_in.price))),
        walk_in_name: Some(wire::localized(&file.walk_in.name)),
        forms: ports.catalogue.forms.iter().map(wire_form).collect(),
        types: file
            .types
            .iter()
            .map(|kind| pb::ApplicationType { code: kind.code.clone(), name: Some(wire::localized(&kind.name)) })
            .collect(),
    }
}

fn wire_service(ports: &Ports, service: &Service, today: jiff::civil::Date) -> pb::CatalogueService {
    let papers = &service.documents;
    let asked = papers.required.iter().map(|code| (code, true)).chain(papers.optional.iter().map(|code| (code, false)));
    pb::CatalogueService {
        code: service.code.clone(),
        name: Some(wire::localized(&short_name(service))),
        path: Some(wire::localized(&ports.catalogue.path(service))),
        price: Some(wire::money(tenge(service.price))),
        personal_manager_price: service.personal_manager_price.map(|price| wire::money(tenge(price))),
        per_person: !service.form.is_empty(),
        form_code: service.form.clone(),
        form_version: ports.catalogue.form(&service.form, 0).map_or(0, |form| form.version.unsigned_abs()),
        documents: asked
            .filter_map(|(code, required)| {
                let paper = ports.catalogue.paper(code)?;
                Some(pb::DocumentRequirement {
                    code: code.clone(),
                    name: Some(wire::localized(&paper.name)),
                    required,
                    per_application: paper.per_application,
                    original: paper.original,
                })
            })
            .collect(),
        state_fee: Some(wire::money(ports.catalogue.state_fee(service, today))),
        working_days: service.working_days,
    }
}

fn wire_form(form: &Form) -> pb::Form {
    pb::Form {
        code: form.code.clone(),
        version: form.version.unsigned_abs(),
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
                length_max: 200,
            })
            .collect(),
    }
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
