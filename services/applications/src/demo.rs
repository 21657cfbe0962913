//! The demo's cases, spread over the states; dates relative to today, but for 101, which is the guide's.

use std::{collections::BTreeMap, time::Duration};

use chassis::{Context, Error, Tx, counter, demo};
use kernel::{AccountId, Actor, ApplicationNumber, DocumentId, LineId, Role, Time};
use sea_orm::{ActiveValue::Set, EntityTrait as _, PaginatorTrait as _};

use crate::{
    catalogue::{Catalogue, short_name, tenge},
    config::Config,
    domain::{
        case::{
            Acceptance, Case, Contact, ItemState, Line, Loaded, Mark, Membership, MembershipKind, PaymentStatus, Person,
        },
        documents::DocumentState,
        form::{Values, full_name},
        state::State,
    },
    store::{self, document},
};

/// One demo case: number, owner, service, Amount, and where it stands.
struct Plan {
    number: i64,
    owner: usize,
    service: &'static str,
    quantity: u32,
    state: State,
}

const PLANS: [Plan; 9] = [
    Plan { number: demo::COMPLETED, owner: 0, service: "INVB1S", quantity: 1, state: State::Completed },
    Plan { number: demo::AWAITING_PAYMENT, owner: 0, service: "INVB1S", quantity: 1, state: State::AwaitingPayment },
    Plan { number: 103, owner: 1, service: "INVC3S", quantity: 2, state: State::New },
    Plan { number: 104, owner: 2, service: "TRPNEW", quantity: 1, state: State::InReview },
    Plan { number: 105, owner: 3, service: "INVB1M", quantity: 1, state: State::PendingApproval },
    Plan {
        number: demo::AWAITING_DOCUMENTS,
        owner: 0,
        service: "INVB1M",
        quantity: 2,
        state: State::AwaitingDocuments,
    },
    Plan { number: 107, owner: 1, service: "IINREG", quantity: 1, state: State::Draft },
    Plan { number: 108, owner: 2, service: "IINREG", quantity: 1, state: State::Returned },
    Plan { number: 109, owner: 3, service: "INVB1S", quantity: 1, state: State::Rejected },
];

/// People of the demo, as their passports have them: surname, given names, sex, born, citizenship, passport.
const PEOPLE: [(&str, &str, &str, &str, &str, &str); 4] = [
    ("HARPER", "OLIVER", "male", "1988-03-14", "GB", "512345678"),
    ("ROSSI", "GIULIA", "female", "1991-07-02", "IT", "YA1234567"),
    ("TANAKA", "HARUTO", "male", "1984-11-23", "JP", "TK9876543"),
    ("SCHMIDT", "LENA", "female", "1995-01-30", "DE", "C01X00T47"),
];

/// A picture of one pixel stands for the copy of a passport.
const SPECIMEN: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Writes the cases once; later starts find them.
pub async fn load(context: &Context, config: &Config) -> anyhow::Result<()> {
    if store::application::Entity::find().count(context.db.read()).await? > 0 {
        return Ok(());
    }
    let catalogue = Catalogue::load(config)?;
    let mut files = Vec::new();
    context.files.wait().await;
    for plan in PLANS.iter().filter(|plan| plan.state != State::Draft) {
        for index in 0..plan.quantity {
            let id = DocumentId::from_uuid(context.sources.uuid());
            let stored = context.files.put(&id.to_string(), SPECIMEN).await?;
            files.push((plan.number, index, id, stored));
        }
    }
    let (inner, db) = (context.clone(), context.db.clone());
    db.write(move |tx| async move {
        for plan in &PLANS {
            write_case(&tx, &inner, &catalogue, plan).await?;
        }
        for (number, index, id, stored) in files {
            let accepted = PLANS.iter().any(|plan| {
                plan.number == number && !matches!(plan.state, State::New | State::InReview | State::Returned)
            });
            let state = if accepted { DocumentState::Accepted } else { DocumentState::Uploaded };
            let text = id.to_string();
            document::Entity::insert(document::ActiveModel {
                number: Set(number),
                person_id: Set(demo::item(number, u128::from(index)).to_string()),
                code: Set("passport_copy".to_owned()),
                file_name_sealed: Set(inner.sealer.seal_text(&store::file_name_place(&text), "passport.png")?),
                media_type: Set("image/png".to_owned()),
                size_bytes: Set(i64::try_from(stored.size_bytes).unwrap_or(0)),
                sha256: Set(stored.sha256),
                key_sealed: Set(inner.sealer.seal(&store::file_key_place(&text), &stored.key)?),
                state: Set(state.code().to_owned()),
                reason: Set(String::new()),
                scanned: Set(false),
                uploaded_at: Set(inner.sources.now().minus(DAY).micros()),
                id: Set(text),
            })
            .exec_without_returning(&*tx)
            .await?;
        }
        for plan in PLANS.iter().filter(|plan| plan.state == State::Returned) {
            let case = store::case::load(&*tx, &inner.sealer, &catalogue, plan.number).await?;
            store::returned::keep(&tx, &inner.sealer, &case, inner.sources.now()).await?;
        }
        counter::raise(&tx, "application", 109).await
    })
    .await?;
    Ok(())
}

