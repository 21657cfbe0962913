//! The catalogue of a day: what may be applied for, its prices, forms, papers and the public offer. It is made of
//! editions, each of which counts from its day on; an application holds the versions it was made with.

pub(crate) mod book;
pub(crate) mod check;
pub(crate) mod entry;
pub(crate) mod files;
mod pricing;
pub(crate) mod shelf;

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Localized, Money};

use crate::domain::{documents::Requirement, form::Form};
use entry::{ApplicationType, Category, Offer, Paper, PaperSet, Service, Terms, WalkIn};

/// What the catalogue is on a day. Older versions of services, forms and offers stay to be found.
#[derive(Debug, Clone)]
pub(crate) struct Catalogue {
    pub today: Date,
    pub terms: Option<Terms>,
    pub categories: Vec<Category>,
    papers: BTreeMap<String, Paper>,
    sets: BTreeMap<String, PaperSet>,
    /// With their versions, in the catalogue's order.
    services: Vec<(i32, Service)>,
    every_service: BTreeMap<(String, i32), Service>,
    forms: BTreeMap<(String, i32), Form>,
    form_versions: BTreeMap<String, i32>,
    offers: BTreeMap<i32, Offer>,
    offer_version: i32,
}

impl Catalogue {
    fn empty(today: Date) -> Self {
        Self {
            today,
            terms: None,
            categories: Vec::new(),
            papers: BTreeMap::new(),
            sets: BTreeMap::new(),
            services: Vec::new(),
            every_service: BTreeMap::new(),
            forms: BTreeMap::new(),
            form_versions: BTreeMap::new(),
            offers: BTreeMap::new(),
            offer_version: 0,
        }
    }

    /// Services that may be applied for on the day.
    pub(crate) fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().map(|(_, service)| service).filter(|service| service.is_active(self.today))
    }

    /// A service that may be applied for on the day, with its version.
    pub(crate) fn service(&self, code: &str) -> Option<(i32, &Service)> {
        self.services
            .iter()
            .find(|(_, service)| service.code == code && service.is_active(self.today))
            .map(|(version, service)| (*version, service))
    }

    /// A service as it was at a version. One that is not known is read as it is now.
    pub(crate) fn service_at(&self, code: &str, version: i32) -> Option<&Service> {
        self.every_service
            .get(&(code.to_owned(), version))
            .or_else(|| self.services.iter().map(|(_, service)| service).find(|service| service.code == code))
    }

    pub(crate) fn paper(&self, code: &str) -> Option<&Paper> {
        self.papers.get(code)
    }

    /// The papers that a service asks for: those of its sets, then its own; each once.
    pub(crate) fn requirements(&self, service: &Service) -> Vec<Requirement> {
        let sets = service.document_sets.iter().filter_map(|set| self.sets.get(set)).flat_map(|set| &set.papers);
        let mut all: Vec<Requirement> = Vec::new();
        for asked in sets.chain(&service.papers) {
            if !all.iter().any(|known| known.document == asked.document) {
                let paper = self.papers.get(&asked.document);
                all.push(Requirement {
                    per_application: paper.is_some_and(|paper| paper.per_application),
                    original: paper.is_some_and(|paper| paper.original),
                    ..asked.clone()
                });
            }
        }
        all
    }

    /// The form at a version; version 0 asks for the one in force.
    pub(crate) fn form(&self, code: &str, version: i32) -> Option<&Form> {
        let version = if version == 0 { *self.form_versions.get(code)? } else { version };
        self.forms.get(&(code.to_owned(), version))
    }

    /// All forms at all versions.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &Form> {
        self.forms.values()
    }

    /// A given version of the offer; 0 asks for the one in force.
    pub(crate) fn offer(&self, version: i32) -> Option<&Offer> {
        self.offers.get(&if version == 0 { self.offer_version } else { version })
    }

    pub(crate) fn types(&self) -> &[ApplicationType] {
        self.terms.as_ref().map_or(&[], |terms| &terms.types)
    }

    pub(crate) fn walk_in(&self) -> Option<&WalkIn> {
        self.terms.as_ref().map(|terms| &terms.walk_in)
    }

    pub(crate) fn walk_in_price(&self) -> Money {
        major(self.walk_in().map_or(0, |walk_in| walk_in.price))
    }

    /// The full path, as the grid shows it.
    pub(crate) fn path(&self, service: &Service) -> Localized {
        let category = self.categories.iter().find(|category| category.code == service.category);
        let part = |pick: fn(&Localized) -> &str| {
            let (category, group, name) =
                (category.map_or("", |found| pick(&found.name)), pick(&service.group), pick(&service.name));
            if group.is_empty() { format!("{category} / {name}") } else { format!("{category} / {group} {name}") }
        };
        Localized { en: part(|text| &text.en), ru: part(|text| &text.ru), kk: part(|text| &text.kk) }
    }

    /// The state fee of the day, for information.
    pub(crate) fn state_fee(&self, service: &Service) -> Money {
        let known = self.terms.iter().flat_map(|terms| &terms.mci).filter(|mci| mci.from <= self.today);
        let mci = known.max_by_key(|mci| mci.from).map_or(0, |mci| mci.amount);
        // Hundredths of an index in major units are minor ones.
        Money::home(mci.saturating_mul(service.state_fee_mci_hundredths))
    }
}

/// The short name, as lists show it: with an en dash.
pub(crate) fn short_name(service: &Service) -> Localized {
    let dash = |text: &str| text.replace(" - ", " – ");
    Localized { en: dash(&service.name.en), ru: dash(&service.name.ru), kk: dash(&service.name.kk) }
}

/// A price of the catalogue, in tiyn.
pub(crate) fn major(units: i64) -> Money {
    Money::home(units.saturating_mul(100))
}
