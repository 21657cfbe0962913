//! The portal's texts in three languages, from Fluent files embedded in the program. A missing key is a fault that the tests find;
//! at run time the key itself is shown rather than nothing.

mod language;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

pub use language::Language;

type Bundle = FluentBundle<FluentResource>;

macro_rules! files {
    ($language:literal) => {
        &[
            include_str!(concat!("../i18n/", $language, "/common.ftl")),
            include_str!(concat!("../i18n/", $language, "/public.ftl")),
            include_str!(concat!("../i18n/", $language, "/account.ftl")),
            include_str!(concat!("../i18n/", $language, "/application.ftl")),
            include_str!(concat!("../i18n/", $language, "/payment.ftl")),
            include_str!(concat!("../i18n/", $language, "/booking.ftl")),
            include_str!(concat!("../i18n/", $language, "/staff.ftl")),
            include_str!(concat!("../i18n/", $language, "/refusals.ftl")),
        ]
    };
}

static EN: LazyLock<Arc<Bundle>> = LazyLock::new(|| bundle(Language::En, files!("en")));
static RU: LazyLock<Arc<Bundle>> = LazyLock::new(|| bundle(Language::Ru, files!("ru")));
static KK: LazyLock<Arc<Bundle>> = LazyLock::new(|| bundle(Language::Kk, files!("kk")));

fn bundle(language: Language, files: &[&str]) -> Arc<Bundle> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
    // The isolating marks would stand in the way of copying a number out of a page.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) => resource,
            Err((resource, faults)) => {
                tracing::error!(?faults, language = language.tag(), "text file has faults");
                resource
            }
        };
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(?faults, language = language.tag(), "text stands twice");
        }
    }
    Arc::new(bundle)
}

/// The texts in one language. Cheap to copy into each page.
#[derive(Clone)]
pub struct Texts {
    language: Language,
    bundle: Arc<Bundle>,
}

impl Texts {
    pub fn of(language: Language) -> Self {
        let bundle = match language {
            Language::En => Arc::clone(&EN),
            Language::Ru => Arc::clone(&RU),
            Language::Kk => Arc::clone(&KK),
        };
        Self { language, bundle }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a key, or the key itself.
    pub fn get(&self, key: &str) -> String {
        self.find(key, None).unwrap_or_else(|| {
            tracing::error!(key, language = self.language.tag(), "text is missing");
            key.to_owned()
        })
    }

    /// The text of a key with its arguments. A numeric argument chooses the plural form.
    pub fn with(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.find(key, Some(&fluent(arguments))).unwrap_or_else(|| {
            tracing::error!(key, language = self.language.tag(), "text is missing");
            key.to_owned()
        })
    }

    /// The text of a key that may have none.
    pub fn maybe(&self, key: &str, arguments: &[(&str, &str)]) -> Option<String> {
        self.find(key, Some(&fluent(arguments)))
    }

    fn find(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut faults = Vec::new();
        let text = self.bundle.format_pattern(pattern, arguments, &mut faults);
        if !faults.is_empty() {
            tracing::warn!(key, ?faults, "text formatted with faults");
        }
        Some(text.into_owned())
    }
}

fn fluent<'a>(arguments: &[(&'a str, &'a str)]) -> FluentArgs<'a> {
    arguments
        .iter()
        .map(|(name, value)| match value.parse::<i64>() {
            // A leading zero is part of a number people write down, such as an index.
            Ok(number) if number.to_string() == *value && number.abs() < 1000 => {
                (Cow::Borrowed(*name), fluent_bundle::FluentValue::from(number))
            }
            _ => (Cow::Borrowed(*name), fluent_bundle::FluentValue::from(*value)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_syntax::{ast, parser};

    use super::*;

    fn keys(files: &[&str]) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for file in files {
            let (resource, faults) = match parser::parse(*file) {
                Ok(resource) => (resource, Vec::new()),
                Err(broken) => broken,
            };
            assert!(faults.is_empty(), "{faults:?}");
            for entry in resource.body {
                if let ast::Entry::Message(message) = entry {
                    assert!(keys.insert(message.id.name.to_owned()), "{} stands twice", message.id.name);
                }
            }
        }
        keys
    }

    #[test]
    fn the_three_languages_have_the_same_keys() {
        let english = keys(files!("en"));
        for (name, other) in [("ru", keys(files!("ru"))), ("kk", keys(files!("kk")))] {
            let missing: Vec<_> = english.difference(&other).collect();
            let surplus: Vec<_> = other.difference(&english).collect();
            assert!(missing.is_empty() && surplus.is_empty(), "{name}: missing {missing:?}, surplus {surplus:?}");
        }
    }

    #[test]
    fn every_key_that_templates_and_pages_name_exists() -> std::io::Result<()> {
        let known = keys(files!("en"));
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![root.join("templates"), root.join("src")];
        let mut unknown = BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path)?;
                for call in [
                    "t.get(\"",
                    "t.with(\"",
                    "texts.get(\"",
                    "texts.with(\"",
                    "Frame::new(visit, \"",
                    "Frame::new(&visit, \"",
                ] {
                    for rest in text.split(call).skip(1) {
                        let key = rest.split('"').next().unwrap_or_default();
                        let dynamic = key.ends_with('-');
                        if !dynamic && !key.is_empty() && !known.contains(key) && key != "key" {
                            unknown.insert(format!("{key} in {}", path.display()));
                        }
                    }
                }
            }
        }
        assert!(unknown.is_empty(), "{unknown:#?}");
        Ok(())
    }

    #[test]
    fn every_refusal_of_the_kernel_and_the_chassis_has_its_text() {
        let known = keys(files!("en"));
        let own = [
            "VERSION_CONFLICT",
            "IDEMPOTENCY_KEY_REUSED",
            "NOT_FOUND",
            "NOT_PERMITTED",
            "NOT_SIGNED_IN",
            "UNAVAILABLE",
            "MALFORMED",
            "INTERNAL",
        ];
        for code in kernel::ALL_CODES.iter().map(kernel::Code::as_str).chain(own) {
            let key = format!("refusal-{}", code.to_ascii_lowercase().replace('_', "-"));
            assert!(known.contains(&key), "{key} is missing");
        }
    }

    #[test]
    fn arguments_and_plurals() {
        let russian = Texts::of(Language::Ru);
        assert!(russian.with("people-count", &[("count", "2")]).contains('2'));
        assert_ne!(
            russian.with("people-count", &[("count", "1")]).replace('1', ""),
            russian.with("people-count", &[("count", "2")]).replace('2', "")
        );
        assert_eq!(russian.get("there-is-no-such-key"), "there-is-no-such-key");
    }
}
