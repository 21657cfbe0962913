//! What applicants and staff do next with a case: mostly what its state asks for, now and then anything at all.

use std::collections::BTreeMap;

use chassis::{demo, testing::people};
use kernel::{Actor, Role};
use proto::{
    applications::v1::{
        Application, CancelApplicationRequest, CaseCommand, Catalogue, Contact, CreateApplicationRequest, Form,
        FormField, ItemState, ItemsCommand, LineChoice, Mark, Membership, MembershipKind, Original, Person,
        RecordDecisionRequest, RecordHandOutRequest, RenewApplicationRequest, ReturnApplicationRequest,
        SaveContactRequest, SavePersonRequest, SaveServicesRequest, State, SubmitApplicationRequest,
    },
    billing::v1::{
        Billable, ConfirmPaymentRequest, DecideRefundRequest, DeclinePaymentRequest, ExecuteRefundRequest,
        IssueInvoiceRequest, Payer, PaymentStatus, RefundCommand, RefundLine, RequestRefundRequest,
    },
};

use super::{chance::Chance, command::Command};

/// Answers by form.
pub type Forms = BTreeMap<String, BTreeMap<String, String>>;

const SERVICES: [&str; 4] = ["INVB1S", "INVB1M", "IINREG", "PMTA01"];

pub fn owner(index: usize) -> Actor {
    people::person(demo::APPLICANTS[index % demo::APPLICANTS.len()], &[Role::Applicant])
}

/// Two managers, each with his own cases.
pub fn manager(number: i64) -> Actor {
    people::person(demo::MANAGERS[usize::from(number % 2 == 0)], &[Role::Manager])
}

pub fn creating(chance: &mut Chance) -> Command {
    let service = chance.pick(&SERVICES).copied().unwrap_or("INVB1S");
    Command::Create(CreateApplicationRequest {
        r#type: "expat_centre".to_owned(),
        services: vec![service.to_owned()],
        ..CreateApplicationRequest::default()
    })
}

fn order(of: &Application, reason: &str) -> CaseCommand {
    CaseCommand { number: of.number, version: of.version, reason: reason.to_owned() }
}

fn persons(of: &Application) -> Vec<Person> {
    of.lines.iter().flat_map(|line| line.persons.clone()).collect()
}

/// The next step of a case by its state; nothing where only money or visits are left to do.
pub fn step(chance: &mut Chance, forms: &Forms, of: &Application, owner: &Actor) -> Option<(Actor, Command)> {
    let (supervisor, manager) = (people::supervisor(), manager(of.number));
    let draw = chance.below(100);
    let state = if draw >= 96 {
        *chance.pick(&[
            State::New,
            State::InReview,
            State::PendingApproval,
            State::InProgress,
            State::ReadyForPickup,
        ])?
    } else {
        of.state()
    };
    Some(match state {
        State::Draft | State::Returned => (owner.clone(), draft(chance, forms, of)),
        State::New => (manager, Command::Claim(order(of, ""))),
        State::InReview => match draw {
            0..=14 => {
                let marks = vec![Mark {
                    field: "contact.phone".to_owned(),
                    reason: "unreachable".to_owned(),
                    ..Mark::default()
                }];
                let (number, version, reason) = (of.number, of.version, "correct it".to_owned());
                (manager, Command::Return(ReturnApplicationRequest { number, version, reason, marks }))
            }
            15..=18 => (supervisor, Command::Reject(order(of, "not eligible"))),
            _ => (manager, Command::Recommend(order(of, ""))),
        },
        State::PendingApproval => match draw {
            0..=7 => (supervisor, Command::SendBack(order(of, "look again"))),
            8..=12 => (supervisor, Command::Reject(order(of, "not eligible"))),
            _ => (supervisor, Command::Approve(order(of, ""))),
        },
        State::AwaitingDocuments | State::DocsPartial if draw < 25 => {
            let mut handing: Vec<Person> = persons(of);
            if chance.percent(50) {
                handing.truncate(1);
            }
            (manager, Command::Receive(received(chance, of, &handing)))
        }
        State::InProgress => {
            let decided = |person: &Person| matches!(person.item_state(), ItemState::Granted | ItemState::Refused);
            match persons(of).into_iter().find(|person| !decided(person)) {
                None => (manager, Command::Ready(order(of, ""))),
                Some(person) if person.item_state() == ItemState::AwaitingOriginals => {
                    (manager, Command::Receive(received(chance, of, &[person])))
                }
                Some(person) => {
                    let (number, version, granted) = (of.number, of.version, chance.percent(80));
                    let note = "KZ 123".to_owned();
                    let decision = RecordDecisionRequest { number, version, person_item_id: person.id, granted, note };
                    (manager, Command::Decide(decision))
                }
            }
        }
        State::ReadyForPickup => {
            let given = |person: &Person| of.hand_outs.iter().any(|one| one.person_item_id == person.id);
            let person_item_ids: Vec<_> =
                persons(of).into_iter().filter(|person| !given(person)).map(|person| person.id).collect();
            if person_item_ids.is_empty() && !of.hand_outs.is_empty() {
                (manager, Command::Complete(order(of, "")))
            } else {
                let (number, version, way) = (of.number, of.version, "in_person".to_owned());
                let given =
                    RecordHandOutRequest { number, version, person_item_ids, way, ..RecordHandOutRequest::default() };
                (manager, Command::HandOut(given))
            }
        }
        State::Expired => {
            let (number, version, total_shown_minor) = (of.number, of.version, 0);
            (owner.clone(), Command::Renew(RenewApplicationRequest { number, version, total_shown_minor }))
        }
        State::Unspecified
        | State::AwaitingPayment
        | State::AwaitingDocuments
        | State::DocsPartial
        | State::Completed
        | State::Rejected
        | State::Cancelled => return None,
    })
}

