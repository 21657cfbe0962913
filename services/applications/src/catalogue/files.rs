//! The built-in catalogue files, or those that the settings name: what a new installation begins with.

use std::{collections::HashSet, path::Path};

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use kernel::Localized;
use serde::{Deserialize, Serialize};

use super::{
    book::{Book, Edition},
    check::{self, Fault},
    entry::{Category, Entry, Kind, Offer, OfferBlock, Paper, PaperSet, Service, Terms},
};
use crate::{config::Config, domain::form::Form};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueFile {
    terms: Terms,
    categories: Vec<Category>,
    documents: Vec<Paper>,
    document_sets: Vec<PaperSet>,
    services: Vec<Service>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormsFile {
    forms: Vec<Form>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OffersFile {
    offers: Vec<DatedOffer>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedOffer {
    version: i32,
    from: Date,
    title: Localized,
    blocks: Vec<OfferBlock>,
}

/// One file of the catalogue.
pub(crate) struct Source {
    name: String,
    text: String,
}

impl Source {
    fn read(built_in: &str, name: &str, file: &str) -> anyhow::Result<Self> {
        if file.is_empty() {
            return Ok(Self { name: name.to_owned(), text: built_in.to_owned() });
        }
        let text = std::fs::read_to_string(Path::new(file)).with_context(|| format!("reading {file}"))?;
        Ok(Self { name: file.to_owned(), text })
    }

    /// None for one that says nothing.
    fn parse<T: serde::de::DeserializeOwned>(&self) -> anyhow::Result<Option<T>> {
        if self.text.trim().is_empty() {
            return Ok(None);
        }
        // toml tells line, column and reason.
        toml::from_str(&self.text).with_context(|| self.name.clone()).map(Some)
    }
}

/// The three files, which may be empty each.
pub(crate) struct Files {
    catalogue: Source,
    forms: Source,
    offer: Source,
}

/// Everything that files say counts since ever, but for offers, which have their day.
const SINCE_EVER: Date = Date::constant(2000, 1, 1);

impl Files {
    /// Files by their texts.
    pub(crate) fn of(catalogue: &str, forms: &str, offer: &str) -> Self {
        let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
        Self {
            catalogue: source("catalogue.toml", catalogue),
            forms: source("forms.toml", forms),
            offer: source("offer.toml", offer),
        }
    }

    /// Their entries in order; all but offers from a day on, all but forms and offers as the first version.
    pub(crate) fn editions(&self, from: Date) -> anyhow::Result<Vec<Edition>> {
        let edition = |version: i32, entry: Entry| Edition { version, from, entry };
        let mut editions = Vec::new();
        if let Some(file) = self.catalogue.parse::<CatalogueFile>()? {
            editions.push(edition(1, Entry::Terms(file.terms)));
            editions.extend(file.categories.into_iter().map(|entry| edition(1, Entry::Category(entry))));
            editions.extend(file.documents.into_iter().map(|entry| edition(1, Entry::Document(entry))));
            editions.extend(file.document_sets.into_iter().map(|entry| edition(1, Entry::DocumentSet(entry))));
            editions.extend(file.services.into_iter().map(|entry| edition(1, Entry::Service(entry))));
        }
        if let Some(file) = self.forms.parse::<FormsFile>()? {
            editions.extend(file.forms.into_iter().map(|entry| edition(entry.version, Entry::Form(entry))));
        }
        if let Some(file) = self.offer.parse::<OffersFile>()? {
            for DatedOffer { version, from, title, blocks } in file.offers {
                editions.push(Edition { version, from, entry: Entry::PublicOffer(Offer { version, title, blocks }) });
            }
        }
        Ok(editions)
    }

    /// A fault with the file and the line of its entry, where a file has it.
    pub(crate) fn told(&self, fault: &Fault) -> String {
        let source = match fault.kind {
            Kind::Form => &self.forms,
            Kind::PublicOffer => &self.offer,
            Kind::Terms | Kind::Category | Kind::Document | Kind::DocumentSet | Kind::Service => &self.catalogue,
        };
        match line(&source.text, fault) {
            0 => fault.sentence(),
            line => format!("{}:{line}: {}", source.name, fault.sentence()),
        }
    }
}

/// The catalogue of the files. One with a fault is refused, each fault with file, line and reason.
pub(crate) fn load(config: &Config) -> anyhow::Result<Book> {
    let files = Files {
        catalogue: Source::read(
            include_str!("../../catalogue/catalogue.toml"),
            "catalogue.toml",
            &config.catalogue_file,
        )?,
        forms: Source::read(include_str!("../../catalogue/forms.toml"), "forms.toml", &config.forms_file)?,
        offer: Source::read(include_str!("../../catalogue/offer.toml"), "offer.toml", &config.offer_file)?,
    };
    let book = Book::new(files.editions(SINCE_EVER)?);
    let faults = check::faults(&book, SINCE_EVER);
    if !faults.is_empty() {
        let told: Vec<String> = faults.iter().map(|fault| files.told(fault)).collect();
        bail!("the catalogue is not sound:\n{}", told.join("\n"));
    }
    Ok(book)
}

/// What counts on a day, as files: services, papers and terms; every form and every offer that is or was in force, since
/// cases may still stand on them.
pub(crate) fn export(book: &Book, today: Date) -> anyhow::Result<(String, String, String)> {
    let mut catalogue = (None, Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut forms, mut offers) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for edition in book.editions() {
        match &edition.entry {
            Entry::Form(form) if edition.from <= today => forms.push(form.clone()),
            Entry::PublicOffer(offer) if edition.from <= today => {
                let Offer { version, title, blocks } = offer.clone();
                offers.push(DatedOffer { version, from: edition.from, title, blocks });
            }
            Entry::Form(_) | Entry::PublicOffer(_) => {}
            Entry::Terms(_) | Entry::Category(_) | Entry::Document(_) | Entry::DocumentSet(_) | Entry::Service(_) => {
                let (kind, code) = (edition.entry.kind(), edition.entry.code());
                let Some(now) = book.in_force(kind, code, today).filter(|_| seen.insert((kind, code))) else {
                    continue;
                };
                match now.entry.clone() {
                    Entry::Terms(terms) => catalogue.0 = Some(terms),
                    Entry::Category(category) => catalogue.1.push(category),
                    Entry::Document(paper) => catalogue.2.push(paper),
                    Entry::DocumentSet(set) => catalogue.3.push(set),
                    Entry::Service(service) => catalogue.4.push(service),
                    Entry::Form(_) | Entry::PublicOffer(_) => {}
                }
            }
        }
    }
    let (terms, categories, documents, document_sets, services) = catalogue;
    let terms = terms.context("the catalogue has no terms")?;
    let file = CatalogueFile { terms, categories, documents, document_sets, services };
    Ok((toml::to_string(&file)?, toml::to_string(&FormsFile { forms })?, toml::to_string(&OffersFile { offers })?))
}

/// The line on which a fault is: the one that names its field, else its entry's.
fn line(text: &str, fault: &Fault) -> usize {
    let table = match fault.kind {
        Kind::Terms => "[terms",
        Kind::Category => "[[categories]]",
        Kind::Document => "[[documents]]",
        Kind::DocumentSet => "[[document_sets]]",
        Kind::Service => "[[services]]",
        Kind::Form => "[[forms]]",
        Kind::PublicOffer => "[[offers]]",
    };
    let (name, value) = match fault.kind {
        Kind::PublicOffer => ("version", fault.version.to_string()),
        Kind::Terms | Kind::Category | Kind::Document | Kind::DocumentSet | Kind::Service | Kind::Form => {
            ("code", format!("\"{}\"", fault.code))
        }
    };
    let mut found = 0;
    let (mut in_table, mut inside) = (false, false);
    for (index, row) in text.lines().map(str::trim).enumerate() {
        let says = |name: &str, value: &str| {
            row.split_once('=').is_some_and(|(key, rest)| key.trim() == name && rest.trim() == value)
        };
        if row.starts_with('[') && !row.contains('.') {
            in_table = row.starts_with(table);
            inside = in_table && fault.kind == Kind::Terms;
            if inside && found == 0 {
                found = index + 1;
            }
        } else if in_table && says(name, &value) {
            inside = true;
            found = index + 1;
        } else if inside && !fault.field.is_empty() && says("key", &format!("\"{}\"", fault.field)) {
            return index + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

    use super::*;

    fn told(forms: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("forms.toml");
        std::fs::write(&path, forms).unwrap();
        let mut config: Config = toml::from_str(include_str!("../../config.default.toml")).unwrap();
        config.forms_file = path.display().to_string();
        let told = load(&config).map(|_| String::new()).unwrap_or_else(|error| format!("{error:#}"));
        told.replace(&path.display().to_string(), "forms.toml")
    }

    #[test]
    fn a_mistake_is_told_with_file_line_and_reason() {
        let forms = include_str!("../../catalogue/forms.toml");
        assert_eq!(told(forms), "");
        let line_of = |what: &str| forms.lines().position(|line| line == what).unwrap() + 1;
        let bound = told(&forms.replace("not_before = \"stay_from\"", "not_before = \"arrival\""));
        let line = line_of("key = \"stay_to\"");
        assert!(
            bound.contains(&format!(
                "forms.toml:{line}: form P1 field stay_to: its bound arrival is no date of this form"
            )),
            "{bound}"
        );
        let kind = told(&forms.replacen("kind = \"latin_name\"", "kind = \"runes\"", 1));
        let line = line_of("kind = \"latin_name\"");
        assert!(kind.contains(&format!("line {line}")) && kind.contains("unknown variant `runes`"), "{kind}");
        let gone = told(&forms.replace("form = \"P0\", version = 1", "form = \"P0\", version = 7"));
        let line = line_of("code = \"P1\"");
        assert!(gone.contains(&format!("forms.toml:{line}: form P1: there is no form P0 7 to extend")), "{gone}");
    }
}
