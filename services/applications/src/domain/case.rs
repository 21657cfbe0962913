//! The application as a whole: services, contact, persons, papers, and what is missing before it may be submitted.

mod loaded;

use jiff::civil::Date;
use kernel::{AccountId, ApplicationNumber, Code, LineId, Localized, Money, PersonItemId, Refusal, Time, coded};

use super::{
    codes,
    documents::{Document, DocumentState, MANDATE, Requirement},
    facts::PricedLine,
    form::{Subject, Values},
    hand_out::HandOut,
    originals::Received,
    state::State,
    visits::VisitRules,
};

pub(crate) use loaded::Loaded;

coded! {
    /// "Choose one of the following options".
    MembershipKind {
        Unknown = "",
        Member = "member",
        NotMember = "not_member",
    }
}

coded! {
    /// Where a person's item of the case stands.
    ItemState {
        AwaitingOriginals = "awaiting_originals",
        OriginalsReceived = "originals_received",
        Sent = "sent",
        Granted = "granted",
        Refused = "refused",
    }
}

coded! {
    /// Payment status as billing last told it.
    PaymentStatus {
        None = "",
        NotPaid = "not_paid",
        Pending = "pending",
        PartlyPaid = "partly_paid",
        Paid = "paid",
        PartlyRefunded = "partly_refunded",
        Refunded = "refunded",
    }
}

/// Membership of the AIFC, with what the registry said of the BIN.
#[derive(Debug, Clone)]
pub(crate) struct Membership {
    pub kind: MembershipKind,
    /// As entered when it is no BIN; checked at submission.
    pub bin: String,
    pub organisation_name: String,
    pub verified: bool,
}

impl Membership {
    /// Members' prices are for those whom the registry knows.
    pub(crate) fn has_member_prices(&self) -> bool {
        self.kind == MembershipKind::Member && self.verified
    }
}

/// Who answers for the application.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Contact {
    pub given_name: String,
    pub surname: String,
    pub email: String,
    pub phone: String,
    pub address: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub id: LineId,
    pub service_code: String,
    /// Edition of the service that prices, papers and texts are taken from.
    pub service_version: i32,
    /// The service is no longer on offer.
    pub ended: bool,
    pub name: Localized,
    pub path: Localized,
    /// "Amount" of the grid.
    pub quantity: u32,
    pub personal_manager: bool,
    pub price: Money,
    pub personal_manager_price: Option<Money>,
    /// Empty: nothing is asked.
    pub form_code: String,
    pub form_version: i32,
    /// Whom the form asks about; none without a form.
    pub subject: Option<Subject>,
    /// Answers of a form that is for the line.
    pub answers: Values,
    pub answer_faults: Vec<(String, Code)>,
    pub product_code: String,
    /// Description template.
    pub description: String,
    /// Papers that its service asks for.
    pub requirements: Vec<Requirement>,
    /// Its service's own rules of visits.
    pub visits: VisitRules,
    pub persons: Vec<Person>,
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub id: PersonItemId,
    pub name: String,
    pub values: Values,
    /// Faults of the answers, by field key.
    pub faults: Vec<(String, Code)>,
    pub documents: Vec<Document>,
    pub item_state: ItemState,
    /// How its papers went to the state body last.
    pub dispatch: Option<Dispatch>,
    pub decision_note: String,
}

/// How papers went to the state body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dispatch {
    pub outgoing_number: String,
    pub sent_on: Date,
    /// When its answer is expected, where one can tell.
    pub expected_on: Option<Date>,
}

/// A correction that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub field: String,
    pub reason: String,
}

/// The acceptance of the public offer.
#[derive(Debug, Clone)]
pub(crate) struct Acceptance {
    pub version: i32,
    pub at: Time,
    /// Address it was given from.
    pub client: String,
    /// Who of the staff gave it by the owner's mandate.
    pub by_mandate: Option<AccountId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub number: ApplicationNumber,
    pub version: i64,
    pub owner: AccountId,
    pub kind: String,
    pub state: State,
    pub payment_status: PaymentStatus,
    pub payment_version: i64,
    pub created_at: Time,
    pub submitted_at: Option<Time>,
    pub membership: Membership,
    pub lines: Vec<Line>,
    pub walk_in: bool,
    pub walk_in_price: Money,
    pub contact: Contact,
    pub contact_faults: Vec<(String, Code)>,
    /// Papers for the application as a whole.
    pub documents: Vec<Document>,
    pub acceptance: Option<Acceptance>,
    pub assigned_to: Option<AccountId>,
    pub reviewed_by: Option<AccountId>,
    pub marks: Vec<Mark>,
    pub return_reason: String,
    pub decision_reason: String,
    /// Who of the staff filed it for its owner at the desk.
    pub filed_by: Option<AccountId>,
    /// Digest of the set of papers as it was approved; empty before.
    pub papers_sha256: String,
    /// Last change of its content while it may be edited.
    pub touched_at: Time,
    /// What it held of persons was erased.
    pub erased: bool,
    /// Who took the papers, from READY_FOR_PICKUP on.
    pub hand_outs: Vec<HandOut>,
    /// Originals that the centre was given, from DOCS_PARTIAL on.
    pub received: Vec<Received>,
    pub loaded: Loaded,
}

