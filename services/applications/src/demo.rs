//! The demo's cases, spread over the states; dates relative to today, but for 101, which is the guide's.

mod plan;

use std::{collections::BTreeMap, time::Duration};

use chassis::{Context, Error, Tx, counter, demo, files::StoredFile};
use kernel::{AccountId, Actor, ApplicationNumber, DocumentId, LineId, Role, Time, WorkingCalendar};
use proto::applications::v1::LineChoice;
use sea_orm::{ActiveValue::Set, EntityTrait as _, PaginatorTrait as _};

use crate::{
    app::{approve::papers_digest, save_services, terms},
    catalogue::{Catalogue, files},
    config::Config,
    domain::{
        case::{
            Acceptance, Case, Contact, Dispatch, ItemState, Loaded, Mark, Membership, MembershipKind, PaymentStatus,
            Person,
        },
        documents::DocumentState,
        form::{Values, full_name},
        frozen,
        hand_out::{HandOut, HandOutWay, Recipient},
        originals::{Original, Received, Standing},
        state::State,
    },
    store::{self, consent::Given, document},
};

use plan::{MORE, MORE_OF, PLANS, Plan, history, manager};

/// People of the demo, as their passports have them: surname, given names, sex, born, citizenship, passport.
const PEOPLE: [(&str, &str, &str, &str, &str, &str); 4] = [
    ("HARPER", "OLIVER", "male", "1988-03-14", "GB", "512345678"),
    ("ROSSI", "GIULIA", "female", "1991-07-02", "IT", "YA1234567"),
    ("TANAKA", "HARUTO", "male", "1984-11-23", "JP", "TK9876543"),
    ("SCHMIDT", "LENA", "female", "1995-01-30", "DE", "C01X00T47"),
];

/// A picture of one pixel stands for the copy of a passport.
const SPECIMEN: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// A case whose step has taken longer than its term.
const OVERDUE: i64 = 103;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Writes the cases once; later starts find them.
pub async fn load(context: &Context, config: &Config) -> anyhow::Result<()> {
    if store::application::Entity::find().count(context.db.read()).await? > 0 {
        return Ok(());
    }
    let catalogue = files::load(config)?.on(context.zone.date(context.sources.now()));
    context.files.wait().await;
    let mut cases = Vec::new();
    for plan in &PLANS {
        let mut case = case(context, &catalogue, plan)?;
        let mut papers = Vec::new();
        // Drafts are half done: their papers are still to come.
        for (item, code) in asked(&case).into_iter().filter(|_| plan.state != State::Draft) {
            let id = DocumentId::from_uuid(context.sources.uuid());
            papers.push((item, code, id, context.files.put(&id.to_string(), SPECIMEN).await?));
        }
        if history(plan).iter().any(|(action, ..)| *action == "APPROVED") {
            let line = |(item, code, id, stored): &(String, String, DocumentId, StoredFile)| {
                let sha256: String = stored.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
                frozen::line(item, code, &id.to_string(), &sha256)
            };
            case.papers_sha256 = papers_digest(&frozen::text(papers.iter().map(line).collect()));
        }
        cases.push((plan, case, papers));
    }
    let calendar = chassis::calendar::load(&config.calendar_file)?;
    let (inner, db, settings) = (context.clone(), context.db.clone(), config.clone());
    db.write(move |tx| async move {
        for (plan, case, papers) in cases {
            write_case(&tx, &inner, plan, case, &settings, &calendar).await?;
            for (item, code, id, stored) in papers {
                write_paper(&tx, &inner, plan, &item, code, id, stored).await?;
            }
        }
        for plan in PLANS.iter().filter(|plan| plan.state == State::Completed) {
            let mut case = store::case::load(&*tx, &inner.sealer, &catalogue, plan.number).await?;
            let at = store::timeline::last(&*tx, plan.number, "COMPLETED").await?.unwrap_or(case.created_at);
            let by = user(manager(plan), Role::Manager).principal();
            let given = |person: &Person| HandOut {
                item: Some(person.id),
                way: HandOutWay::InPerson,
                recipient: Recipient::default(),
                delivered_on: None,
                by: by.clone(),
                at,
            };
            case.hand_outs = case.persons().map(given).collect();
            store::hand_out::save(&tx, &inner.sealer, &case).await?;
        }
        for plan in PLANS {
            let mut case = store::case::load(&*tx, &inner.sealer, &catalogue, plan.number).await?;
            let by = user(manager(&plan), Role::Manager).principal();
            case.received = received(&case, &by, inner.sources.now());
            store::original::save(&tx, &case).await?;
        }
        for plan in PLANS.iter().filter(|plan| plan.state == State::Returned) {
            let case = store::case::load(&*tx, &inner.sealer, &catalogue, plan.number).await?;
            store::returned::keep(&tx, &inner.sealer, &case, inner.sources.now()).await?;
        }
        counter::raise(&tx, "application", PLANS.iter().map(|plan| plan.number).max().unwrap_or(0)).await
    })
    .await?;
    Ok(())
}