/// States on the way to where a case stands: what happened, by whom, in which state it left the case.
fn history(state: State) -> Vec<(&'static str, Option<AccountId>, State)> {
    let manager = Some(demo::MANAGERS[0]);
    let path = [
        ("SUBMITTED", None, State::New),
        ("CLAIMED", manager, State::InReview),
        ("APPROVAL_RECOMMENDED", manager, State::PendingApproval),
        ("APPROVED", Some(demo::SUPERVISOR), State::AwaitingPayment),
        ("DOCUMENTS_AWAITED", None, State::AwaitingDocuments),
        ("ORIGINALS_RECEIVED", manager, State::InProgress),
        ("READY", manager, State::ReadyForPickup),
        ("COMPLETED", manager, State::Completed),
    ];
    match state {
        State::Draft => Vec::new(),
        State::Returned => vec![path[0], path[1], ("RETURNED", manager, State::Returned)],
        State::Rejected => vec![path[0], path[1], path[2], ("REJECTED", Some(demo::SUPERVISOR), State::Rejected)],
        State::New
        | State::InReview
        | State::PendingApproval
        | State::AwaitingPayment
        | State::AwaitingDocuments
        | State::DocsPartial
        | State::InProgress
        | State::ReadyForPickup
        | State::Completed
        | State::Cancelled
        | State::Expired => {
            let end = path.iter().position(|(_, _, reached)| *reached == state).map_or(0, |index| index + 1);
            path.into_iter().take(end).collect()
        }
    }
}

async fn write_case(tx: &Tx, context: &Context, catalogue: &Catalogue, plan: &Plan) -> Result<(), Error> {
    let now = context.sources.now();
    let broken = || Error::Internal(anyhow::anyhow!("demo case {}", plan.number));
    let created_at = if plan.number == demo::COMPLETED {
        Time::parse_rfc3339("2024-06-12T19:12:00+05:00").map_err(|_| broken())?
    } else {
        now.minus(DAY * u32::try_from(115 - plan.number).unwrap_or(1))
    };
    let owner = *demo::APPLICANTS.get(plan.owner).ok_or_else(broken)?;
    let steps = history(plan.state);
    let reached = |state: State| steps.iter().any(|(_, _, seen)| *seen == state);
    let service = catalogue.service(plan.service).ok_or_else(broken)?;
    let persons: Vec<Person> = (0..plan.quantity).map(|index| person(plan, index)).collect();
    let line = Line {
        id: LineId::from_uuid(context.sources.uuid()),
        service_code: service.code.clone(),
        name: short_name(service),
        path: catalogue.path(service),
        quantity: plan.quantity,
        personal_manager: false,
        price: tenge(service.price),
        personal_manager_price: service.personal_manager_price.map(tenge),
        form_code: service.form.clone(),
        form_version: catalogue.form(&service.form, 0).map_or(0, |form| form.version),
        product_code: service.product_code.clone(),
        description: service.description.clone(),
        papers_required: Vec::new(),
        persons,
    };
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
        walk_in_price: tenge(catalogue.file.walk_in.price),
        contact: contact(plan.owner),
        contact_faults: Vec::new(),
        documents: Vec::new(),
        papers_required: Vec::new(),
        acceptance: reached(State::New).then(|| Acceptance {
            version: 1,
            at: created_at.plus(Duration::from_secs(1800)),
            client: "127.0.0.1".to_owned(),
        }),
        assigned_to: reached(State::InReview).then_some(demo::MANAGERS[0]),
        reviewed_by: reached(State::PendingApproval).then_some(demo::MANAGERS[0]),
        marks: Vec::new(),
        return_reason: String::new(),
        decision_reason: String::new(),
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
    let owner_actor = user(owner, Role::Applicant);
    store::save::note(tx, &case, &owner_actor, "CREATED", "", created_at).await?;
    for (index, (action, who, state)) in steps.iter().enumerate() {
        case.state = *state;
        let at = created_at.plus(Duration::from_secs(1800 * (index as u64 + 1)));
        let actor = match who {
            Some(id) if *id == demo::SUPERVISOR => user(*id, Role::Supervisor),
            Some(id) => user(*id, Role::Manager),
            None if *action == "SUBMITTED" => owner_actor.clone(),
            None => Actor::System { service: context.service.to_owned(), cause: "demo".to_owned() },
        };
        store::save::note(tx, &case, &actor, action, "", at).await?;
    }
    store::save::insert(tx, &context.sealer, &case).await?;
    for line in &case.lines {
        for person in &line.persons {
            store::save::put_person(tx, &context.sealer, &case, line, person).await?;
        }
    }
    if case.submitted_at.is_some() {
        store::name_word::write(tx, &case).await?;
    }
    store::save::after_move(tx, &case).await
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
    let done = plan.state == State::Completed;
    Person {
        id: demo::item(plan.number, u128::from(index)),
        name: full_name(&values),
        values,
        faults: Vec::new(),
        documents: Vec::new(),
        item_state: if done { ItemState::Granted } else { ItemState::AwaitingOriginals },
        decision_note: if done { "INV-2024-000188".to_owned() } else { String::new() },
    }
}
