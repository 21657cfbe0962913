//! Reads: the case as a message, lists, work lists, the catalogue.

pub(crate) mod catalogue;
pub(crate) mod changes;
mod counts;
mod duplicates;
pub(crate) mod editions;
mod ending;
mod lists;
mod papers;
pub(crate) mod report;
mod search;
pub(crate) mod thread;

use chassis::{Error, db::Source, wire};
use kernel::{Actor, Role};
use proto::{applications::v1 as pb, common::v1::TimelineEntry};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

pub(crate) use counts::count_work;
pub(crate) use lists::{own, search_statement, work};
use papers::{Checklist, wire_document};

use crate::{
    app::Ports,
    catalogue::Catalogue,
    domain::{
        case::{Case, ItemState, Line, MembershipKind, PaymentStatus, Person},
        documents::RESULT,
        permissions::{View, acts_for_owner, allowed, view},
        state::State,
    },
    store::{self, application, timeline, visit},
};

/// The state of an application, if there is one.
pub(crate) async fn state(db: &impl Source, number: i64) -> Result<Option<State>, Error> {
    let code: Option<String> = application::Entity::find_by_id(number)
        .select_only()
        .column(application::Column::State)
        .into_tuple()
        .one(db)
        .await?;
    code.map(|code| State::parse(&code).ok_or_else(|| Error::corrupt("application", "state", number))).transpose()
}

/// Not found, unless the actor may see the case.
pub(crate) async fn visible(db: &impl Source, ports: &Ports, actor: &Actor, number: i64) -> Result<(), Error> {
    let case = store::case::load(db, &ports.context.sealer, &ports.catalogue(), number).await?;
    view(&case, actor).map(|_| ()).ok_or(Error::NotFound)
}

/// A case as this actor may see it.
pub(crate) async fn application(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    number: i64,
) -> Result<pb::Application, Error> {
    let case = store::case::load(db, &ports.context.sealer, &ports.catalogue(), number).await?;
    told(db, ports, actor, &case).await
}

/// What is said of the membership, for the registry to be asked in the name of the owner or of staff who act for him.
/// Nothing for anybody else: who may do what with the case is the command's to say.
pub(crate) async fn own_membership(
    db: &impl Source,
    actor: &Actor,
    number: i64,
) -> Result<Option<pb::Membership>, Error> {
    let Some(account) = actor.account() else { return Ok(None) };
    let mut whose = Condition::any()
        .add(application::Column::Owner.eq(account.to_string()))
        .add(application::Column::FiledBy.eq(account.to_string()));
    if actor.has_role(Role::Supervisor) {
        whose = whose.add(application::Column::FiledBy.ne(""));
    }
    let found: Option<(String, String)> = application::Entity::find_by_id(number)
        .filter(whose)
        .select_only()
        .columns([application::Column::MembershipKind, application::Column::Bin])
        .into_tuple()
        .one(db)
        .await?;
    let Some((kind, bin)) = found else { return Ok(None) };
    let kind = MembershipKind::parse(&kind).ok_or_else(|| Error::corrupt("application", "membership_kind", number))?;
    Ok(Some(pb::Membership { kind: wire_membership(kind).into(), bin, ..pb::Membership::default() }))
}

/// A case that is loaded already, as this actor may see it.
pub(crate) async fn told(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    case: &Case,
) -> Result<pb::Application, Error> {
    let number = case.number.get();
    let seen = view(case, actor).ok_or(Error::NotFound)?;
    let staff = actor.account() != Some(case.owner);
    let visits = visit::Entity::find()
        .filter(visit::Column::Number.eq(number))
        .order_by_asc(visit::Column::StartAt)
        .all(db)
        .await?;
    let entries = timeline::Entity::find()
        .filter(timeline::Column::Number.eq(number))
        .order_by_asc(timeline::Column::Seq)
        .all(db)
        .await?;
    let mut message = to_wire(ports, case, actor, staff);
    if staff || case.state == State::Returned {
        message.due_at_micros = store::term::of(db, number).await?.and_then(|term| term.due_at).unwrap_or(0);
    }
    message.consents = store::consent::of(db, number).await?;
    if case.has_personal_manager() && case.submitted_at.is_some() {
        ending::managed(db, case, &mut message).await?;
    }
    let sealer = &ports.context.sealer;
    let duplicates = duplicates::Duplicates::read(db, sealer, case, staff).await?;
    for (line, shown) in case.lines.iter().zip(&mut message.lines) {
        for (person, shown) in line.persons.iter().zip(&mut shown.persons) {
            shown.duplicates = duplicates.of(sealer, person, &line.service_code);
        }
    }
    message.visits = visits
        .into_iter()
        .map(|row| pb::Visit {
            appointment_id: row.appointment_id,
            person_item_id: row.person_item_id,
            kind: row.kind,
            start_at_micros: row.start_at,
            state: row.state,
        })
        .collect();
    message.timeline = entries
        .into_iter()
        // Whose hands a case goes through, and how its papers are proved, is the centre's own matter.
        .filter(|row| staff || !["ASSIGNED", "RELEASED", "PAPERS_FROZEN"].contains(&row.action.as_str()))
        .map(|row| TimelineEntry {
            from_account: row.from_account,
            to_account: row.to_account,
            at_micros: row.at,
            action: row.action,
            actor: if staff { row.actor } else { String::new() },
            actor_kind: row.actor_kind,
            reason: row.reason,
            state: row.state,
        })
        .collect();
    if seen == View::Money {
        message.contact = None;
        message.documents.clear();
        message.hand_outs.clear();
        message.acts.clear();
        for line in &mut message.lines {
            line.persons.clear();
            line.tasks.clear();
        }
        message.personal_manager_name.clear();
        message.marks.clear();
    }
    Ok(message)
}

