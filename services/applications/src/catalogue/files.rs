//! The built-in catalogue files, or those that the settings name: what a new installation begins with.

use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use kernel::Localized;
use serde::Deserialize;

use super::{
    book::{Book, Edition},
    check::{self, Fault},
    entry::{Category, Entry, Kind, Offer, OfferBlock, Paper, PaperSet, Service, Terms},
};
use crate::{config::Config, domain::form::Form};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueFile {
    terms: Terms,
    categories: Vec<Category>,
    documents: Vec<Paper>,
    document_sets: Vec<PaperSet>,
    services: Vec<Service>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormsFile {
    forms: Vec<Form>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OffersFile {
    offers: Vec<DatedOffer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedOffer {
    version: i32,
    from: Date,
    title: Localized,
    blocks: Vec<OfferBlock>,
}

struct Source {
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

    fn parse<T: serde::de::DeserializeOwned>(&self) -> anyhow::Result<T> {
        // toml tells line, column and reason.
        toml::from_str(&self.text).with_context(|| self.name.clone())
    }
}

/// Everything that files say counts since ever, but for offers, which have their day.
const SINCE_EVER: Date = Date::constant(2000, 1, 1);

/// The catalogue of the files. One with a fault is refused, each fault with file, line and reason.
pub(crate) fn load(config: &Config) -> anyhow::Result<Book> {
    let catalogue =
        Source::read(include_str!("../../catalogue/catalogue.toml"), "catalogue.toml", &config.catalogue_file)?;
    let forms = Source::read(include_str!("../../catalogue/forms.toml"), "forms.toml", &config.forms_file)?;
    let offers = Source::read(include_str!("../../catalogue/offer.toml"), "offer.toml", &config.offer_file)?;
    let file: CatalogueFile = catalogue.parse()?;
    let since_ever = |version: i32, entry: Entry| Edition { version, from: SINCE_EVER, entry };
    let mut editions = vec![since_ever(1, Entry::Terms(file.terms))];
    editions.extend(file.categories.into_iter().map(|entry| since_ever(1, Entry::Category(entry))));
    editions.extend(file.documents.into_iter().map(|entry| since_ever(1, Entry::Document(entry))));
    editions.extend(file.document_sets.into_iter().map(|entry| since_ever(1, Entry::DocumentSet(entry))));
    editions.extend(file.services.into_iter().map(|entry| since_ever(1, Entry::Service(entry))));
    let form_entries = forms.parse::<FormsFile>()?.forms;
    editions.extend(form_entries.into_iter().map(|entry| since_ever(entry.version, Entry::Form(entry))));
    for DatedOffer { version, from, title, blocks } in offers.parse::<OffersFile>()?.offers {
        editions.push(Edition { version, from, entry: Entry::PublicOffer(Offer { version, title, blocks }) });
    }
    let book = Book::new(editions);
    let faults = check::faults(&book, SINCE_EVER);
    if !faults.is_empty() {
        let told: Vec<String> = faults
            .iter()
            .map(|fault| {
                let source = match fault.kind {
                    Kind::Form => &forms,
                    Kind::PublicOffer => &offers,
                    Kind::Terms | Kind::Category | Kind::Document | Kind::DocumentSet | Kind::Service => &catalogue,
                };
                format!("{}:{}: {}", source.name, line(&source.text, fault), fault.sentence())
            })
            .collect();
        bail!("the catalogue is not sound:\n{}", told.join("\n"));
    }
    Ok(book)
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
