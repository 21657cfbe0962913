//! One case as staff sees it: answers, papers, money, history, and the moves that are allowed now.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use proto::applications::v1::{Application, Catalogue, Dispatch, DocumentItem, ItemState, Thread};
use proto::billing::v1::Billable;
use proto::identity::v1::Colleague;
use proto::notifications::v1::{ListDeliveriesRequest, Message};

use super::case_changes::{self as changes, Answered, Changed};
use super::case_moves::{Command, allowed_commands};
use super::{names, staff};
use crate::edge::Policy;
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::{Frame, local};
use crate::pages::applications::answers::Answers;
use crate::pages::applications::places::form_of;
use crate::pages::applications::{catalogue, documents, load, may, thread};
use crate::pages::offices;
use crate::pages::{Answer, Choice, html, html_refused, payment};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

/// A person item of the case.
struct Item {
    id: String,
    name: String,
    awaiting: bool,
    /// Of those whose originals are awaited: the papers, as what is ticked when they come.
    originals: Vec<Choice>,
    undecided: bool,
    dispatch: Option<Dispatch>,
    handed_out: bool,
}

/// A document to accept or reject.
struct Paper {
    id: String,
    name: String,
    whose: String,
    file_name: String,
    state: String,
    scanned: bool,
    is_picture: bool,
    is_pdf: bool,
}

#[derive(Template)]
#[template(path = "staff/case.html")]
struct CasePage {
    frame: Frame,
    form: Form,
    commands: Vec<&'static Command>,
    can_assign: bool,
    /// Managers whom the case may be given to.
    assignees: Vec<Choice>,
    can_return: bool,
    can_receive: bool,
    /// Originals of the application as a whole that are awaited.
    originals: Vec<Choice>,
    can_decide: bool,
    can_send: bool,
    can_ask: bool,
    /// Whether what came of it may be given to the applicant now.
    can_add_results: bool,
    /// Whether the personal manager's tasks may be written.
    can_write_tasks: bool,
    /// Whether it may be recorded who took the papers.
    can_hand_out: bool,
    ways: Vec<Choice>,
    identity_kinds: Vec<Choice>,
    can_review_documents: bool,
    /// Fields and documents that may be marked for correction.
    places: Vec<Choice>,
    items: Vec<Item>,
    papers: Vec<Paper>,
    answers: Answers,
    billable: Option<Billable>,
    deliveries: Vec<Message>,
    /// The applicant's mail server refuses what is sent there.
    bounced: bool,
    /// Messages with the applicant, and the staff's notes.
    thread: Option<Thread>,
    /// What changed after the last return, and how each mark was answered.
    changes: Vec<Changed>,
    answered: Vec<Answered>,
    /// Where its visits take place, if there are several offices.
    visit_places: HashMap<String, String>,
    saved: bool,
    application: Application,
}