/// Originals of these persons; now and then one of them did not come.
fn received(chance: &mut Chance, of: &Application, handing: &[Person]) -> ItemsCommand {
    let (number, version) = (of.number, of.version);
    let awaited = handing.iter().flat_map(|person| {
        let papers = person.documents.iter().filter(|paper| paper.original_state == "awaited");
        papers.map(|paper| Original { person_item_id: person.id.clone(), code: paper.code.clone() })
    });
    let missing = awaited.filter(|_| chance.percent(10)).collect();
    let person_item_ids = handing.iter().map(|person| person.id.clone()).collect();
    ItemsCommand { number, version, person_item_ids, missing, ..ItemsCommand::default() }
}

pub fn cancelling(chance: &mut Chance, of: &Application, owner: &Actor) -> (Actor, Command) {
    let who = if chance.percent(70) { owner.clone() } else { manager(of.number) };
    let (number, version, reason) = (of.number, of.version, "asked for".to_owned());
    (who, Command::Cancel(CancelApplicationRequest { number, version, reason }))
}

fn draft(chance: &mut Chance, forms: &Forms, of: &Application) -> Command {
    let (number, version) = (of.number, of.version);
    let (membership, walk_in) = (of.membership.clone().unwrap_or_default(), chance.percent(25));
    if membership.kind() == MembershipKind::Unspecified || chance.percent(5) {
        let lines = of.lines.iter().map(|line| LineChoice {
            service_code: line.service_code.clone(),
            quantity: u32::try_from(1 + chance.below(2)).unwrap_or(1),
            personal_manager: false,
        });
        let lines = lines.collect();
        let membership = Some(Membership { kind: MembershipKind::NotMember.into(), ..Membership::default() });
        return Command::SaveServices(SaveServicesRequest { number, version, membership, lines, walk_in });
    }
    if of.contact.as_ref().is_none_or(|contact| contact.email.is_empty()) {
        let [given_name, surname, email, phone, address] =
            ["Anna", "Schmidt", "anna@example.org", "+77011234567", "Astana"].map(str::to_owned);
        let contact = Some(Contact { given_name, surname, email, phone, address });
        return Command::SaveContact(SaveContactRequest { number, version, contact });
    }
    if let Some(line) = of.lines.iter().find(|line| line.per_person && line.persons.len() < line.quantity as usize) {
        let (line_id, person_id) = (line.id.clone(), String::new());
        let values = forms.get(&line.form_code).cloned().unwrap_or_default();
        return Command::SavePerson(SavePersonRequest { number, version, line_id, person_id, values });
    }
    if of.missing.iter().any(|fault| fault.code == "MARK_UNANSWERED") {
        let phone = format!("+7701123456{}", version % 10);
        let contact = Some(Contact { phone, ..of.contact.clone().unwrap_or_default() });
        return Command::SaveContact(SaveContactRequest { number, version, contact });
    }
    let client_address = "192.0.2.7".to_owned();
    let total_shown_minor = of.total.as_ref().map_or(0, |total| total.amount_minor);
    let (accept_offer, offer_version) = (true, 1);
    Command::Submit(SubmitApplicationRequest {
        number,
        version,
        accept_offer,
        offer_version,
        client_address,
        total_shown_minor,
        consent_version: 1,
    })
}

/// Answers that each form takes, by the kind of question.
pub fn forms(catalogue: Catalogue) -> Forms {
    let answer = |field: &FormField| match field.kind.as_str() {
        "latin_name" => "ANNA".to_owned(),
        "date" => match field.key.as_str() {
            "birth_date" => "1990-01-15",
            "passport_issued_on" => "2022-01-15",
            "passport_expires_on" => "2032-01-15",
            "entry_date" => "2026-01-15",
            _ => "2027-01-15",
        }
        .to_owned(),
        "number" => "7".to_owned(),
        "bin" => "151240022476".to_owned(),
        "country" => "DE".to_owned(),
        "passport" => "C01X00T47".to_owned(),
        "email" => "anna@example.org".to_owned(),
        "phone" => "+77011234567".to_owned(),
        "iin" => "900101390002".to_owned(),
        "choice" => field.choices.first().map(|choice| choice.value.clone()).unwrap_or_default(),
        _ => "Astana".to_owned(),
    };
    let filled = |form: &Form| form.fields.iter().map(|field| (field.key.clone(), answer(field))).collect();
    catalogue.forms.iter().map(|form| (form.code.clone(), filled(form))).collect()
}

