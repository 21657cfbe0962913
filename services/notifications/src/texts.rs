//! The messages' texts from Fluent files: one entry per kind, with its subject and body as attributes.

use std::sync::LazyLock;

use chassis::Error;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use kernel::Locale;
use unic_langid::LanguageIdentifier;

use crate::domain::{
    kind::Kind,
    wording::{self, Wording},
};

type Bundle = FluentBundle<FluentResource>;

const EN: &str = include_str!("../templates/en.ftl");
const RU: &str = include_str!("../templates/ru.ftl");
const KK: &str = include_str!("../templates/kk.ftl");

static BUNDLES: LazyLock<[Bundle; 3]> =
    LazyLock::new(|| [(Locale::En, EN), (Locale::Ru, RU), (Locale::Kk, KK)].map(|(locale, text)| bundle(locale, text)));

fn bundle(locale: Locale, text: &str) -> Bundle {
    let language: LanguageIdentifier = locale.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The isolating marks would stand in links and subjects.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, faults)| {
        tracing::error!(?faults, locale = locale.code(), "the messages' texts have faults");
        resource
    });
    if let Err(faults) = bundle.add_resource(resource) {
        tracing::error!(?faults, locale = locale.code(), "a message's text stands twice");
    }
    bundle
}

/// The texts in one language.
pub(crate) struct Texts {
    locale: Locale,
    bundle: &'static Bundle,
}

type Values<'a> = [(&'a str, &'a str)];

impl Texts {
    pub(crate) fn of(locale: Locale) -> Self {
        let [en, ru, kk] = &*BUNDLES;
        let bundle = match locale {
            Locale::En => en,
            Locale::Ru => ru,
            Locale::Kk => kk,
        };
        Self { locale, bundle }
    }

    pub(crate) fn text(&self, key: &str, values: &Values<'_>) -> Result<String, Error> {
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        self.format(pattern.ok_or_else(|| self.missing(key))?, values)
    }

    pub(crate) fn attribute(&self, key: &str, attribute: &str, values: &Values<'_>) -> Result<String, Error> {
        let message = self.bundle.get_message(key).ok_or_else(|| self.missing(key))?;
        let found = message.get_attribute(attribute).ok_or_else(|| self.missing(key))?;
        self.format(found.value(), values)
    }

    /// A text that was written here.
    pub(crate) fn edited(&self, wording: &Wording, part: &str, values: &Values<'_>) -> Result<String, Error> {
        let resource = wording::compiled(wording).ok_or_else(|| self.missing("text"))?;
        let language: LanguageIdentifier = self.locale.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).map_err(|_| self.missing("text"))?;
        let pattern = bundle.get_message("text").and_then(|message| message.get_attribute(part));
        let pattern = pattern.ok_or_else(|| self.missing(part))?;
        let arguments: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, *value)).collect();
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern.value(), Some(&arguments), &mut faults).into_owned();
        if faults.is_empty() { Ok(text) } else { Err(Error::Internal(anyhow::anyhow!("{}: {faults:?}", self.locale))) }
    }

    /// The shipped text of a kind, as an author would write it.
    pub(crate) fn shipped(&self, kind: Kind) -> Result<Wording, Error> {
        let source = match self.locale {
            Locale::En => EN,
            Locale::Ru => RU,
            Locale::Kk => KK,
        };
        let key = kind.code().replace('_', "-");
        Wording::shipped(source, &key).ok_or_else(|| self.missing(&key))
    }

    fn format(&self, pattern: &fluent_syntax::ast::Pattern<&str>, values: &Values<'_>) -> Result<String, Error> {
        let arguments: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, *value)).collect();
        let mut faults = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut faults).into_owned();
        if faults.is_empty() { Ok(text) } else { Err(Error::Internal(anyhow::anyhow!("{}: {faults:?}", self.locale))) }
    }

    fn missing(&self, key: &str) -> Error {
        Error::Internal(anyhow::anyhow!("no text {key} in {}", self.locale))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_syntax::{ast, parser};

    use super::*;

    /// Each text's key and the parameters it is filled with.
    fn parameters(text: &str) -> BTreeSet<(String, BTreeSet<String>)> {
        let resource = parser::parse(text).expect("no faults");
        let mut all = BTreeSet::new();
        for entry in &resource.body {
            let ast::Entry::Message(message) = entry else { continue };
            if let Some(value) = &message.value {
                all.insert((message.id.name.to_owned(), variables(value)));
            }
            for attribute in &message.attributes {
                all.insert((format!("{}.{}", message.id.name, attribute.id.name), variables(&attribute.value)));
            }
        }
        all
    }

    fn variables(pattern: &ast::Pattern<&str>) -> BTreeSet<String> {
        let debug = format!("{pattern:?}");
        debug
            .split("VariableReference { id: Identifier { name: \"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn each_kind_has_subject_and_body_in_three_languages_with_the_same_parameters() {
        let (en, ru, kk) = (parameters(EN), parameters(RU), parameters(KK));
        assert_eq!(en, ru);
        assert_eq!(en, kk);
        let keys: BTreeSet<String> = en.into_iter().map(|(key, _)| key).collect();
        let mut wanted: BTreeSet<String> =
            ["by-code", "by-mail", "greeting", "open", "signature", "test"].map(str::to_owned).into();
        for kind in Kind::all() {
            let key = kind.code().replace('_', "-");
            wanted.extend([format!("{key}.subject"), format!("{key}.body")]);
            if kind.has_code() {
                wanted.insert(format!("{key}.sms"));
            }
        }
        assert_eq!(keys, wanted);
    }

    #[test]
    fn texts_are_filled_without_marks() {
        let values = [("number", "101"), ("name", "Amelia Harper")];
        let subject = Texts::of(Locale::En).attribute("application-submitted", "subject", &values).unwrap();
        assert_eq!(subject, "Application 101 has been received");
    }
}
