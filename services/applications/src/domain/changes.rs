//! What an application said when it was returned, what it says now, and whether every mark is answered.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Code, Refusal};
use serde::{Deserialize, Serialize};

use super::{
    case::{Case, Mark},
    codes,
    documents::Document,
    state::State,
};

/// One answer: what is shown of it, and for files which ones they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub shown: String,
    pub files: BTreeSet<String>,
}

/// Every answer by its path, the paths being those of marks.
pub(crate) type Answers = BTreeMap<String, Answer>;

/// A mark with what the applicant did about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answered {
    pub field: String,
    pub reason: String,
    pub reply: String,
}

/// What an application says now.
pub(crate) fn answers(case: &Case) -> Answers {
    let mut found = Answers::new();
    let mut say = |path: String, shown: &str| {
        found.insert(path, Answer { shown: shown.to_owned(), files: BTreeSet::new() });
    };
    let contact = &case.contact;
    for (field, text) in [
        ("given_name", &contact.given_name),
        ("surname", &contact.surname),
        ("email", &contact.email),
        ("phone", &contact.phone),
        ("address", &contact.address),
    ] {
        say(format!("contact.{field}"), text);
    }
    say("membership.kind".to_owned(), case.membership.kind.code());
    say("membership.bin".to_owned(), &case.membership.bin);
    say("walk_in".to_owned(), if case.walk_in { "yes" } else { "no" });
    for line in &case.lines {
        let manager = if line.personal_manager { " + PM" } else { "" };
        say(format!("lines[{}]", line.id), &format!("{} × {}{manager}", line.service_code, line.quantity));
        for (key, value) in &line.answers {
            say(format!("lines[{}].answers.{key}", line.id), value);
        }
        for person in &line.persons {
            let path = format!("lines[{}].persons[{}]", line.id, person.id);
            say(path.clone(), &person.name);
            for (key, value) in &person.values {
                say(format!("{path}.{key}"), value);
            }
        }
    }
    papers(&mut found, "", &case.documents);
    for line in &case.lines {
        for person in &line.persons {
            papers(&mut found, &format!("lines[{}].persons[{}].", line.id, person.id), &person.documents);
        }
    }
    found.retain(|_, answer| !answer.shown.is_empty());
    found
}

fn papers(found: &mut Answers, path: &str, documents: &[Document]) {
    for document in documents.iter().filter(|document| document.counts()) {
        let answer = found.entry(format!("{path}documents[{}]", document.code)).or_default();
        if !answer.shown.is_empty() {
            answer.shown.push_str(", ");
        }
        answer.shown.push_str(&document.file_name);
        // The same file again is no answer.
        answer.files.insert(document.sha256.clone());
    }
}

/// Paths at which two readings differ.
pub(crate) fn changed<'a>(before: &'a Answers, after: &'a Answers) -> Vec<&'a String> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).collect()
}

impl Case {
    /// Marks at which nothing has changed and nothing was said.
    pub(crate) fn unanswered(&self) -> Vec<(String, Code)> {
        let Some(before) = self.loaded.returned.as_ref().filter(|_| self.state == State::Returned) else {
            return Vec::new();
        };
        let now = answers(self);
        self.marks
            .iter()
            .filter(|mark| before.get(&mark.field) == now.get(&mark.field) && self.reply(mark).is_empty())
            .map(|mark| (mark.field.clone(), codes::MARK_UNANSWERED))
            .collect()
    }

    /// What was said to a mark.
    pub(crate) fn reply(&self, mark: &Mark) -> &str {
        self.loaded.replies.get(&mark.field).map_or("", String::as_str)
    }

    /// Why what is marked stays; an empty word takes the former one back.
    pub(crate) fn reply_to_mark(&mut self, field: &str, text: String) -> Result<(), Refusal> {
        if !self.marks.iter().any(|mark| mark.field == field) {
            return Err(Refusal::at("field", codes::MARK_UNKNOWN));
        }
        if text.is_empty() {
            self.loaded.replies.remove(field);
        } else {
            self.loaded.replies.insert(field.to_owned(), text);
        }
        Ok(())
    }
}
