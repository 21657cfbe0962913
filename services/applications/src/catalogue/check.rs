//! What must be true of the catalogue beyond the form of its entries. Files and editions pass the same check.

use jiff::civil::Date;
use kernel::Localized;

use super::{
    Catalogue,
    book::{Book, DEPTH_MAX},
    entry::{Entry, Kind, Service},
};
use crate::domain::form::{Condition, Form, Subject, is_blank};

/// One thing wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub kind: Kind,
    pub code: String,
    pub version: i32,
    /// Key of the question, for forms.
    pub field: String,
    pub what: String,
}

impl Fault {
    pub(crate) fn sentence(&self) -> String {
        let field = if self.field.is_empty() { String::new() } else { format!(" field {}", self.field) };
        format!("{} {}{field}: {}", self.kind.code(), self.code, self.what)
    }
}

/// Faults of the catalogue on each day from `first` on.
pub(crate) fn faults(book: &Book, first: Date) -> Vec<Fault> {
    let mut faults = Vec::new();
    for edition in book.editions() {
        let mut tell = |field: &str, what: String| {
            faults.push(Fault {
                kind: edition.entry.kind(),
                code: edition.entry.code().to_owned(),
                version: edition.version,
                field: field.to_owned(),
                what,
            });
        };
        alone(&edition.entry, &mut tell);
        let twice = book.editions().iter().filter(|other| {
            other.entry.kind() == edition.entry.kind()
                && other.entry.code() == edition.entry.code()
                && other.version == edition.version
        });
        if twice.count() > 1 {
            tell("", "stands twice".to_owned());
        }
        if edition.entry.own_version().is_some_and(|own| own != edition.version) {
            tell("", format!("its version must be {}", edition.version));
        }
    }
    for day in book.days_from(first) {
        let catalogue = book.on(day);
        if catalogue.terms.is_none() {
            faults.push(Fault {
                kind: Kind::Terms,
                code: super::entry::ONLY.to_owned(),
                version: 0,
                field: String::new(),
                what: format!("there are none on {day}"),
            });
        }
        together(&catalogue, &mut faults);
    }
    let mut unique: Vec<Fault> = Vec::new();
    for fault in faults {
        if !unique.contains(&fault) {
            unique.push(fault);
        }
    }
    unique
}

/// What an entry tells by itself.
fn alone(entry: &Entry, tell: &mut impl FnMut(&str, String)) {
    let complete = |tell: &mut dyn FnMut(&str, String), what: &str, text: &Localized| {
        if text.is_incomplete() {
            tell("", format!("{what}: a language is missing"));
        }
    };
    match entry {
        Entry::Terms(terms) => {
            complete(tell, "walk_in.name", &terms.walk_in.name);
            for kind in &terms.types {
                complete(tell, &format!("type {}", kind.code), &kind.name);
            }
            if terms.types.is_empty() {
                tell("", "there is no application type".to_owned());
            }
            for price in entry.prices().into_iter().filter(|price| !(0..=PRICE_MAX).contains(price)) {
                tell("", format!("{price} is no price"));
            }
            for template in [&terms.walk_in.description, &terms.personal_manager.description] {
                described(template, tell);
            }
        }
        Entry::Category(category) => complete(tell, "name", &category.name),
        Entry::Document(paper) => complete(tell, "name", &paper.name),
        Entry::DocumentSet(_) => {}
        Entry::Service(service) => {
            complete(tell, "name", &service.name);
            if !is_blank(&service.group) {
                complete(tell, "group", &service.group);
            }
            let prices = [Some(service.price), service.member_price, service.personal_manager_price];
            for price in prices.into_iter().flatten().filter(|price| !(0..=PRICE_MAX).contains(price)) {
                tell("", format!("{price} is no price"));
            }
            if service.missed_max.is_some_and(|max| !(1..=20).contains(&max)) {
                tell("missed_max", "the missed visits are 1 to 20".to_owned());
            }
            if service.late_minutes.is_some_and(|minutes| minutes > 240) {
                tell("late_minutes", "a visitor keeps his turn for 0 to 240 minutes".to_owned());
            }
            if !(0..=10_000).contains(&service.state_fee_mci_hundredths) {
                tell("", "the state fee is 0 to 100 indexes".to_owned());
            }
            if service.product_code.trim().is_empty() {
                tell("", "its product code is missing".to_owned());
            }
            described(&service.description, tell);
            if service.active_from.zip(service.active_until).is_some_and(|(from, until)| until < from) {
                tell("", "it ends before it begins".to_owned());
            }
        }
        Entry::Form(form) => {
            for (field, what) in form.faults().into_iter().filter(|_| form.extends.is_none()) {
                tell(&field, what);
            }
        }
        Entry::PublicOffer(offer) => {
            complete(tell, "title", &offer.title);
            for (index, block) in offer.blocks.iter().enumerate() {
                complete(tell, &format!("block {}", index + 1), &block.text);
            }
            if offer.blocks.is_empty() {
                tell("", "it says nothing".to_owned());
            }
        }
    }
}

/// Tenge of a single price at most: far above any fee, far below what sums overflow at.
const PRICE_MAX: i64 = 100_000_000;

fn described(template: &str, tell: &mut impl FnMut(&str, String)) {
    if !template.contains("{application}") {
        tell("", "its description does not say {application}".to_owned());
    }
}

/// What entries say of each other.
fn together(catalogue: &Catalogue, faults: &mut Vec<Fault>) {
    for (version, service) in &catalogue.services {
        for what in of_service(catalogue, service) {
            faults.push(Fault {
                kind: Kind::Service,
                code: service.code.clone(),
                version: *version,
                field: String::new(),
                what,
            });
        }
    }
    for ((code, version), form) in &catalogue.forms {
        let mut tell = |field: String, what: String| {
            faults.push(Fault { kind: Kind::Form, code: code.clone(), version: *version, field, what });
        };
        for (field, what) in form.faults() {
            tell(field, what);
        }
        if let Some(base) = &form.extends {
            tell(String::new(), format!("there is no form {} {} to extend, or a circle", base.form, base.version));
        }
        if form.fields.is_empty() {
            tell(String::new(), format!("it asks nothing (forms extend {DEPTH_MAX} times at most)"));
        }
    }
}

fn of_service(catalogue: &Catalogue, service: &Service) -> Vec<String> {
    let mut faults = Vec::new();
    if !catalogue.categories.iter().any(|category| category.code == service.category) {
        faults.push(format!("no category {}", service.category));
    }
    let form = catalogue.form(&service.form, 0);
    if !service.form.is_empty() && form.is_none() {
        faults.push(format!("no form {}", service.form));
    }
    for set in service.document_sets.iter().filter(|set| !catalogue.sets.contains_key(*set)) {
        faults.push(format!("no document set {set}"));
    }
    for asked in catalogue.requirements(service) {
        match catalogue.papers.get(&asked.document) {
            None => faults.push(format!("no document {}", asked.document)),
            Some(paper) if !paper.per_application && form.is_none_or(|form| form.subject == Subject::Line) => {
                faults.push(format!("document {} is a person's, and it has no persons", asked.document));
            }
            Some(_) => {}
        }
        if let Some(when) = &asked.when {
            faults.extend(unasked(when, form).map(|name| {
                format!("document {}: its condition names {name}, which its form does not ask", asked.document)
            }));
        }
    }
    faults
}

/// Fields of a condition that a form does not have.
fn unasked<'a>(when: &'a Condition, form: Option<&'a Form>) -> impl Iterator<Item = &'a str> {
    when.names().filter(move |name| form.is_none_or(|form| !form.fields.iter().any(|field| field.key == *name)))
}
