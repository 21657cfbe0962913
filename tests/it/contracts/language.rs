//! Messages, fields, enum values and RPCs, one a line, sorted: `package.Message.field = number type label`.

use std::collections::BTreeSet;

use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor};

use super::{POOL, accepts, lines, write};

const FILE: &str = "language.txt";

#[test]
fn the_published_language_has_only_grown() {
    let before: BTreeSet<String> = lines(FILE).into_iter().collect();
    let today = today();
    let gone: Vec<&String> = before.difference(&today).collect();
    let added: Vec<&String> = today.difference(&before).collect();
    assert!(
        gone.is_empty(),
        "these were published and are gone or changed:\n{}\nwhat stands there now, or is new:\n{}\n",
        list(&gone),
        list(&added)
    );
    if accepts() {
        write(FILE, &today.into_iter().collect::<Vec<_>>());
    } else {
        assert!(added.is_empty(), "new in the language; `CONTRACTS=accept ./tests/run contracts`:\n{}\n", list(&added));
    }
}

fn list(lines: &[&String]) -> String {
    lines.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// Everything of ours that others may rely on.
fn today() -> BTreeSet<String> {
    let ours = |name: &str| name.starts_with("portal.");
    let mut found = BTreeSet::new();
    for message in POOL.all_messages().filter(|message| ours(message.full_name()) && !message.is_map_entry()) {
        found.insert(format!("message {}", message.full_name()));
        found.extend(message.fields().map(|field| told(&message, &field)));
    }
    for listed in POOL.all_enums().filter(|listed| ours(listed.full_name())) {
        found.extend(values(&listed));
    }
    for service in POOL.services().filter(|service| ours(service.full_name())) {
        found.extend(service.methods().map(|method| signature(service.full_name(), &method)));
    }
    found
}

fn told(message: &MessageDescriptor, field: &FieldDescriptor) -> String {
    let label = match (field.cardinality(), field.containing_oneof()) {
        _ if field.is_map() => "map".to_owned(),
        (Cardinality::Repeated, _) => "repeated".to_owned(),
        (_, Some(choice)) => format!("oneof {}", choice.name()),
        (Cardinality::Required | Cardinality::Optional, None) => "single".to_owned(),
    };
    let field_kind = field.kind();
    let kind = match field_kind.as_message().filter(|_| field.is_map()) {
        Some(entry) => {
            let [key, value] = [1, 2].map(|number| kind(&entry.get_field(number).unwrap().kind()));
            format!("<{key}, {value}>")
        }
        None => kind(&field_kind),
    };
    format!("{}.{} = {} {kind} {label}", message.full_name(), field.name(), field.number())
}

fn kind(kind: &Kind) -> String {
    match (kind.as_message(), kind.as_enum()) {
        (Some(message), _) => message.full_name().to_owned(),
        (_, Some(listed)) => listed.full_name().to_owned(),
        (None, None) => format!("{kind:?}").to_lowercase(),
    }
}

fn values(listed: &EnumDescriptor) -> impl Iterator<Item = String> {
    listed.values().map(|value| format!("{} = {} enum", value.full_name(), value.number()))
}

fn signature(service: &str, method: &MethodDescriptor) -> String {
    let stream = |streaming| if streaming { "stream " } else { "" };
    format!(
        "rpc {service}/{} ({}{}) -> ({}{})",
        method.name(),
        stream(method.is_client_streaming()),
        method.input().full_name(),
        stream(method.is_server_streaming()),
        method.output().full_name(),
    )
}