impl Line {
    pub(crate) fn is_per_person(&self) -> bool {
        self.subject == Some(Subject::Person)
    }

    /// True when one form is filled in for the line as a whole.
    pub(crate) fn has_sheet(&self) -> bool {
        self.subject == Some(Subject::Line)
    }

    /// Papers that a person is asked for: code, and whether it must be there.
    pub(crate) fn papers_of(&self, person: &Person, member: bool) -> Vec<(String, bool)> {
        self.requirements
            .iter()
            .filter(|asked| !asked.per_application && asked.is_asked(&person.values))
            .map(|asked| (asked.document.clone(), asked.is_required(member)))
            .collect()
    }

    /// "Total Price" of the grid: the service and, where chosen, the personal manager, for each unit.
    pub(crate) fn total(&self) -> Option<Money> {
        let manager = self.personal_manager_price.filter(|_| self.personal_manager);
        let unit = match manager {
            Some(price) => self.price.checked_add(price)?,
            None => self.price,
        };
        unit.checked_mul(self.quantity)
    }
}

impl Case {
    /// Sum of all lines and the walk-in option.
    pub(crate) fn total(&self) -> Option<Money> {
        let lines = self.lines.iter().map(Line::total).collect::<Option<Vec<_>>>()?;
        let walk_in = if self.walk_in { self.walk_in_price } else { Money::home(0) };
        Money::sum(lines.into_iter().chain([walk_in]))
    }

    /// The invoice's lines: each service, and personal manager and walk-in as lines of their own.
    pub(crate) fn priced_lines(&self, manager: (&str, &str), walk_in: (&str, &str)) -> Option<Vec<PricedLine>> {
        let line = |code: &str, template: &str, quantity: u32, unit_price: Money| {
            Some(PricedLine {
                product_code: code.to_owned(),
                description: template.replace("{application}", &self.number.to_string()),
                quantity,
                unit_price,
                amount: unit_price.checked_mul(quantity)?,
            })
        };
        let mut lines = Vec::new();
        for service in &self.lines {
            lines.push(line(&service.product_code, &service.description, service.quantity, service.price)?);
            if let Some(price) = service.personal_manager_price.filter(|_| service.personal_manager) {
                lines.push(line(manager.0, manager.1, service.quantity, price)?);
            }
        }
        if self.walk_in {
            lines.push(line(walk_in.0, walk_in.1, 1, self.walk_in_price)?);
        }
        Some(lines)
    }

    pub(crate) fn is_member(&self) -> bool {
        self.membership.kind == MembershipKind::Member
    }

    /// Papers for the application as a whole: code, and whether it must be there.
    pub(crate) fn papers(&self) -> Vec<(String, bool)> {
        let mut papers: Vec<(String, bool)> = Vec::new();
        for line in &self.lines {
            for asked in line.requirements.iter().filter(|asked| asked.per_application) {
                if !asked.is_asked(&line.answers) {
                    continue;
                }
                let required = asked.is_required(self.is_member());
                match papers.iter_mut().find(|(code, _)| *code == asked.document) {
                    Some(known) => known.1 |= required,
                    None => papers.push((asked.document.clone(), required)),
                }
            }
        }
        // Whoever files at the desk may need the client's word; the client himself does not.
        if self.filed_by.is_some() {
            papers.push((MANDATE.to_owned(), false));
        }
        papers
    }

    /// Refuses once what it held of persons was erased: nothing is added to it any more.
    pub(crate) fn kept(&self) -> Result<(), Refusal> {
        if self.erased { Err(Refusal::new(codes::CASE_ERASED)) } else { Ok(()) }
    }

    pub(crate) fn persons(&self) -> impl Iterator<Item = &Person> {
        self.lines.iter().flat_map(|line| &line.persons)
    }