fn to_wire(ports: &Ports, case: &Case, actor: &Actor, staff: bool) -> pb::Application {
    let editable = case.editable().is_ok();
    let catalogue = ports.catalogue();
    let account = |id: Option<kernel::AccountId>| id.filter(|_| staff).map(|id| id.to_string()).unwrap_or_default();
    let checklist = Checklist { catalogue: &catalogue, standings: case.standings(), staff };
    pb::Application {
        number: case.number.get(),
        version: case.version,
        state: wire_state(case.state).into(),
        payment_status: wire_payment(case.payment_status).into(),
        r#type: case.kind.clone(),
        created_at_micros: case.created_at.micros(),
        submitted_at_micros: case.submitted_at.map_or(0, |at| at.micros()),
        membership: Some(pb::Membership {
            kind: wire_membership(case.membership.kind).into(),
            bin: case.membership.bin.clone(),
            organisation_name: case.membership.organisation_name.clone(),
            verified: case.membership.verified,
            member_prices: case.membership.has_member_prices(),
        }),
        lines: case.lines.iter().map(|line| wire_line(&checklist, case, line)).collect(),
        walk_in: case.walk_in,
        walk_in_price: Some(wire::money(case.walk_in_price)),
        total: case.total().map(wire::money),
        contact: Some(pb::Contact {
            given_name: case.contact.given_name.clone(),
            surname: case.contact.surname.clone(),
            email: case.contact.email.clone(),
            phone: case.contact.phone.clone(),
            address: case.contact.address.clone(),
        }),
        documents: checklist.items(None, case.papers(), &case.documents),
        offer_version: case.acceptance.as_ref().map_or(0, |given| given.version.unsigned_abs()),
        offer_accepted_at_micros: case.acceptance.as_ref().map_or(0, |given| given.at.micros()),
        marks: case
            .marks
            .iter()
            .map(|mark| pb::Mark {
                field: mark.field.clone(),
                reason: mark.reason.clone(),
                reply: case.reply(mark).to_owned(),
            })
            .collect(),
        return_reason: case.return_reason.clone(),
        timeline: Vec::new(),
        missing: if editable { missing(case.missing(staff && acts_for_owner(case, actor))) } else { Vec::new() },
        allowed: allowed(case, actor).into_iter().map(str::to_owned).collect(),
        visits: Vec::new(),
        booking_open: match case.state {
            State::AwaitingDocuments | State::DocsPartial | State::InProgress => !case.awaited().is_empty(),
            State::ReadyForPickup => !case.fetching().is_empty(),
            State::Draft
            | State::New
            | State::InReview
            | State::Returned
            | State::PendingApproval
            | State::AwaitingPayment
            | State::Completed
            | State::Rejected
            | State::Cancelled
            | State::Expired => false,
        },
        owner_account_id: account(Some(case.owner)),
        assigned_to: account(case.assigned_to),
        decision_reason: case.decision_reason.clone(),
        filed_at_desk: case.filed_by.is_some(),
        filed_by: account(case.filed_by),
        offer_by_mandate: case.acceptance.as_ref().is_some_and(|given| given.by_mandate.is_some()),
        offer_accepted_by: account(case.acceptance.as_ref().and_then(|given| given.by_mandate)),
        consents: Vec::new(),
        renewal_total: renewal_total(&catalogue, case).map(wire::money),
        due_at_micros: 0,
        papers_sha256: if staff { case.papers_sha256.clone() } else { String::new() },
        personal_manager_name: String::new(),
        hand_outs: case.hand_outs.iter().map(|one| ending::hand_out(one, staff)).collect(),
        acts: case.acts().into_iter().map(|kind| kind.code().to_owned()).collect(),
    }
}

/// What the case would cost if it were renewed now.
fn renewal_total(catalogue: &Catalogue, case: &Case) -> Option<kernel::Money> {
    case.renewable().ok()?;
    let mut today = case.clone();
    catalogue.price(&mut today);
    today.total()
}

fn missing(found: impl IntoIterator<Item = (String, kernel::Code)>) -> Vec<pb::Missing> {
    found.into_iter().map(|(field, code)| pb::Missing { field, code: code.as_str().to_owned() }).collect()
}

