//! Facts as they were once written: bytes (`facts.hex`) that today's code must read as the text beside them
//! (`facts.txt`). A fact has one sample for each time it got fields; older ones stay, since older facts do.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, ReflectMessage as _, SerializeOptions, Value,
};
use proto::common::v1::Envelope;

use super::{POOL, accepts, lines, write};

const BYTES: &str = "facts.hex";
const TEXTS: &str = "facts.txt";

#[test]
fn facts_of_every_release_are_read_as_they_were_meant() {
    let (bytes, texts) = (samples(BYTES), samples(TEXTS));
    assert!(bytes.keys().eq(texts.keys()), "{BYTES} and {TEXTS} do not name the same samples");
    let mut wrong = Vec::new();
    for (name, sample) in &bytes {
        let read = read(&hex::decode(sample).unwrap());
        if read != texts[name] {
            wrong.push(format!("{name}\n  meant {}\n  read  {read}", texts[name]));
        }
    }
    assert!(wrong.is_empty(), "read otherwise than they were meant:\n{}\n", wrong.join("\n"));
}

#[test]
fn every_fact_has_a_sample_with_all_its_fields() {
    let (mut bytes, mut texts) = (samples(BYTES), samples(TEXTS));
    let mut missing = Vec::new();
    for (fact, subject) in proto::FACTS {
        let known: Vec<&String> = bytes.keys().filter(|name| name.split('#').next() == Some(*fact)).collect();
        let mut unset = every_field(&descriptor(fact), 0);
        for name in &known {
            let payload = payload(&Envelope::decode(hex::decode(&bytes[*name]).unwrap().as_slice()).unwrap());
            unset.retain(|path| !set_fields(&payload, 0).contains(path));
        }
        if unset.is_empty() {
            continue;
        }
        let name = format!("{fact}#{}", known.len() + 1);
        let sample = envelope(fact, subject).encode_to_vec();
        missing.push(format!("  {name}: {}", unset.into_iter().collect::<Vec<_>>().join(", ")));
        texts.insert(name.clone(), read(&sample));
        bytes.insert(name, hex::encode(&sample));
    }
    if accepts() {
        for (file, samples) in [(BYTES, bytes), (TEXTS, texts)] {
            write(file, &samples.iter().map(|(name, text)| format!("{name} {text}")).collect::<Vec<_>>());
        }
    } else {
        assert!(
            missing.is_empty(),
            "fields without a sample; `CONTRACTS=accept ./tests/run contracts`:\n{}\n",
            missing.join("\n")
        );
    }
}

/// A file's lines by the sample's name: `portal.billing.v1.InvoiceIssued#1`.
fn samples(file: &str) -> BTreeMap<String, String> {
    let split = |line: String| line.split_once(' ').map(|(name, rest)| (name.to_owned(), rest.to_owned()));
    lines(file).into_iter().map(|line| split(line).expect("a name and its sample")).collect()
}

fn descriptor(fact: &str) -> MessageDescriptor {
    POOL.get_message_by_name(fact).unwrap_or_else(|| panic!("{fact} is no message any more"))
}

fn payload(envelope: &Envelope) -> DynamicMessage {
    DynamicMessage::decode(descriptor(&envelope.r#type), envelope.payload.as_slice()).unwrap()
}

/// What today's code reads: envelope and payload with every field that is set. What it does not know shows up too.
fn read(bytes: &[u8]) -> String {
    let known = Envelope::decode(bytes).unwrap();
    let mut outer = DynamicMessage::decode(descriptor("portal.common.v1.Envelope"), bytes).unwrap();
    let inner = payload(&known);
    let unknown = outer.unknown_fields().count() + inner.unknown_fields().count();
    // Generated code and descriptors are two readers; they must agree.
    assert_eq!(DynamicMessage::decode(outer.descriptor(), known.encode_to_vec().as_slice()).unwrap(), outer);
    outer.clear_field_by_name("payload");
    let text = format!("{} payload {}", json(&outer), json(&inner));
    if unknown > 0 { format!("{text} and {unknown} fields that nobody knows") } else { text }
}

fn json(message: &DynamicMessage) -> String {
    let options = SerializeOptions::new().use_proto_field_name(true).stringify_64_bit_integers(false);
    let mut text = Vec::new();
    message.serialize_with_options(&mut serde_json::Serializer::new(&mut text), &options).unwrap();
    String::from_utf8(text).unwrap()
}

/// Paths of all fields, those of messages within too.
fn every_field(message: &MessageDescriptor, depth: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for field in message.fields() {
        found.insert(field.full_name().to_owned());
        if let Kind::Message(inner) = field.kind()
            && depth < 4
        {
            found.extend(every_field(&inner, depth + 1));
        }
    }
    found
}

fn set_fields(message: &DynamicMessage, depth: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (field, value) in message.fields() {
        found.insert(field.full_name().to_owned());
        let inner: Vec<&Value> = if let Some(list) = value.as_list() {
            list.iter().collect()
        } else if let Some(map) = value.as_map() {
            map.values().collect()
        } else {
            vec![value]
        };
        for message in inner.into_iter().filter_map(Value::as_message).filter(|_| depth < 4) {
            found.extend(set_fields(message, depth + 1));
        }
    }
    found
}

/// An envelope of a fact with every field set to something that no other field has.
fn envelope(fact: &str, subject: &str) -> Envelope {
    let parts: Vec<&str> = subject.split('.').collect();
    Envelope {
        event_id: "01900000-0000-7000-8000-00000000e001".to_owned(),
        r#type: fact.to_owned(),
        major: 1,
        minor: 2,
        producer: parts[1].to_owned(),
        aggregate_type: parts[3].to_owned(),
        aggregate_id: "101".to_owned(),
        aggregate_version: 7,
        ordinal: 3,
        occurred_at_micros: 1_718_201_520_000_000,
        payload: filled(&descriptor(fact), 1).encode_to_vec(),
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        tracestate: "portal=1".to_owned(),
    }
}

fn filled(message: &MessageDescriptor, seed: u32) -> DynamicMessage {
    let mut made = DynamicMessage::new(message.clone());
    for field in message.fields() {
        let value = value(&field, seed * 100 + field.number());
        made.set_field(&field, value);
    }
    made
}

fn value(field: &FieldDescriptor, seed: u32) -> Value {
    if field.is_map() {
        let Kind::Message(entry) = field.kind() else { unreachable!("a map's entry is a message") };
        let inner = entry.map_entry_value_field();
        return Value::Map([(MapKey::String(format!("key {seed}")), single(&inner, seed))].into());
    }
    if field.is_list() {
        return Value::List(vec![single(field, seed), single(field, seed + 50)]);
    }
    single(field, seed)
}

fn single(field: &FieldDescriptor, seed: u32) -> Value {
    match field.kind() {
        Kind::Double => Value::F64(f64::from(seed)),
        Kind::Float => Value::F32(1.5),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(i32::try_from(seed).unwrap()),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(i64::from(seed) << 33),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(seed),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(u64::from(seed) << 33),
        Kind::Bool => Value::Bool(true),
        Kind::String => Value::String(format!("{} {seed} Қ", field.name())),
        Kind::Bytes => Value::Bytes(seed.to_be_bytes().to_vec().into()),
        Kind::Message(message) => Value::Message(filled(&message, seed)),
        Kind::Enum(listed) => Value::EnumNumber(listed.values().map(|value| value.number()).max().unwrap_or(0)),
    }
}
