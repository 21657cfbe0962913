//! Loads a case whole.

use std::collections::HashMap;

use chassis::{Error, db::Source, seal::Sealer};
use kernel::{AccountId, ApplicationNumber, Code, ErrorCode, FreeText, Money, PersonName, Phone, Time};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{
    answers_place, application, client_place, contact_place, document, file_name_place, hand_out, line, mark,
    mark_reply, open_json, original, person, returned, timeline, values_place,
};
use crate::{
    catalogue::{Catalogue, entry::Service},
    domain::{
        case::{
            Acceptance, Case, Contact, Dispatch, ItemState, Line, Loaded, Mark, Membership, MembershipKind,
            PaymentStatus, Person,
        },
        codes,
        documents::{Document, DocumentState},
        form::{Subject, Values},
        state::State,
    },
};

/// The case, or not found. What hangs on it is read after it: its lock is theirs too.
pub(crate) async fn load(db: &impl Source, sealer: &Sealer, catalogue: &Catalogue, number: i64) -> Result<Case, Error> {
    let row = db.root(application::Entity::find_by_id(number)).one(db).await?.ok_or(Error::NotFound)?;
    let lines = line::Entity::find()
        .filter(line::Column::Number.eq(number))
        .order_by_asc(line::Column::Ordinal)
        .all(db)
        .await?;
    let persons = person::Entity::find()
        .filter(person::Column::Number.eq(number))
        .order_by_asc(person::Column::Ordinal)
        .all(db)
        .await?;
    let documents = document::Entity::find()
        .filter(document::Column::Number.eq(number))
        .filter(document::Column::State.ne(DocumentState::Receiving.code()))
        .order_by_asc(document::Column::UploadedAt)
        .all(db)
        .await?;
    let marks = mark::Entity::find().filter(mark::Column::Number.eq(number)).all(db).await?;

    let mut papers: HashMap<String, Vec<Document>> = HashMap::new();
    for stored in documents {
        papers.entry(stored.person_id.clone()).or_default().push(to_document(&stored, sealer)?);
    }
    let mut by_line: HashMap<String, Vec<Person>> = HashMap::new();
    for stored in persons {
        let form_code = lines
            .iter()
            .find(|line| line.id == stored.line_id)
            .map(|line| (line.form_code.as_str(), line.form_version));
        let person = to_person(&stored, sealer, catalogue, form_code, papers.remove(&stored.id).unwrap_or_default())?;
        by_line.entry(stored.line_id).or_default().push(person);
    }
    let lines = lines
        .into_iter()
        .map(|stored| to_line(stored, sealer, catalogue, &mut by_line))
        .collect::<Result<Vec<_>, Error>>()?;
    let marks = marks.into_iter().map(|row| Mark { field: row.field, reason: row.reason }).collect();
    let mut case = to_case(row, sealer, lines, papers.remove("").unwrap_or_default(), marks)?;
    if matches!(case.state, State::InReview | State::PendingApproval) && case.reviewed_by.is_some() {
        case.loaded.recommended_by = timeline::recommended_by(db, number).await?;
    }
    if matches!(case.state, State::DocsPartial | State::InProgress | State::ReadyForPickup | State::Completed) {
        case.received = original::load(db, number).await?;
    }
    if matches!(case.state, State::ReadyForPickup | State::Completed) {
        case.hand_outs = hand_out::load(db, sealer, number).await?;
    }
    if case.state == State::Returned {
        case.loaded.returned = returned::load(db, sealer, number).await?.map(|kept| kept.answers);
        case.loaded.replies = mark_reply::load(db, sealer, number).await?;
    }
    if case.editable().is_ok() {
        catalogue.price(&mut case);
    }
    Ok(case)
}

fn to_case(
    row: application::Model,
    sealer: &Sealer,
    lines: Vec<Line>,
    documents: Vec<Document>,
    marks: Vec<Mark>,
) -> Result<Case, Error> {
    let corrupt = |column| Error::corrupt("application", column, row.number);
    let account = |text: &str, column| -> Result<Option<AccountId>, Error> {
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| corrupt(column)) }
    };
    let contact: Contact = open_json(sealer, &contact_place(row.number), &row.contact_sealed)?;
    let acceptance = match row.offer_accepted_at {
        Some(at) => Some(Acceptance {
            version: row.offer_version,
            at: Time::from_micros(at),
            client: sealer.open_text(&client_place(row.number), &row.offer_client_sealed)?,
            by_mandate: account(&row.offer_by, "offer_by")?,
        }),
        None => None,
    };
    let mut case = Case {
        number: ApplicationNumber::new(row.number).map_err(|_| corrupt("number"))?,
        version: row.version,
        owner: row.owner.parse().map_err(|_| corrupt("owner"))?,
        kind: row.kind.clone(),
        state: State::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        payment_status: PaymentStatus::parse(&row.payment_status).ok_or_else(|| corrupt("payment_status"))?,
        payment_version: row.payment_version,
        created_at: Time::from_micros(row.created_at),
        submitted_at: row.submitted_at.map(Time::from_micros),
        membership: Membership {
            kind: MembershipKind::parse(&row.membership_kind).ok_or_else(|| corrupt("membership_kind"))?,
            bin: row.bin.clone(),
            organisation_name: row.organisation_name.clone(),
            verified: row.membership_verified,
        },
        lines,
        walk_in: row.walk_in,
        walk_in_price: Money::home(row.walk_in_price),
        contact_faults: contact_faults(&contact),
        contact,
        documents,
        acceptance,
        assigned_to: account(&row.assigned_to, "assigned_to")?,
        reviewed_by: account(&row.reviewed_by, "reviewed_by")?,
        marks,
        return_reason: row.return_reason.clone(),
        decision_reason: row.decision_reason.clone(),
        filed_by: account(&row.filed_by, "filed_by")?,
        papers_sha256: row.papers_sha256.clone(),
        touched_at: Time::from_micros(row.touched_at),
        erased: row.erased_at.is_some(),
        hand_outs: Vec::new(),
        received: Vec::new(),
        loaded: Loaded::default(),
    };
    case.loaded = Loaded::of(&case);
    Ok(case)
}