pub fn issuing(chance: &mut Chance, number: i64) -> Command {
    let given = ["Anna", "Berta"][usize::from(chance.percent(25))];
    let way = ["online", "transfer"][usize::from(chance.percent(30))];
    let texts = [way, "individual", given, "Schmidt", "", "KZ", "KZ", "900101390002", "N12345678"].map(str::to_owned);
    let [payment, payment_type, given_name, surname, patronymic, residency, citizenship, tax_number, identity_number] =
        texts;
    let [zip_code, country, city, district] = ["010000", "KZ", "Astana", "Esil"].map(str::to_owned);
    let payer = Payer {
        payment,
        payment_type,
        given_name,
        surname,
        patronymic,
        residency,
        citizenship,
        tax_number,
        identity_number,
        zip_code,
        country,
        city,
        district,
        ..Payer::default()
    };
    Command::Issue(IssueInvoiceRequest { application_number: number, payer: Some(payer) })
}

/// The payment desk looks at a billable.
pub fn desk(chance: &mut Chance, of: &Billable) -> (Actor, Command) {
    let (application_number, version) = (of.application_number, of.version);
    if of.payment_status() == PaymentStatus::Pending && chance.percent(20) {
        let reason = "not on the account".to_owned();
        let waiting = of.receipts.iter().find(|receipt| receipt.state == "waiting" && chance.percent(50));
        let receipt_id = waiting.map(|receipt| receipt.id.clone()).unwrap_or_default();
        let decline = DeclinePaymentRequest { application_number, version, reason, receipt_id };
        (people::finance(), Command::Decline(decline))
    } else {
        let minor = |sum: &Option<proto::common::v1::Money>| sum.as_ref().map_or(0, |sum| sum.amount_minor);
        let part = chance.percent(if minor(&of.shown) < minor(&of.total) { 65 } else { 10 });
        // Who uploaded a receipt for the payer leaves the confirmation to somebody else.
        let who = if chance.percent(80) { people::finance() } else { manager(application_number) };
        (who, Command::Confirm(ConfirmPaymentRequest { application_number, version, part }))
    }
}

/// The next step of money that goes back, mostly by whom it is for.
/// `order` and `today`: of a payment order, where it comes to that.
pub fn refunding(
    chance: &mut Chance,
    of: &Billable,
    owner: &Actor,
    (order, today): (&str, &str),
) -> Option<(Actor, Command)> {
    let (application_number, version) = (of.application_number, of.version);
    let closed = ["done", "declined"];
    let Some(open) = of.refunds.iter().find(|refund| !closed.contains(&refund.state.as_str())) else {
        let nothing_left = of.refundable.as_ref().is_none_or(|left| left.amount_minor == 0);
        return if nothing_left && chance.percent(95) { None } else { Some((owner.clone(), asking(chance, of))) };
    };
    let refund_id = open.id.clone();
    let command = RefundCommand { application_number, version, refund_id: refund_id.clone() };
    let paid_out = || {
        let (order_number, order_date) = (order.to_owned(), today.to_owned());
        Command::ExecuteRefund(ExecuteRefundRequest {
            application_number,
            version,
            refund_id: refund_id.clone(),
            order_number,
            order_date,
        })
    };
    Some(match (open.state.as_str(), chance.below(100)) {
        ("requested", 0..=19) => (owner.clone(), asking(chance, of)),
        ("requested", _) => (people::finance(), Command::ReviewRefund(command)),
        ("under_review", draw @ 0..=19) => {
            let reason = "it was provided".to_owned();
            let declined = DecideRefundRequest { application_number, version, refund_id, approve: false, reason };
            (if draw < 5 { people::finance() } else { people::supervisor() }, Command::DecideRefund(declined))
        }
        ("under_review", _) => {
            let reason = String::new();
            let granted = DecideRefundRequest { application_number, version, refund_id, approve: true, reason };
            (people::supervisor(), Command::DecideRefund(granted))
        }
        (_, draw) if draw < if open.by_card { 15 } else { 85 } => (people::finance(), paid_out()),
        _ => (people::finance(), Command::SendRefund(command)),
    })
}

fn asking(chance: &mut Chance, of: &Billable) -> Command {
    let kind = *chance.pick(&["full", "full", "lines", "surplus"]).unwrap_or(&"full");
    let texts = ["not provided", "Anna Schmidt", "Altyn Bank", "KZ149491100000810569", "ATYNKZKA"].map(str::to_owned);
    let [reason, holder, bank, iban, bic] = texts;
    Command::AskRefund(RequestRefundRequest {
        application_number: of.application_number,
        kind: kind.to_owned(),
        lines: if kind == "lines" { vec![RefundLine { number: 1, quantity: 1 }] } else { Vec::new() },
        reason,
        holder,
        bank,
        iban,
        bic,
        letter_number: String::new(),
    })
}