async fn page(visit: &Visit, number: i64, mut form: Form) -> Result<CasePage, Problem> {
    form.preset("sent_on", &visit.today());
    form.preset("delivered_on", &visit.today());
    let application = load(visit, number).await?;
    if !form.failed() {
        preset_tasks(&mut form, &application);
    }
    let (catalogue, staff) = tokio::join!(catalogue(visit), staff(visit));
    let catalogue = catalogue?;
    // What billing and notifications add may be missing: no permission, no money yet, or the service is away.
    let billable = payment::billable(visit, number).await.ok();
    let request = visit.ask(ListDeliveriesRequest { application_number: number });
    let deliveries = visit.app.services.notifications().list_deliveries(request).await.ok();
    let told = changes::read(visit, number).await;
    let answers = Answers::new(&visit.texts, &application, &catalogue);
    let title = visit.texts.with("application-number", &[("number", &number.to_string())]);
    Ok(CasePage {
        frame: Frame::titled(visit, title).with_colleagues(names(&staff)),
        form,
        commands: allowed_commands(&application),
        can_assign: may(&application, "AssignApplication"),
        assignees: assignees(visit, &application, &staff),
        can_return: may(&application, "ReturnApplication"),
        can_receive: may(&application, "ReceiveOriginals"),
        originals: awaited_originals(visit, "", &application.documents),
        can_send: may(&application, "SendToStateBody"),
        can_ask: may(&application, "RequestOriginals"),
        can_decide: may(&application, "RecordDecision"),
        can_add_results: may(&application, "UploadDocument") && !may(&application, "SubmitApplication"),
        can_write_tasks: may(&application, "SaveManagerTasks"),
        can_hand_out: may(&application, "RecordHandOut"),
        ways: ways(visit, &application),
        identity_kinds: choices(visit, "identity", &["passport", "identity_card", "residence_permit", "other"]),
        can_review_documents: may(&application, "ReviewDocument"),
        places: places(visit, &application, &catalogue),
        items: items(visit, &application, &answers),
        papers: papers(visit, &application, &answers),
        answers,
        billable,
        bounced: deliveries.iter().flat_map(|list| &list.get_ref().messages).any(bounced),
        deliveries: deliveries.map(|list| list.into_inner().messages).unwrap_or_default(),
        thread: thread::read(visit, number).await,
        changes: changes::changed(visit, &application, &catalogue, &told),
        answered: changes::answered(visit, &application, &catalogue, &told),
        visit_places: offices::places(visit, &application).await,
        saved: visit.query.has("saved"),
        application,
    })
}

/// What is written of the personal manager's tasks stands in their controls.
fn preset_tasks(form: &mut Form, application: &Application) {
    for line in &application.lines {
        for task in &line.tasks {
            let at = |name: &str| format!("{name}.{}.{}", line.id, task.task);
            form.preset(&at("due_on"), &task.due_on);
            form.preset(&at("done_on"), &task.done_on);
            if !task.done_on.is_empty() {
                form.preset(&at("done"), "yes");
            }
        }
    }
}

/// Refused for good, so that whoever it is to does not get our letters.
fn bounced(message: &Message) -> bool {
    message.delivery == "failed" && matches!(message.reason.as_str(), "refused" | "address")
}

fn choices(visit: &Visit, prefix: &str, codes: &[&str]) -> Vec<Choice> {
    let label = |code: &&str| visit.texts.get(&format!("{prefix}-{}", code.replace('_', "-")));
    codes.iter().map(|code| Choice::new(*code, label(code))).collect()
}

/// How papers may come into somebody's hands: a personal manager delivers what he was taken for.
fn ways(visit: &Visit, application: &Application) -> Vec<Choice> {
    let delivers = application.lines.iter().any(|line| line.personal_manager);
    let codes: &[&str] =
        if delivers { &["in_person", "representative", "delivered"] } else { &["in_person", "representative"] };
    choices(visit, "hand-out", codes)
}

/// Managers other than the present one, by name.
fn assignees(visit: &Visit, application: &Application, staff: &[Colleague]) -> Vec<Choice> {
    let manages = |one: &&Colleague| !one.disabled && one.roles.iter().any(|role| role == "manager");
    let mut found: Vec<_> = staff
        .iter()
        .filter(manages)
        .filter(|one| one.account_id != application.assigned_to)
        .map(|one| Choice::new(one.account_id.clone(), one.name.clone()))
        .collect();
    found.sort_by(|one, other| one.label.cmp(&other.label));
    found.insert(0, Choice::new("", visit.texts.get("choose-manager")));
    found
}

/// Papers whose originals are to come, each as "person/paper".
fn awaited_originals(visit: &Visit, person: &str, papers: &[DocumentItem]) -> Vec<Choice> {
    let awaited = papers.iter().filter(|paper| paper.original_state == "awaited");
    let choice = |paper: &DocumentItem| {
        Choice::new(format!("{person}/{}", paper.code), local(paper.name.as_ref(), visit.language()))
    };
    awaited.map(choice).collect()
}