/// What is wrong with contact details, by field.
pub(crate) fn contact_faults(contact: &Contact) -> Vec<(String, Code)> {
    let mut faults = Vec::new();
    let mut check = |field: &str, text: &str, fault: Option<Code>| {
        let code = if text.trim().is_empty() { Some(codes::FIELD_REQUIRED) } else { fault };
        faults.extend(code.map(|code| (field.to_owned(), code)));
    };
    check("given_name", &contact.given_name, PersonName::parse(&contact.given_name).err().map(|error| error.code()));
    check("surname", &contact.surname, PersonName::parse(&contact.surname).err().map(|error| error.code()));
    check("email", &contact.email, kernel::Email::parse(&contact.email).err().map(|error| error.code()));
    check("phone", &contact.phone, Phone::parse(&contact.phone).err().map(|error| error.code()));
    check("address", &contact.address, FreeText::<300>::parse(&contact.address).err().map(|error| error.code()));
    faults
}

fn to_line(
    row: line::Model,
    sealer: &Sealer,
    catalogue: &Catalogue,
    persons: &mut HashMap<String, Vec<Person>>,
) -> Result<Line, Error> {
    let corrupt = |column| Error::corrupt("line", column, &row.id);
    let service = catalogue.service_at(&row.service_code, row.service_version);
    let requirements = service.map(|service| catalogue.requirements(service)).unwrap_or_default();
    let visits = service.map(Service::visit_rules).unwrap_or_default();
    let form = catalogue.form(&row.form_code, row.form_version);
    let answers: Values = match &row.answers_sealed {
        Some(sealed) => open_json(sealer, &answers_place(&row.id), sealed)?,
        None => Values::new(),
    };
    let sheet = form.filter(|form| form.subject == Subject::Line);
    let answer_faults = sheet.map(|form| form.read(&answers, catalogue.today).1).unwrap_or_default();
    Ok(Line {
        id: row.id.parse().map_err(|_| corrupt("id"))?,
        name: serde_json::from_str(&row.name).map_err(|_| corrupt("name"))?,
        path: serde_json::from_str(&row.path).map_err(|_| corrupt("path"))?,
        quantity: u32::try_from(row.quantity).map_err(|_| corrupt("quantity"))?,
        personal_manager: row.personal_manager,
        price: Money::home(row.price),
        personal_manager_price: row.personal_manager_price.map(Money::home),
        requirements,
        visits,
        service_version: row.service_version,
        ended: false,
        subject: form.map(|form| form.subject),
        answers,
        answer_faults: answer_faults.into_iter().map(|fault| (fault.field, fault.code)).collect(),
        persons: persons.remove(&row.id).unwrap_or_default(),
        service_code: row.service_code,
        form_code: row.form_code,
        form_version: row.form_version,
        product_code: row.product_code,
        description: row.description,
    })
}

fn to_person(
    row: &person::Model,
    sealer: &Sealer,
    catalogue: &Catalogue,
    form: Option<(&str, i32)>,
    documents: Vec<Document>,
) -> Result<Person, Error> {
    let corrupt = |column| Error::corrupt("person", column, &row.id);
    let values: Values = open_json(sealer, &values_place(&row.id), &row.values_sealed)?;
    let faults = form
        .and_then(|(code, version)| catalogue.form(code, version))
        .map(|form| form.read(&values, catalogue.today).1.into_iter().map(|fault| (fault.field, fault.code)).collect())
        .unwrap_or_default();
    Ok(Person {
        id: row.id.parse().map_err(|_| corrupt("id"))?,
        name: row.name.clone(),
        values,
        faults,
        documents,
        item_state: ItemState::parse(&row.item_state).ok_or_else(|| corrupt("item_state"))?,
        dispatch: dispatch(row).map_err(|_| corrupt("sent_on"))?,
        decision_note: row.decision_note.clone(),
    })
}

fn dispatch(row: &person::Model) -> Result<Option<Dispatch>, jiff::Error> {
    if row.sent_on.is_empty() {
        return Ok(None);
    }
    let expected_on = if row.expected_on.is_empty() { None } else { Some(row.expected_on.parse()?) };
    Ok(Some(Dispatch { outgoing_number: row.outgoing_number.clone(), sent_on: row.sent_on.parse()?, expected_on }))
}

fn to_document(row: &document::Model, sealer: &Sealer) -> Result<Document, Error> {
    let corrupt = |column| Error::corrupt("document", column, &row.id);
    Ok(Document {
        id: row.id.parse().map_err(|_| corrupt("id"))?,
        code: row.code.clone(),
        file_name: sealer.open_text(&file_name_place(&row.id), &row.file_name_sealed)?,
        media_type: row.media_type.clone(),
        size_bytes: u64::try_from(row.size_bytes).map_err(|_| corrupt("size_bytes"))?,
        uploaded_at: Time::from_micros(row.uploaded_at),
        state: DocumentState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        reason: row.reason.clone(),
        scanned: row.scanned,
        sha256: row.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}
