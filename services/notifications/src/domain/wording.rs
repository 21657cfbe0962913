//! The words of one kind of message in one language, as somebody wrote them: subject and body with placeholders. They are
//! written as Fluent patterns, so that a text may also choose its words by number.

use std::collections::BTreeSet;

use fluent_bundle::FluentResource;
use fluent_syntax::{ast, parser, serializer};
use serde::{Deserialize, Serialize};

/// Placeholders that every message may use.
const GENERAL: [&str; 4] = ["name", "centre", "email", "phones"];
/// Those that a text may do without, though the shipped one has them: they choose words, or are not always there.
const DISPENSABLE: [&str; 13] = [
    "place", "name", "centre", "email", "phones", "visit", "by", "class", "marks", "days", "overdue", "refunds",
    "pending",
];

/// Subject and body as they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wording {
    pub subject: String,
    pub body: String,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    Malformed,
    Unknown(String),
    Missing(String),
}

impl Wording {
    /// The shipped text of a key, as an author would write it.
    pub(crate) fn shipped(resource: &str, key: &str) -> Option<Self> {
        let parsed = parser::parse(resource).ok()?;
        let message = parsed.body.iter().find_map(|entry| match entry {
            ast::Entry::Message(message) if message.id.name == key => Some(message),
            ast::Entry::Message(_)
            | ast::Entry::Term(_)
            | ast::Entry::Comment(_)
            | ast::Entry::GroupComment(_)
            | ast::Entry::ResourceComment(_)
            | ast::Entry::Junk { .. } => None,
        })?;
        let of = |name: &str| {
            let attribute = message.attributes.iter().find(|attribute| attribute.id.name == name)?;
            Some(written(&attribute.value))
        };
        Some(Self { subject: of("subject")?, body: of("body")? })
    }

    /// As a resource of one message with two attributes.
    pub(crate) fn resource(&self) -> String {
        let indented = |text: &str| {
            let lines: Vec<String> = text.trim().lines().map(|line| format!("        {}", line.trim_end())).collect();
            lines.join("\n")
        };
        format!("text =\n    .subject =\n{}\n    .body =\n{}\n", indented(&self.subject), indented(&self.body))
    }

    /// The names that it is filled with. Anything but words, placeholders and choices among words is a fault.
    pub(crate) fn placeholders(&self) -> Result<BTreeSet<String>, Fault> {
        let text = self.resource();
        let parsed = parser::parse(text.as_str()).map_err(|_| Fault::Malformed)?;
        let [ast::Entry::Message(message)] = parsed.body.as_slice() else { return Err(Fault::Malformed) };
        let names: Vec<&str> = message.attributes.iter().map(|attribute| attribute.id.name).collect();
        if message.value.is_some() || names != ["subject", "body"] {
            return Err(Fault::Malformed);
        }
        let mut found = BTreeSet::new();
        for attribute in &message.attributes {
            gather(&attribute.value, &mut found)?;
        }
        Ok(found)
    }

    /// Held against the shipped text of its kind: no other placeholders, and none of those that matter left out.
    pub(crate) fn check(&self, shipped: &Self) -> Result<(), Fault> {
        let (own, theirs) = (self.placeholders()?, shipped.placeholders()?);
        let known = |name: &&String| theirs.contains(*name) || GENERAL.contains(&name.as_str());
        if let Some(name) = own.iter().find(|name| !known(name)) {
            return Err(Fault::Unknown(name.clone()));
        }
        match required(shipped)?.into_iter().find(|name| !own.contains(name)) {
            Some(name) => Err(Fault::Missing(name)),
            None => Ok(()),
        }
    }
}

/// What no text of the kind can be without.
pub(crate) fn required(shipped: &Wording) -> Result<Vec<String>, Fault> {
    let theirs = shipped.placeholders()?;
    Ok(theirs.into_iter().filter(|name| !DISPENSABLE.contains(&name.as_str())).collect())
}

