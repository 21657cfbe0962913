//! What the catalogue is made of: entries, each of a kind with a code of its own, as files and editions hold them.

use kernel::{Localized, coded};
use serde::{Deserialize, Serialize};

use crate::domain::{
    documents::Requirement,
    form::{Form, is_blank},
    visits::VisitRules,
};

coded! {
    /// What an entry is.
    Kind {
        Terms = "terms",
        Category = "category",
        Document = "document",
        DocumentSet = "document_set",
        Service = "service",
        Form = "form",
        PublicOffer = "public_offer",
    }
}

/// One entry of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    Terms(Terms),
    Category(Category),
    Document(Paper),
    DocumentSet(PaperSet),
    Service(Service),
    Form(Form),
    PublicOffer(Offer),
}

/// What belongs to no single service. There is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Terms {
    pub walk_in: WalkIn,
    pub personal_manager: Accounting,
    pub types: Vec<ApplicationType>,
    pub mci: Vec<Mci>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationType {
    pub code: String,
    pub name: Localized,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalkIn {
    /// Tenge.
    pub price: i64,
    pub product_code: String,
    pub description: String,
    pub name: Localized,
}

/// How a line of its own is called in the accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accounting {
    pub product_code: String,
    /// `{application}` stands for the application's number.
    pub description: String,
}

/// The monthly calculation index from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mci {
    pub from: jiff::civil::Date,
    pub amount: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Category {
    pub code: String,
    pub name: Localized,
}

/// A paper to upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paper {
    pub code: String,
    pub name: Localized,
    /// What it must be like, where that is not plain.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub help: Localized,
    /// One for the application rather than one a person.
    #[serde(default)]
    pub per_application: bool,
    /// Brought to the visit as an original.
    #[serde(default)]
    pub original: bool,
}

/// Papers that several services ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperSet {
    pub code: String,
    pub papers: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    pub code: String,
    pub category: String,
    /// What its path says between category and name; the short name leaves it out.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub group: Localized,
    pub name: Localized,
    /// Tenge, VAT included.
    pub price: i64,
    /// Tenge that members of the AIFC pay; none: the same price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_price: Option<i64>,
    /// Tenge for each unit; none: no personal manager can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_manager_price: Option<i64>,
    pub product_code: String,
    pub description: String,
    /// Empty: nothing is asked.
    #[serde(default)]
    pub form: String,
    #[serde(default)]
    pub document_sets: Vec<String>,
    /// Hundredths of the monthly calculation index.
    #[serde(default)]
    pub state_fee_mci_hundredths: i64,
    /// Working days it usually takes; 0: not promised.
    #[serde(default)]
    pub working_days: u32,
    /// After so many missed visits the office alone books for a case with it, and so many minutes after his visit's start
    /// a visitor keeps his turn; none: as the office has it for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_max: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_minutes: Option<u32>,
    /// Days on which it may be applied for, both within.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_from: Option<jiff::civil::Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_until: Option<jiff::civil::Date>,
    /// Papers of its own, behind those of its sets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Requirement>,
}

impl Service {
    pub(crate) fn price_for(&self, member: bool) -> i64 {
        self.member_price.filter(|_| member).unwrap_or(self.price)
    }

    pub(crate) fn visit_rules(&self) -> VisitRules {
        VisitRules { missed_max: self.missed_max, late_minutes: self.late_minutes }
    }

    pub(crate) fn is_active(&self, today: jiff::civil::Date) -> bool {
        self.active_from.is_none_or(|from| from <= today) && self.active_until.is_none_or(|until| until >= today)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offer {
    pub version: i32,
    pub title: Localized,
    pub blocks: Vec<OfferBlock>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferBlock {
    #[serde(default)]
    pub heading: bool,
    pub text: Localized,
}

/// Code of the entries of which there is one.
pub(crate) const ONLY: &str = "centre";

impl Entry {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Terms(_) => Kind::Terms,
            Self::Category(_) => Kind::Category,
            Self::Document(_) => Kind::Document,
            Self::DocumentSet(_) => Kind::DocumentSet,
            Self::Service(_) => Kind::Service,
            Self::Form(_) => Kind::Form,
            Self::PublicOffer(_) => Kind::PublicOffer,
        }
    }

    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Terms(_) | Self::PublicOffer(_) => ONLY,
            Self::Category(category) => &category.code,
            Self::Document(paper) => &paper.code,
            Self::DocumentSet(set) => &set.code,
            Self::Service(service) => &service.code,
            Self::Form(form) => &form.code,
        }
    }

    /// The version that an entry itself states.
    pub(crate) fn own_version(&self) -> Option<i32> {
        match self {
            Self::Form(form) => Some(form.version),
            Self::PublicOffer(offer) => Some(offer.version),
            Self::Terms(_) | Self::Category(_) | Self::Document(_) | Self::DocumentSet(_) | Self::Service(_) => None,
        }
    }

    /// The entry as a file writes it.
    pub(crate) fn to_toml(&self) -> Result<String, toml::ser::Error> {
        match self {
            Self::Terms(entry) => toml::to_string(entry),
            Self::Category(entry) => toml::to_string(entry),
            Self::Document(entry) => toml::to_string(entry),
            Self::DocumentSet(entry) => toml::to_string(entry),
            Self::Service(entry) => toml::to_string(entry),
            Self::Form(entry) => toml::to_string(entry),
            Self::PublicOffer(entry) => toml::to_string(entry),
        }
    }

    pub(crate) fn from_toml(kind: Kind, text: &str) -> Result<Self, toml::de::Error> {
        Ok(match kind {
            Kind::Terms => Self::Terms(toml::from_str(text)?),
            Kind::Category => Self::Category(toml::from_str(text)?),
            Kind::Document => Self::Document(toml::from_str(text)?),
            Kind::DocumentSet => Self::DocumentSet(toml::from_str(text)?),
            Kind::Service => Self::Service(toml::from_str(text)?),
            Kind::Form => Self::Form(toml::from_str(text)?),
            Kind::PublicOffer => Self::PublicOffer(toml::from_str(text)?),
        })
    }

    /// Sums in major units that the entry sets; who changes one needs a second person.
    pub(crate) fn prices(&self) -> Vec<i64> {
        match self {
            Self::Terms(terms) => {
                std::iter::once(terms.walk_in.price).chain(terms.mci.iter().map(|mci| mci.amount)).collect()
            }
            Self::Service(service) => {
                let [member, manager] =
                    [service.member_price, service.personal_manager_price].map(|price| price.unwrap_or(-1));
                vec![service.price, member, manager, service.state_fee_mci_hundredths]
            }
            Self::Category(_) | Self::Document(_) | Self::DocumentSet(_) | Self::Form(_) | Self::PublicOffer(_) => {
                Vec::new()
            }
        }
    }
}