    pub(crate) fn person_mut(&mut self, id: PersonItemId) -> Option<&mut Person> {
        self.lines.iter_mut().flat_map(|line| &mut line.persons).find(|person| person.id == id)
    }

    /// Every document of the case that counts.
    pub(crate) fn all_documents(&self) -> impl Iterator<Item = &Document> {
        let all = self.documents.iter().chain(self.persons().flat_map(|person| &person.documents));
        all.filter(|document| document.counts())
    }

    /// Refuses unless the applicant may change the content now.
    pub(crate) fn editable(&self) -> Result<(), Refusal> {
        match self.state {
            State::Draft | State::Returned => Ok(()),
            State::New
            | State::InReview
            | State::PendingApproval
            | State::AwaitingPayment
            | State::AwaitingDocuments
            | State::DocsPartial
            | State::InProgress
            | State::ReadyForPickup
            | State::Completed
            | State::Rejected
            | State::Cancelled
            | State::Expired => Err(Refusal::new(codes::NOT_EDITABLE).with("state", self.state.code())),
        }
    }

    /// Refuses unless what came of it may be given to the applicant now.
    pub(crate) fn takes_results(&self) -> Result<(), Refusal> {
        self.kept()?;
        match self.state {
            State::InProgress | State::ReadyForPickup | State::Completed => Ok(()),
            State::Draft
            | State::Returned
            | State::New
            | State::InReview
            | State::PendingApproval
            | State::AwaitingPayment
            | State::AwaitingDocuments
            | State::DocsPartial
            | State::Rejected
            | State::Cancelled
            | State::Expired => Err(Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", self.state.code())),
        }
    }

    /// What still hinders submission, by the owner or by his mandate: path and code.
    pub(crate) fn missing(&self, by_mandate: bool) -> Vec<(String, Code)> {
        let mut missing = Vec::new();
        if by_mandate && !has_paper(&self.documents, MANDATE) {
            missing.push((format!("documents[{MANDATE}]"), codes::DOCUMENT_MISSING));
        }
        match self.membership.kind {
            MembershipKind::Unknown => missing.push(("membership.kind".to_owned(), codes::MEMBERSHIP_MISSING)),
            MembershipKind::Member if self.membership.bin.is_empty() => {
                missing.push(("membership.bin".to_owned(), codes::BIN_MISSING));
            }
            MembershipKind::Member if !self.membership.verified => {
                missing.push(("membership.bin".to_owned(), codes::MEMBERSHIP_UNVERIFIED));
            }
            MembershipKind::Member | MembershipKind::NotMember => {}
        }
        if self.lines.is_empty() {
            missing.push(("services".to_owned(), codes::SERVICES_NONE));
        }
        missing.extend(self.contact_faults.iter().map(|(field, code)| (format!("contact.{field}"), *code)));
        for (code, _) in self.papers().iter().filter(|(_, required)| *required) {
            if !has_paper(&self.documents, code) {
                missing.push((format!("documents[{code}]"), codes::DOCUMENT_MISSING));
            }
        }
        for line in &self.lines {
            if line.ended {
                missing.push((format!("lines[{}]", line.id), codes::SERVICE_ENDED));
            }
            let path = format!("lines[{}].answers", line.id);
            missing.extend(line.answer_faults.iter().map(|(field, code)| (format!("{path}.{field}"), *code)));
        }
        for line in self.lines.iter().filter(|line| line.is_per_person()) {
            let path = format!("lines[{}].persons", line.id);
            match line.persons.len().cmp(&(line.quantity as usize)) {
                std::cmp::Ordering::Less => missing.push((path.clone(), codes::PERSONS_MISSING)),
                std::cmp::Ordering::Greater => missing.push((path.clone(), codes::PERSONS_TOO_MANY)),
                std::cmp::Ordering::Equal => {}
            }
            for person in &line.persons {
                let path = format!("{path}[{}]", person.id);
                missing.extend(person.faults.iter().map(|(field, code)| (format!("{path}.{field}"), *code)));
                for (code, required) in line.papers_of(person, self.is_member()) {
                    if required && !has_paper(&person.documents, &code) {
                        missing.push((format!("{path}.documents[{code}]"), codes::DOCUMENT_MISSING));
                    }
                }
            }
        }
        missing.extend(self.unanswered());
        missing
    }
}

/// A rejected file does not count: it is to be replaced.
fn has_paper(documents: &[Document], code: &str) -> bool {
    let stands = |document: &Document| document.counts() && document.state != DocumentState::Rejected;
    documents.iter().any(|document| document.code == code && stands(document))
}