/// All that may stand in a text of the kind.
pub(crate) fn offered(shipped: &Wording) -> Result<BTreeSet<String>, Fault> {
    let mut all = shipped.placeholders()?;
    all.extend(GENERAL.map(str::to_owned));
    Ok(all)
}

/// A pattern as its author would write it, without the indentation of files.
fn written(pattern: &ast::Pattern<&str>) -> String {
    let message = ast::Message {
        id: ast::Identifier { name: "x" },
        value: Some(pattern.clone()),
        attributes: Vec::new(),
        comment: None,
    };
    let text = serializer::serialize(&ast::Resource { body: vec![ast::Entry::Message(message)] });
    let text = text.strip_prefix("x =").unwrap_or(&text);
    let lines: Vec<&str> = text.lines().map(|line| line.strip_prefix("    ").unwrap_or(line).trim_end()).collect();
    lines.join("\n").trim().to_owned()
}

fn gather(pattern: &ast::Pattern<&str>, found: &mut BTreeSet<String>) -> Result<(), Fault> {
    for element in &pattern.elements {
        match element {
            ast::PatternElement::TextElement { .. } => {}
            ast::PatternElement::Placeable { expression } => expressed(expression, found)?,
        }
    }
    Ok(())
}

fn expressed(expression: &ast::Expression<&str>, found: &mut BTreeSet<String>) -> Result<(), Fault> {
    match expression {
        ast::Expression::Inline(inline) => named(inline, found),
        ast::Expression::Select { selector, variants } => {
            named(selector, found)?;
            variants.iter().try_for_each(|variant| gather(&variant.value, found))
        }
    }
}

fn named(inline: &ast::InlineExpression<&str>, found: &mut BTreeSet<String>) -> Result<(), Fault> {
    match inline {
        ast::InlineExpression::StringLiteral { .. } | ast::InlineExpression::NumberLiteral { .. } => Ok(()),
        ast::InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
            Ok(())
        }
        ast::InlineExpression::Placeable { expression } => expressed(expression, found),
        ast::InlineExpression::FunctionReference { .. }
        | ast::InlineExpression::MessageReference { .. }
        | ast::InlineExpression::TermReference { .. } => Err(Fault::Malformed),
    }
}

/// Ready to be filled; a text that was checked always is.
pub(crate) fn compiled(wording: &Wording) -> Option<FluentResource> {
    FluentResource::try_new(wording.resource()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = "approved =\n    .subject = Application { $number }\n    .body =\n        Pay { $amount }.\n\n        { $by ->\n            [none] Soon.\n           *[other] By { $by }.\n        }\n";

    fn wording(subject: &str, body: &str) -> Wording {
        Wording { subject: subject.to_owned(), body: body.to_owned() }
    }

    #[test]
    fn what_is_shipped_is_written_as_an_author_would_and_read_back() {
        let shipped = Wording::shipped(SHIPPED, "approved").unwrap();
        assert_eq!(shipped.subject, "Application { $number }");
        assert!(shipped.body.starts_with("Pay { $amount }.\n\n{ $by ->\n"), "{}", shipped.body);
        assert_eq!(shipped.check(&shipped), Ok(()));
        assert_eq!(required(&shipped).unwrap(), ["amount", "number"]);
    }

    #[test]
    fn placeholders_are_those_of_the_kind_and_the_ones_that_matter_stay() {
        let shipped = Wording::shipped(SHIPPED, "approved").unwrap();
        assert_eq!(wording("{ $number }", "{ $name }: { $amount }").check(&shipped), Ok(()));
        assert_eq!(wording("{ $number }", "Pay.").check(&shipped), Err(Fault::Missing("amount".to_owned())));
        assert_eq!(wording("{ $number }", "{ $iban }").check(&shipped), Err(Fault::Unknown("iban".to_owned())));
        for bad in ["{ $amount", "{ welcome }", "{ NUMBER($amount) }", ".subject = { $amount }"] {
            let told = wording("{ $number }", bad).check(&shipped);
            assert!(matches!(told, Err(Fault::Malformed | Fault::Missing(_))), "{bad}: {told:?}");
        }
    }
}