fn items(visit: &Visit, application: &Application, answers: &Answers) -> Vec<Item> {
    application
        .lines
        .iter()
        .flat_map(|line| &line.persons)
        .map(|person| {
            let state = ItemState::try_from(person.item_state).unwrap_or_default();
            Item {
                id: person.id.clone(),
                name: answers.person_name(&person.id),
                awaiting: matches!(state, ItemState::AwaitingOriginals | ItemState::Unspecified),
                originals: awaited_originals(visit, &person.id, &person.documents),
                undecided: matches!(state, ItemState::OriginalsReceived | ItemState::Sent),
                dispatch: person.dispatch.clone(),
                handed_out: application.hand_outs.iter().any(|given| given.person_item_id == person.id),
            }
        })
        .collect()
}

fn papers(visit: &Visit, application: &Application, answers: &Answers) -> Vec<Paper> {
    let of_case = application.documents.iter().map(|item| (String::new(), item));
    let of_persons = application
        .lines
        .iter()
        .flat_map(|line| &line.persons)
        .flat_map(|person| person.documents.iter().map(|item| (answers.person_name(&person.id), item)));
    of_case
        .chain(of_persons)
        .flat_map(|(whose, item)| item.files.iter().map(move |file| (whose.clone(), item, file)))
        .map(|(whose, item, file)| Paper {
            id: file.id.clone(),
            name: local(item.name.as_ref(), visit.language()),
            whose: if whose.is_empty() { visit.texts.get("whole-application") } else { whose },
            file_name: file.file_name.clone(),
            state: file.state.clone(),
            scanned: file.scanned,
            is_picture: file.media_type.starts_with("image/"),
            is_pdf: file.media_type == "application/pdf",
        })
        .collect()
}

/// What may be marked: contact fields, persons' answers, papers.
fn places(visit: &Visit, application: &Application, catalogue: &Catalogue) -> Vec<Choice> {
    let texts = &visit.texts;
    let mut places: Vec<_> = [
        ("contact.given_name", "first-name"),
        ("contact.surname", "last-name"),
        ("contact.email", "email"),
        ("contact.phone", "phone"),
    ]
    .into_iter()
    .map(|(path, key)| Choice::new(path, format!("{}: {}", texts.get("contact-details"), texts.get(key))))
    .collect();
    for item in &application.documents {
        places.push(Choice::new(format!("documents[{}]", item.code), local(item.name.as_ref(), visit.language())));
    }
    for line in &application.lines {
        for field in form_of(catalogue, line).filter(|_| line.has_sheet).iter().flat_map(|form| &form.fields) {
            let name = local(line.name.as_ref(), visit.language());
            let label = format!("{name}: {}", local(field.label.as_ref(), visit.language()));
            places.push(Choice::new(format!("lines[{}].answers.{}", line.id, field.key), label));
        }
        for person in &line.persons {
            let path = format!("lines[{}].persons[{}]", line.id, person.id);
            for field in form_of(catalogue, line).iter().flat_map(|form| &form.fields) {
                let label = format!("{}: {}", person.name, local(field.label.as_ref(), visit.language()));
                places.push(Choice::new(format!("{path}.{}", field.key), label));
            }
            for item in &person.documents {
                let label = format!("{}: {}", person.name, local(item.name.as_ref(), visit.language()));
                places.push(Choice::new(format!("{path}.documents[{}]", item.code), label));
            }
        }
    }
    places
}

pub(super) async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let form = match documents::refused(&visit) {
        Some(problem) => Form::refused(&visit, Fields::default(), problem),
        None => Form::new(&visit, Fields::default()),
    };
    Ok(with_frames(html(&page(&visit, number, form).await?)))
}

/// Papers are shown in frames on the page.
fn with_frames(mut response: Response) -> Response {
    response.extensions_mut().insert(Policy::Review);
    response
}

/// The case again after a refused move.
pub(super) async fn refused(posted: Posted, number: i64, status: tonic::Status) -> Result<Response, Problem> {
    refused_at(posted, number, Problem::from(status).refusal()?).await
}

/// The same after a refusal that is told at a control of this page.
pub(super) async fn refused_at(posted: Posted, number: i64, problem: Problem) -> Result<Response, Problem> {
    let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
    Ok(with_frames(html_refused(&page(&posted.visit, number, form).await?, &problem)))
}
