//! The catalogue, the forms and the public offer: files that are read and checked whole at the start.

mod check;

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, ensure};
use kernel::{Localized, Money};
use serde::Deserialize;

use crate::{config::Config, domain::form::Form};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CatalogueFile {
    pub types: Vec<ApplicationType>,
    pub walk_in: WalkIn,
    pub personal_manager: Accounting,
    pub documents: Vec<Paper>,
    pub categories: Vec<Category>,
    pub services: Vec<Service>,
    pub mci: Vec<Mci>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationType {
    pub code: String,
    pub name: Localized,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalkIn {
    /// Tenge.
    pub price: i64,
    pub product_code: String,
    pub description: String,
    pub name: Localized,
}

/// How a line of its own is called in the accounts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accounting {
    pub product_code: String,
    /// `{application}` stands for the application's number.
    pub description: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paper {
    pub code: String,
    pub name: Localized,
    #[serde(default)]
    pub per_application: bool,
    #[serde(default)]
    pub original: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Category {
    pub code: String,
    pub name: Localized,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    pub code: String,
    pub category: String,
    pub group: Localized,
    pub name: Localized,
    /// Tenge, VAT included.
    pub price: i64,
    #[serde(default)]
    pub personal_manager_price: Option<i64>,
    pub product_code: String,
    pub description: String,
    /// Form of a person; empty: the service is not for persons.
    #[serde(default)]
    pub form: String,
    pub documents: Papers,
    /// Hundredths of the monthly calculation index.
    #[serde(default)]
    pub state_fee_mci_hundredths: i64,
    #[serde(default)]
    pub working_days: u32,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Papers {
    pub required: Vec<String>,
    pub optional: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mci {
    pub from: jiff::civil::Date,
    pub tenge: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormsFile {
    pub forms: Vec<Form>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OffersFile {
    pub offers: Vec<Offer>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offer {
    pub version: i32,
    pub from: jiff::civil::Date,
    pub title: Localized,
    pub blocks: Vec<OfferBlock>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferBlock {
    #[serde(default)]
    pub heading: bool,
    pub text: Localized,
}

/// Everything that may be applied for, checked.
#[derive(Debug, Clone)]
pub(crate) struct Catalogue {
    pub file: CatalogueFile,
    services: BTreeMap<String, Service>,
    papers: BTreeMap<String, Paper>,
    pub forms: Vec<Form>,
    offers: Vec<Offer>,
}

impl Catalogue {
    /// The built-in files, or those that the settings name.
    pub(crate) fn load(config: &Config) -> anyhow::Result<Self> {
        let file: CatalogueFile =
            parse("catalogue.toml", include_str!("../catalogue/catalogue.toml"), &config.catalogue_file)?;
        let forms: FormsFile = parse("forms.toml", include_str!("../catalogue/forms.toml"), "")?;
        let offers: OffersFile = parse("offer.toml", include_str!("../catalogue/offer.toml"), &config.offer_file)?;
        let faults = check::faults(&file, &forms.forms, &offers.offers);
        ensure!(faults.is_empty(), "the catalogue is not sound:\n{}", faults.join("\n"));
        Ok(Self {
            services: file.services.iter().map(|service| (service.code.clone(), service.clone())).collect(),
            papers: file.documents.iter().map(|paper| (paper.code.clone(), paper.clone())).collect(),
            file,
            forms: forms.forms,
            offers: offers.offers,
        })
    }

    pub(crate) fn service(&self, code: &str) -> Option<&Service> {
        self.services.get(code)
    }

    pub(crate) fn paper(&self, code: &str) -> Option<&Paper> {
        self.papers.get(code)
    }

    /// The form at a version; version 0 asks for the newest.
    pub(crate) fn form(&self, code: &str, version: i32) -> Option<&Form> {
        self.forms
            .iter()
            .filter(|form| form.code == code && (version == 0 || form.version == version))
            .max_by_key(|form| form.version)
    }

    /// The offer in force on a day, or a given version.
    pub(crate) fn offer(&self, version: i32, today: jiff::civil::Date) -> Option<&Offer> {
        self.offers
            .iter()
            .filter(|offer| if version == 0 { offer.from <= today } else { offer.version == version })
            .max_by_key(|offer| offer.from)
    }

    /// The full path, as the grid shows it.
    pub(crate) fn path(&self, service: &Service) -> Localized {
        let category = self.file.categories.iter().find(|category| category.code == service.category);
        let part = |pick: fn(&Localized) -> &str| {
            let (category, group, name) =
                (category.map_or("", |found| pick(&found.name)), pick(&service.group), pick(&service.name));
            if name.starts_with(group) {
                format!("{category} / {name}")
            } else {
                format!("{category} / {group} {name}")
            }
        };
        Localized { en: part(|text| &text.en), ru: part(|text| &text.ru), kk: part(|text| &text.kk) }
    }

    /// The state fee, for information.
    pub(crate) fn state_fee(&self, service: &Service, today: jiff::civil::Date) -> Money {
        let mci =
            self.file.mci.iter().filter(|mci| mci.from <= today).max_by_key(|mci| mci.from).map_or(0, |mci| mci.tenge);
        // Hundredths of an index in tenge are tiyn.
        Money::kzt(mci.saturating_mul(service.state_fee_mci_hundredths))
    }
}

/// The short name, as lists show it: with an en dash.
pub(crate) fn short_name(service: &Service) -> Localized {
    let dash = |text: &str| text.replace(" - ", " – ");
    Localized { en: dash(&service.name.en), ru: dash(&service.name.ru), kk: dash(&service.name.kk) }
}

/// A price of the file, in tiyn.
pub(crate) fn tenge(tenge: i64) -> Money {
    Money::kzt(tenge.saturating_mul(100))
}

fn parse<T: serde::de::DeserializeOwned>(name: &str, built_in: &str, file: &str) -> anyhow::Result<T> {
    if file.is_empty() {
        return toml::from_str(built_in).with_context(|| format!("the built-in {name}"));
    }
    let text = std::fs::read_to_string(Path::new(file)).with_context(|| format!("reading {file}"))?;
    toml::from_str(&text).with_context(|| file.to_owned())
}
