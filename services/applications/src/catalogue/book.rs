//! All editions of all entries, and what the catalogue is on a day.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::{
    Catalogue,
    entry::{Entry, Kind},
};
use crate::domain::form::Form;

/// An entry as it stands from a day on. Editions are never changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edition {
    /// Counts from 1 for each entry.
    pub version: i32,
    /// The day it begins to count.
    pub from: Date,
    pub entry: Entry,
}

/// The catalogue through time. Entries keep the order in which they were first published.
#[derive(Debug, Clone, Default)]
pub(crate) struct Book {
    editions: Vec<Edition>,
}

impl Book {
    pub(crate) fn new(editions: Vec<Edition>) -> Self {
        Self { editions }
    }

    /// With one more edition: what it would be like.
    pub(crate) fn with(&self, edition: Edition) -> Self {
        let mut editions = self.editions.clone();
        editions.push(edition);
        Self { editions }
    }

    pub(crate) fn editions(&self) -> &[Edition] {
        &self.editions
    }

    fn of<'a, 'b>(&'a self, kind: Kind, code: &'b str) -> impl Iterator<Item = &'a Edition> + use<'a, 'b> {
        self.editions.iter().filter(move |edition| edition.entry.kind() == kind && edition.entry.code() == code)
    }

    /// The edition that counts on a day.
    pub(crate) fn in_force(&self, kind: Kind, code: &str, today: Date) -> Option<&Edition> {
        self.of(kind, code)
            .filter(|edition| edition.from <= today)
            .max_by_key(|edition| (edition.from, edition.version))
    }

    /// The days on which something begins to count, from a day on and with it.
    pub(crate) fn days_from(&self, first: Date) -> Vec<Date> {
        let mut days: Vec<Date> =
            self.editions.iter().map(|edition| edition.from).filter(|from| *from > first).collect();
        days.push(first);
        days.sort_unstable();
        days.dedup();
        days
    }

    /// What the catalogue is on a day.
    pub(crate) fn on(&self, today: Date) -> Catalogue {
        let mut catalogue = Catalogue::empty(today);
        let mut seen: HashMap<(Kind, &str), ()> = HashMap::new();
        let forms = self.forms();
        for edition in &self.editions {
            match &edition.entry {
                Entry::Form(form) => {
                    if let Some(whole) = forms.get(&(form.code.as_str(), form.version)) {
                        catalogue.forms.insert((form.code.clone(), form.version), whole.clone());
                    }
                }
                Entry::PublicOffer(offer) => {
                    catalogue.offers.insert(offer.version, offer.clone());
                }
                Entry::Service(service) => {
                    catalogue.every_service.insert((service.code.clone(), edition.version), service.clone());
                }
                Entry::Terms(_) | Entry::Category(_) | Entry::Document(_) | Entry::DocumentSet(_) => {}
            }
            let place = (edition.entry.kind(), edition.entry.code());
            if seen.insert(place, ()).is_some() {
                continue;
            }
            let Some(now) = self.in_force(place.0, place.1, today) else { continue };
            match &now.entry {
                Entry::Terms(terms) => catalogue.terms = Some(terms.clone()),
                Entry::Category(category) => catalogue.categories.push(category.clone()),
                Entry::Document(paper) => {
                    catalogue.papers.insert(paper.code.clone(), paper.clone());
                }
                Entry::DocumentSet(set) => {
                    catalogue.sets.insert(set.code.clone(), set.clone());
                }
                Entry::Service(service) => catalogue.services.push((now.version, service.clone())),
                Entry::Form(form) => {
                    catalogue.form_versions.insert(form.code.clone(), form.version);
                }
                Entry::PublicOffer(offer) => catalogue.offer_version = offer.version,
            }
        }
        catalogue
    }

    /// Every form at every version, with what it inherits.
    fn forms(&self) -> BTreeMap<(&str, i32), Form> {
        let own: BTreeMap<(&str, i32), &Form> = self
            .editions
            .iter()
            .filter_map(|edition| match &edition.entry {
                Entry::Form(form) => Some(((form.code.as_str(), form.version), form)),
                Entry::Terms(_)
                | Entry::Category(_)
                | Entry::Document(_)
                | Entry::DocumentSet(_)
                | Entry::Service(_)
                | Entry::PublicOffer(_) => None,
            })
            .collect();
        own.iter().map(|(key, form)| (*key, whole(form, &own, DEPTH_MAX))).collect()
    }
}

/// Forms extend forms so many times at most; a circle ends here and is told by the check.
pub(super) const DEPTH_MAX: u8 = 4;

fn whole(form: &Form, all: &BTreeMap<(&str, i32), &Form>, depth: u8) -> Form {
    let base = form.extends.as_ref().and_then(|base| all.get(&(base.form.as_str(), base.version)));
    match base.filter(|_| depth > 0) {
        Some(base) => form.on(&whole(base, all, depth - 1)),
        None => form.clone(),
    }
}
