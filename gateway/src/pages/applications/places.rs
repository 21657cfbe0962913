//! What a service's field path (`lines[lin_…].persons[itm_…].passport_number`) is called on the pages, and where it is mended.

use proto::applications::v1::{Application, Catalogue, DocumentItem, Form, Line, Missing, Person};

use crate::frame::local;
use crate::problem::refusal_text;
use crate::text::{Language, Texts};

/// One place of an application.
pub(crate) struct Place {
    /// The person or the service that it belongs to; may be empty.
    pub whose: String,
    pub what: String,
    pub href: String,
    /// What is wrong there, or what the reviewer asks.
    pub text: String,
}

impl Place {
    pub(crate) fn label(&self) -> String {
        match (self.whose.as_str(), self.what.as_str()) {
            ("", what) => what.to_owned(),
            (whose, "") => whose.to_owned(),
            (whose, what) => format!("{whose} – {what}"),
        }
    }

    /// The same on a page that says already whose it is.
    pub(crate) fn on_its_page(self) -> Self {
        if self.what.is_empty() { self } else { Self { whose: String::new(), ..self } }
    }
}

/// The form of a line's persons, in the version that the application holds.
pub(crate) fn form_of<'a>(catalogue: &'a Catalogue, line: &Line) -> Option<&'a Form> {
    let of_code = || catalogue.forms.iter().filter(|form| form.code == line.form_code);
    of_code().find(|form| form.version == line.form_version).or_else(|| of_code().next_back())
}

pub(crate) fn missing(texts: &Texts, application: &Application, catalogue: &Catalogue) -> Vec<Place> {
    application.missing.iter().map(|entry| of_missing(texts, application, catalogue, entry)).collect()
}

fn of_missing(texts: &Texts, application: &Application, catalogue: &Catalogue, entry: &Missing) -> Place {
    let text = refusal_text(texts, &entry.code, &std::collections::HashMap::new());
    of(texts, application, catalogue, &entry.field, text)
}

/// The place of a path, with the text that stands at it.
pub(crate) fn of(texts: &Texts, application: &Application, catalogue: &Catalogue, path: &str, text: String) -> Place {
    let number = application.number;
    let language = texts.language();
    let mut parts = path.split('.').map(part);
    let (whose, what, href) = match (parts.next(), parts.next(), parts.next()) {
        (Some(("contact", _)), Some((field, _)), _) => {
            (String::new(), contact_label(texts, field), format!("/applications/{number}#{field}"))
        }
        (Some(("membership", _)), _, _) => {
            (String::new(), texts.get("membership"), format!("/applications/{number}#membership"))
        }
        (Some(("documents", Some(code))), _, _) => {
            let what = document_label(&application.documents, code, texts);
            (String::new(), what, format!("/applications/{number}#documents-{code}"))
        }
        (Some(("lines", Some(id))), Some(("persons", Some(person_id))), rest) => {
            let line = application.lines.iter().find(|line| line.id == id);
            let person = line.and_then(|line| line.persons.iter().find(|person| person.id == person_id));
            let name = person.map_or_else(|| texts.get("person"), |person| person_name(texts, person));
            let (what, anchor) = match rest {
                Some(("documents", Some(code))) => (
                    person.map_or_else(String::new, |person| document_label(&person.documents, code, texts)),
                    format!("documents-{code}"),
                ),
                Some((key, _)) => (
                    line.and_then(|line| field_label(catalogue, line, key, language)).unwrap_or_else(|| key.to_owned()),
                    key.to_owned(),
                ),
                None => (String::new(), "main".to_owned()),
            };
            (name, what, format!("/applications/{number}/lines/{id}/persons/{person_id}#{anchor}"))
        }
        (Some(("lines", Some(id))), Some(("answers", _)), Some((key, _))) => {
            let line = application.lines.iter().find(|line| line.id == id);
            let name = line.map_or_else(|| texts.get("services"), |line| local(line.name.as_ref(), language));
            let what = line.and_then(|line| field_label(catalogue, line, key, language));
            (name, what.unwrap_or_else(|| key.to_owned()), format!("/applications/{number}/lines/{id}/form#{key}"))
        }
        (Some(("lines", Some(id))), None, _) => {
            let line = application.lines.iter().find(|line| line.id == id);
            let name = line.map_or_else(|| texts.get("services"), |line| local(line.name.as_ref(), language));
            (name, String::new(), format!("/applications/{number}#services-section"))
        }
        (Some(("lines", Some(id))), _, _) => {
            let line = application.lines.iter().find(|line| line.id == id);
            let name = line.map_or_else(|| texts.get("services"), |line| local(line.name.as_ref(), language));
            (name, texts.get("persons"), format!("/applications/{number}#persons"))
        }
        (Some(("lines" | "services", _)), _, _) => {
            (String::new(), texts.get("services"), format!("/applications/{number}#services-section"))
        }
        _ => (String::new(), path.to_owned(), format!("/applications/{number}")),
    };
    Place { whose, what, href, text }
}

fn field_label(catalogue: &Catalogue, line: &Line, key: &str, language: Language) -> Option<String> {
    let field = form_of(catalogue, line)?.fields.iter().find(|field| field.key == key)?;
    Some(local(field.label.as_ref(), language))
}

pub(crate) fn person_name(texts: &Texts, person: &Person) -> String {
    if person.name.trim().is_empty() { texts.get("person") } else { person.name.clone() }
}

fn document_label(items: &[DocumentItem], code: &str, texts: &Texts) -> String {
    items
        .iter()
        .find(|item| item.code == code)
        .map_or_else(|| texts.get("documents"), |item| local(item.name.as_ref(), texts.language()))
}

fn contact_label(texts: &Texts, field: &str) -> String {
    match field {
        "given_name" => texts.get("first-name"),
        "surname" => texts.get("last-name"),
        "email" => texts.get("email"),
        "phone" => texts.get("phone"),
        "address" => texts.get("address"),
        _ => texts.get("contact-details"),
    }
}

/// `persons[itm_1]` as its name and what stands in the brackets.
fn part(text: &str) -> (&str, Option<&str>) {
    match text.split_once('[') {
        Some((name, rest)) => (name, Some(rest.trim_end_matches(']'))),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_their_controls() {
        let texts = Texts::of(Language::En);
        let application = Application { number: 101, ..Application::default() };
        let at = |path| of(&texts, &application, &Catalogue::default(), path, String::new());
        assert_eq!(at("contact.phone").href, "/applications/101#phone");
        assert_eq!(at("membership.bin").href, "/applications/101#membership");
        assert_eq!(at("documents[charter]").href, "/applications/101#documents-charter");
        assert_eq!(at("lines[lin_1].persons").href, "/applications/101#persons");
        assert_eq!(at("lines[lin_1].persons[itm_2].sex").href, "/applications/101/lines/lin_1/persons/itm_2#sex");
        assert_eq!(
            at("lines[lin_1].persons[itm_2].documents[photo]").href,
            "/applications/101/lines/lin_1/persons/itm_2#documents-photo"
        );
    }
}