fn wire_line(checklist: &Checklist<'_>, case: &Case, line: &Line) -> pb::Line {
    pb::Line {
        id: line.id.to_string(),
        service_code: line.service_code.clone(),
        name: Some(wire::localized(&line.name)),
        path: Some(wire::localized(&line.path)),
        quantity: line.quantity,
        personal_manager: line.personal_manager,
        price: Some(wire::money(line.price)),
        personal_manager_price: line.personal_manager_price.map(wire::money),
        total: line.total().map(wire::money),
        per_person: line.is_per_person(),
        form_code: line.form_code.clone(),
        form_version: line.form_version.unsigned_abs(),
        persons: line.persons.iter().map(|person| wire_person(checklist, case, line, person)).collect(),
        has_sheet: line.has_sheet(),
        answers: line.answers.clone(),
        service_version: line.service_version.unsigned_abs(),
        ended: line.ended,
        tasks: Vec::new(),
    }
}

fn wire_person(checklist: &Checklist<'_>, case: &Case, line: &Line, person: &Person) -> pb::Person {
    pb::Person {
        id: person.id.to_string(),
        name: person.name.clone(),
        values: person.values.clone(),
        documents: checklist.items(Some(person.id), line.papers_of(person, case.is_member()), &person.documents),
        item_state: match person.item_state {
            ItemState::AwaitingOriginals => pb::ItemState::AwaitingOriginals,
            ItemState::OriginalsReceived => pb::ItemState::OriginalsReceived,
            ItemState::Sent => pb::ItemState::Sent,
            ItemState::Granted => pb::ItemState::Granted,
            ItemState::Refused => pb::ItemState::Refused,
        }
        .into(),
        missing: if case.editable().is_ok() { missing(person.faults.clone()) } else { Vec::new() },
        results: person
            .documents
            .iter()
            .filter(|file| file.code == RESULT && file.counts())
            .map(wire_document)
            .collect(),
        dispatch: person.dispatch.as_ref().map(|sent| pb::Dispatch {
            outgoing_number: sent.outgoing_number.clone(),
            sent_on: sent.sent_on.to_string(),
            expected_on: sent.expected_on.map(|day| day.to_string()).unwrap_or_default(),
        }),
        decision_note: person.decision_note.clone(),
        duplicates: Vec::new(),
    }
}

/// One uploaded file of an application's message.
pub(crate) fn find_document(application: &pb::Application, id: &str) -> Option<pb::Document> {
    let persons = application.lines.iter().flat_map(|line| &line.persons).flat_map(|person| &person.documents);
    let results = application.lines.iter().flat_map(|line| &line.persons).flat_map(|person| &person.results);
    let papers = application.documents.iter().chain(persons).flat_map(|item| &item.files);
    papers.chain(results).find(|file| file.id == id).cloned()
}

fn wire_membership(kind: MembershipKind) -> pb::MembershipKind {
    match kind {
        MembershipKind::Unknown => pb::MembershipKind::Unspecified,
        MembershipKind::Member => pb::MembershipKind::Member,
        MembershipKind::NotMember => pb::MembershipKind::NotMember,
    }
}

pub(crate) fn wire_state(state: State) -> pb::State {
    match state {
        State::Draft => pb::State::Draft,
        State::New => pb::State::New,
        State::InReview => pb::State::InReview,
        State::Returned => pb::State::Returned,
        State::PendingApproval => pb::State::PendingApproval,
        State::AwaitingPayment => pb::State::AwaitingPayment,
        State::AwaitingDocuments => pb::State::AwaitingDocuments,
        State::DocsPartial => pb::State::DocsPartial,
        State::InProgress => pb::State::InProgress,
        State::ReadyForPickup => pb::State::ReadyForPickup,
        State::Completed => pb::State::Completed,
        State::Rejected => pb::State::Rejected,
        State::Cancelled => pb::State::Cancelled,
        State::Expired => pb::State::Expired,
    }
}

pub(crate) fn wire_payment(status: PaymentStatus) -> pb::PaymentStatus {
    match status {
        PaymentStatus::None => pb::PaymentStatus::Unspecified,
        PaymentStatus::NotPaid => pb::PaymentStatus::NotPaid,
        PaymentStatus::Pending => pb::PaymentStatus::Pending,
        PaymentStatus::PartlyPaid => pb::PaymentStatus::PartlyPaid,
        PaymentStatus::Paid => pb::PaymentStatus::Paid,
        PaymentStatus::PartlyRefunded => pb::PaymentStatus::PartlyRefunded,
        PaymentStatus::Refunded => pb::PaymentStatus::Refunded,
    }
}

/// Staff, or a program, read a case: logged.
pub(crate) fn is_logged_reader(actor: &Actor, application: &pb::Application) -> bool {
    !actor.is_system() && (actor.has_role(Role::Finance) || !application.owner_account_id.is_empty())
}