/// The papers that must be there: person item (empty: the application as a whole) and code.
fn asked(case: &Case) -> Vec<(String, String)> {
    let of_persons = case.lines.iter().flat_map(|line| {
        let papers = |person: &Person| {
            let id = person.id.to_string();
            line.papers_of(person, case.is_member()).into_iter().map(move |paper| (id.clone(), paper))
        };
        line.persons.iter().flat_map(papers).collect::<Vec<_>>()
    });
    let whole = case.papers().into_iter().map(|paper| (String::new(), paper));
    of_persons.chain(whole).filter(|(_, (_, required))| *required).map(|(item, (code, _))| (item, code)).collect()
}

async fn write_paper(
    tx: &Tx,
    context: &Context,
    plan: &Plan,
    item: &str,
    code: String,
    id: DocumentId,
    stored: StoredFile,
) -> Result<(), Error> {
    let waits = matches!(plan.state, State::New | State::InReview | State::Returned | State::Cancelled);
    let state = if waits { DocumentState::Uploaded } else { DocumentState::Accepted };
    let text = id.to_string();
    document::Entity::insert(document::ActiveModel {
        number: Set(plan.number),
        person_id: Set(item.to_owned()),
        file_name_sealed: Set(context.sealer.seal_text(&store::file_name_place(&text), &format!("{code}.png"))?),
        code: Set(code),
        media_type: Set("image/png".to_owned()),
        size_bytes: Set(i64::try_from(stored.size_bytes).unwrap_or(0)),
        sha256: Set(stored.sha256),
        key_sealed: Set(context.sealer.seal(&store::file_key_place(&text), &stored.key)?),
        state: Set(state.code().to_owned()),
        reason: Set(String::new()),
        scanned: Set(false),
        uploaded_at: Set(context.sources.now().minus(DAY).micros()),
        id: Set(text),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// A case as it stands.
fn case(context: &Context, catalogue: &Catalogue, plan: &Plan) -> Result<Case, Error> {
    let now = context.sources.now();
    let broken = || Error::Internal(anyhow::anyhow!("demo case {}", plan.number));
    let created_at = if plan.number == demo::COMPLETED {
        Time::parse_rfc3339("2024-06-12T19:12:00+05:00").map_err(|_| broken())?
    } else {
        let days = if plan.number < 110 { 115 - plan.number } else { 1 + (131 - plan.number) / 4 };
        now.minus(DAY * u32::try_from(days).unwrap_or(1))
    };
    let owner = *demo::APPLICANTS.get(plan.owner).ok_or_else(broken)?;
    let steps = history(plan);
    let reached = |state: State| steps.iter().any(|(_, _, seen)| *seen == state);
    let choice = LineChoice { service_code: plan.service.to_owned(), quantity: plan.quantity, personal_manager: false };
    let id = LineId::from_uuid(context.sources.uuid());
    let mut line = save_services::line(catalogue, || id, &choice, None, false).ok_or_else(broken)?;
    if line.is_per_person() {
        line.persons = (0..plan.quantity).map(|index| person(plan, index)).collect();
        for sent in line.persons.iter_mut().filter(|person| person.item_state == ItemState::Sent) {
            let sent_on = context.zone.date(now.minus(DAY));
            sent.dispatch = Some(Dispatch { outgoing_number: "01-12/345".to_owned(), sent_on, expected_on: None });
        }
    }
    let paid = reached(State::AwaitingDocuments);
    let mut case = Case {
        number: ApplicationNumber::new(plan.number).map_err(|_| broken())?,
        version: 1,
        owner,
        kind: "expat_centre".to_owned(),
        state: State::Draft,
        payment_status: match (paid, reached(State::AwaitingPayment)) {
            (true, _) => PaymentStatus::Paid,
            (false, true) => PaymentStatus::NotPaid,
            (false, false) => PaymentStatus::None,
        },
        payment_version: i64::from(paid),
        created_at,
        submitted_at: reached(State::New).then(|| created_at.plus(Duration::from_secs(1800))),
        membership: Membership {
            kind: MembershipKind::NotMember,
            bin: String::new(),
            organisation_name: String::new(),
            verified: false,
        },
        lines: vec![line],
        walk_in: false,
        walk_in_price: catalogue.walk_in_price(),
        contact: contact(plan.owner),
        contact_faults: Vec::new(),
        documents: Vec::new(),
        acceptance: reached(State::New).then(|| Acceptance {
            version: 1,
            at: created_at.plus(Duration::from_secs(1800)),
            client: "127.0.0.1".to_owned(),
            by_mandate: None,
        }),
        assigned_to: reached(State::InReview).then_some(manager(plan)),
        reviewed_by: reached(State::PendingApproval).then_some(manager(plan)),
        marks: Vec::new(),
        return_reason: String::new(),
        decision_reason: String::new(),
        filed_by: None,
        papers_sha256: String::new(),
        touched_at: created_at,
        erased: false,
        hand_outs: Vec::new(),
        received: Vec::new(),
        loaded: Loaded::default(),
    };
    if plan.state == State::Returned {
        case.return_reason = "Please correct the passport number.".to_owned();
        let item = demo::item(plan.number, 0);
        let line = case.lines.first().ok_or_else(broken)?.id;
        case.marks = vec![Mark {
            field: format!("lines[{line}].persons[{item}].passport_number"),
            reason: "The number on the copy of the passport is another one.".to_owned(),
        }];
    }
    if plan.state == State::Rejected {
        case.decision_reason = "The passport is valid for less than three months.".to_owned();
    }
    case.state = plan.state;
    Ok(case)
}

async fn write_case(
    tx: &Tx,
    context: &Context,
    plan: &Plan,
    case: Case,
    config: &Config,
    calendar: &WorkingCalendar,
) -> Result<(), Error> {
    let term_days = config.retention.ended_days;
    let (mut case, steps) = (case, history(plan));
    case.state = State::Draft;
    let created_at = case.created_at;
    let owner_actor = user(case.owner, Role::Applicant);
    store::save::note(tx, &case, &owner_actor, "CREATED", "", created_at).await?;
    for (index, (action, who, state)) in steps.iter().enumerate() {
        case.state = *state;
        let at = created_at.plus(Duration::from_secs(1800 * (index as u64 + 1)));
        let actor = match who {
            Some(id) if *id == demo::SUPERVISOR => user(*id, Role::Supervisor),
            Some(id) => user(*id, Role::Manager),
            None if matches!(*action, "SUBMITTED" | "CANCELLED") => owner_actor.clone(),
            None => Actor::System { service: context.service.to_owned(), cause: "demo".to_owned() },
        };
        let reason = if *action == MORE { MORE_OF } else { "" };
        store::save::note(tx, &case, &actor, action, reason, at).await?;
    }
    store::save::insert(tx, &context.sealer, &case).await?;
    // One case has been left lying; the others' present steps begin with the demo.
    let since = if plan.number == OVERDUE { created_at } else { context.sources.now() };
    let due = terms::due_at(&config.terms, calendar, &context.zone, case.state, since);
    store::term::begin(tx, &case, since, due).await?;
    if case.state.is_final() {
        let hours = 1800 * (steps.len() as u64 + 1);
        store::erase::ended(tx, case.number.get(), created_at.plus(Duration::from_secs(hours))).await?;
    }
    for line in &case.lines {
        for person in &line.persons {
            store::save::put_person(tx, &context.sealer, &case, line, person).await?;
        }
    }
    if case.number.get() == demo::COMPLETED {
        // As the guide shows them.
        let told = ["P-O/2024/188".to_owned(), "400481".to_owned()];
        store::invoice_number::add(tx, demo::COMPLETED, &told).await?;
    }
    if let Some(at) = case.submitted_at {
        store::name_word::write(tx, &case).await?;
        let account = owner_actor.principal();
        let of_version = case.version;
        let given =
            Given { of_version, version: 1, at, account, client_address: "127.0.0.1", term_days, at_desk: false };
        store::consent::write(tx, case.number.get(), given).await?;
    }
    store::save::after_move(tx, &case).await
}

/// What the centre has of a case's originals; of one of whom more was asked for, all that were brought before.
fn received(case: &Case, by: &str, at: Time) -> Vec<Received> {
    let standings = case.standings();
    let here = |original: &Original| standings.get(original) == Some(&Standing::Received(None));
    let all = case.originals();
    let some = all.iter().filter(|original| here(original));
    let first = all.iter().filter(|_| case.state == State::DocsPartial).take(1);
    some.chain(first).map(|original| Received { original: original.clone(), by: by.to_owned(), at }).collect()
}

fn user(account: AccountId, role: Role) -> Actor {
    Actor::User { account, roles: vec![role], session: None }
}

fn contact(owner: usize) -> Contact {
    let (given_name, surname) =
        [("Amelia", "Harper"), ("Тимур", "Ахметов"), ("Айгерім", "Сәрсенова"), ("Kenji", "Watanabe")]
            .get(owner)
            .copied()
            .unwrap_or_default();
    Contact {
        given_name: given_name.to_owned(),
        surname: surname.to_owned(),
        email: if owner == 0 {
            "applicant@demo.example".to_owned()
        } else {
            format!("applicant{}@demo.example", owner + 1)
        },
        phone: "+77172647340".to_owned(),
        address: "Mangilik el Avenue 55/18, Astana".to_owned(),
    }
}

fn person(plan: &Plan, index: u32) -> Person {
    let which = (plan.number.unsigned_abs() as usize + index as usize) % PEOPLE.len();
    let (surname, given_names, sex, born, citizenship, passport) = PEOPLE.get(which).copied().unwrap_or(PEOPLE[0]);
    let values: Values = BTreeMap::from(
        [
            ("surname", surname),
            ("given_names", given_names),
            ("sex", sex),
            ("birth_date", born),
            ("birth_place", "London"),
            ("citizenship", citizenship),
            ("residence_country", citizenship),
            ("passport_number", passport),
            ("passport_issued_on", "2021-05-04"),
            ("passport_expires_on", "2031-05-03"),
            ("visa_category", "B1"),
            ("purpose", "Business meetings"),
            ("stay_from", "2027-02-01"),
            ("stay_to", "2027-03-01"),
            ("post", "Engineer"),
            ("entry_date", "2026-10-01"),
            ("housing_address", "Mangilik el Avenue 55/18, Astana"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned())),
    );
    let done = matches!(plan.state, State::ReadyForPickup | State::Completed);
    let item_state = match (plan.state, index) {
        (State::ReadyForPickup | State::Completed, _) => ItemState::Granted,
        (State::InProgress, 0) => ItemState::Sent,
        (State::InProgress | State::DocsPartial, 1) => ItemState::OriginalsReceived,
        _ => ItemState::AwaitingOriginals,
    };
    Person {
        id: demo::item(plan.number, u128::from(index)),
        name: full_name(&values),
        values,
        faults: Vec::new(),
        documents: Vec::new(),
        item_state,
        dispatch: None,
        decision_note: if done { "INV-2024-000188".to_owned() } else { String::new() },
    }
}
