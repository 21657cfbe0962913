//! The set of papers that an approval speaks of, as one text: its digest tells later whether the set is still the same.

use super::{case::Case, documents::RESULT};

/// One file of the set: where it belongs, what it is, its id and the digest of its content (hexadecimal).
pub fn line(person: &str, code: &str, id: &str, sha256: &str) -> String {
    let whole = if person.is_empty() { "application" } else { person };
    format!("{whole} {code} {id} {sha256}\n")
}

/// The set in one order, whatever order it was read in.
pub fn text(mut lines: Vec<String>) -> String {
    lines.sort_unstable();
    lines.concat()
}

/// Every paper that counts. What came of the case is given later and stands for itself.
pub(crate) fn papers(case: &Case) -> String {
    let whole = case.documents.iter().map(|file| (String::new(), file));
    let of_persons =
        case.persons().flat_map(|person| person.documents.iter().map(|file| (person.id.to_string(), file)));
    let counted = whole.chain(of_persons).filter(|(_, file)| file.counts() && file.code != RESULT);
    text(counted.map(|(person, file)| line(&person, &file.code, &file.id.to_string(), &file.sha256)).collect())
}
