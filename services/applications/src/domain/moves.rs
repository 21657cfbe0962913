//! The commands that move a case: each decides by state and actor, changes the case and tells the facts.

use jiff::civil::Date;
use kernel::{AccountId, PersonItemId, Refusal, Time, Violation};

use super::{
    case::{Acceptance, Case, Dispatch, ItemState, Mark, PaymentStatus},
    codes,
    documents::DocumentState,
    facts::{Fact, PricedLine},
    state::{self, Move, State},
};

type Decided = Result<Vec<Fact>, Refusal>;

/// How an application is submitted.
pub(crate) struct Submitting {
    /// By staff, on the owner's signed mandate.
    pub mandate: bool,
    /// The consent text that was ticked; 0: none.
    pub consent: u32,
    pub consent_in_force: u32,
}

/// How often a case came back to its applicant, how often it may, and whether the one who asks may go beyond.
pub(crate) struct ReturnsAllowed {
    pub returned: u64,
    pub max: u64,
    pub supervisor: bool,
}

impl Case {
    pub(super) fn go(&mut self, by: Move) -> Result<(), Refusal> {
        self.state = state::next(self.state, by)?;
        Ok(())
    }

    /// DRAFT or RETURNED → NEW. Everything that is missing is told at once.
    pub(crate) fn submit(
        &mut self,
        by: &Submitting,
        acceptance: Option<Acceptance>,
        offer_in_force: i32,
        now: Time,
    ) -> Decided {
        state::next(self.state, Move::Submit)?;
        let mut faults: Vec<Violation> =
            self.missing(by.mandate).into_iter().map(|(field, code)| Violation::new(field, code)).collect();
        if by.consent != by.consent_in_force {
            let code = if by.consent == 0 { codes::CONSENT_MISSING } else { codes::CONSENT_CHANGED };
            faults.push(Violation::new("consent", code));
        }
        match &acceptance {
            None => faults.push(Violation::new("accept_offer", codes::OFFER_NOT_ACCEPTED)),
            Some(given) if given.version != offer_in_force => {
                faults.push(Violation::new("accept_offer", codes::OFFER_CHANGED));
            }
            Some(_) => {}
        }
        if !faults.is_empty() {
            return Err(Refusal::invalid(faults));
        }
        let again = self.state == State::Returned;
        self.go(Move::Submit)?;
        self.acceptance = acceptance;
        self.submitted_at = Some(now);
        self.marks.clear();
        self.return_reason.clear();
        Ok(match self.assigned_to.filter(|_| again) {
            Some(manager) => vec![Fact::Resubmitted { manager }],
            None => vec![Fact::Submitted],
        })
    }

    /// A manager takes it on: a new case moves to review, one that was given back stays where it stands. Claiming one's
    /// own case again changes nothing.
    pub(crate) fn claim(&mut self, manager: AccountId) -> Decided {
        if self.state == State::InReview && self.assigned_to == Some(manager) {
            return Ok(Vec::new());
        }
        if self.assigned_to.is_some_and(|other| other != manager) {
            return Err(Refusal::new(codes::NOT_CLAIMED_BY_YOU));
        }
        if self.state == State::New || self.assigned_to.is_some() || !self.state.is_open() {
            self.go(Move::Claim)?;
        }
        self.assigned_to = Some(manager);
        Ok(vec![Fact::Claimed { manager }])
    }

    /// Only the one who claimed it, or a supervisor, goes on with it.
    pub(crate) fn handled_by(&self, who: AccountId, supervisor: bool) -> Result<(), Refusal> {
        if supervisor || self.assigned_to == Some(who) { Ok(()) } else { Err(Refusal::new(codes::NOT_CLAIMED_BY_YOU)) }
    }

    /// Back to the applicant, with what to correct. After so many returns a manager sends it back no more: whether
    /// there is another try is the supervisor's word.
    pub(crate) fn return_for_correction(
        &mut self,
        marks: Vec<Mark>,
        reason: String,
        allowed: &ReturnsAllowed,
    ) -> Decided {
        state::next(self.state, Move::Return)?;
        if allowed.returned >= allowed.max && !allowed.supervisor {
            return Err(Refusal::new(codes::RETURNS_EXHAUSTED).with("max", allowed.max.to_string()));
        }
        if marks.is_empty() {
            return Err(Refusal::at("marks", codes::MARKS_NONE));
        }
        if marks.iter().any(|mark| mark.reason.trim().is_empty()) {
            return Err(Refusal::at("marks", codes::REASON_MISSING));
        }
        self.go(Move::Return)?;
        let count = marks.len();
        self.marks = marks;
        self.return_reason = reason;
        Ok(vec![Fact::Returned { marks: count }])
    }

    /// One uploaded file is accepted or rejected.
    pub(crate) fn review_document(&mut self, id: kernel::DocumentId, accept: bool, reason: &str) -> Decided {
        if self.state != State::InReview {
            return Err(Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", self.state.code()));
        }
        if !accept && reason.trim().is_empty() {
            return Err(Refusal::at("reason", codes::REASON_MISSING));
        }
        let document = self
            .documents
            .iter_mut()
            .chain(self.lines.iter_mut().flat_map(|line| &mut line.persons).flat_map(|person| &mut person.documents))
            .find(|document| document.id == id)
            .ok_or_else(|| Refusal::new(codes::DOCUMENT_UNKNOWN))?;
        document.state = if accept { DocumentState::Accepted } else { DocumentState::Rejected };
        document.reason = if accept { String::new() } else { reason.to_owned() };
        Ok(Vec::new())
    }

    /// To the supervisor. Every file must have been accepted.
    pub(crate) fn recommend(&mut self, reviewer: AccountId) -> Decided {
        state::next(self.state, Move::Recommend)?;
        if self.all_documents().any(|document| document.state != DocumentState::Accepted) {
            return Err(Refusal::new(codes::DOCUMENTS_NOT_ACCEPTED));
        }
        self.go(Move::Recommend)?;
        self.reviewed_by = Some(reviewer);
        Ok(vec![Fact::ApprovalRecommended])
    }

    pub(crate) fn send_back(&mut self, reason: String) -> Decided {
        required(&reason)?;
        self.go(Move::SendBack)?;
        self.decision_reason = reason;
        Ok(vec![Fact::SentBackToReview { manager: self.assigned_to }])
    }

    /// The supervisor approves; with nothing to pay the originals are awaited at once.
    pub(crate) fn approve(&mut self, supervisor: AccountId, lines: Vec<PricedLine>) -> Decided {
        state::next(self.state, Move::Approve)?;
        self.four_eyes(supervisor)?;
        let total = self.total().ok_or_else(|| Refusal::new(codes::QUANTITY_OUT_OF_RANGE))?;
        self.decision_reason.clear();
        if total.is_zero() {
            self.go(Move::ApproveFree)?;
            return Ok(vec![Fact::Approved { lines: Vec::new(), total }, self.documents_awaited()]);
        }
        self.go(Move::Approve)?;
        self.payment_status = PaymentStatus::NotPaid;
        Ok(vec![Fact::Approved { lines, total }])
    }

    pub(crate) fn reject(&mut self, supervisor: AccountId, reason: String) -> Decided {
        required(&reason)?;
        state::next(self.state, Move::Reject)?;
        self.four_eyes(supervisor)?;
        self.go(Move::Reject)?;
        self.decision_reason = reason;
        Ok(vec![Fact::Rejected])
    }

    fn four_eyes(&self, supervisor: AccountId) -> Result<(), Refusal> {
        if self.is_second_pair_of_eyes(supervisor) { Ok(()) } else { Err(Refusal::new(codes::FOUR_EYES)) }
    }

    /// Whether he is neither the applicant, nor filed it for him, nor has the case in hand, nor ever recommended it: a case that was given to
    /// another since does not forget who spoke for it.
    pub(crate) fn is_second_pair_of_eyes(&self, who: AccountId) -> bool {
        ![self.reviewed_by, self.assigned_to, self.filed_by, Some(self.owner)].contains(&Some(who))
            && !self.loaded.recommended_by.contains(&who)
    }

    /// The applicant gives up, or staff end it with a reason. Money that has come is never dropped this way.
    pub(crate) fn cancel(&mut self, by_staff: bool, reason: String) -> Decided {
        if self.state == State::Cancelled {
            return Ok(Vec::new());
        }
        state::next(self.state, Move::Cancel)?;
        if by_staff {
            required(&reason)?;
        }
        match self.payment_status {
            PaymentStatus::Pending => return Err(Refusal::new(codes::PAYMENT_UNDER_WAY)),
            // The case has still to hear of its own payment, or there is nothing to give up any more.
            PaymentStatus::Paid if self.state == State::AwaitingPayment => {
                return Err(Refusal::new(codes::MONEY_RECEIVED));
            }
            // Billing gives back what has come.
            PaymentStatus::None
            | PaymentStatus::NotPaid
            | PaymentStatus::PartlyPaid
            | PaymentStatus::Paid
            | PaymentStatus::PartlyRefunded
            | PaymentStatus::Refunded => {}
        }
        let awaited = self.state == State::AwaitingDocuments;
        self.go(Move::Cancel)?;
        self.decision_reason = reason;
        let mut facts = vec![Fact::Cancelled { by_staff }];
        if awaited {
            facts.push(Fact::DocumentsNoLongerAwaited);
        }
        Ok(facts)
    }

    /// Its applicant let a term pass.
    pub(crate) fn expire(&mut self, reason: &'static str) -> Decided {
        self.go(Move::Expire)?;
        Ok(vec![Fact::Expired { reason }])
    }

    /// Refuses unless it ended for want of a payment, and everything it asks for is still on offer.
    pub(crate) fn renewable(&self) -> Result<(), Refusal> {
        self.kept()?;
        state::next(self.state, Move::Renew)?;
        if self.payment_status != PaymentStatus::NotPaid {
            return Err(Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", self.state.code()));
        }
        Ok(())
    }

    /// Goes on at these prices; `again`: only after another approval.
    pub(crate) fn renew(&mut self, lines: Vec<PricedLine>, again: bool) -> Decided {
        self.renewable()?;
        if let Some(ended) = self.lines.iter().find(|line| line.ended) {
            return Err(Refusal::at(format!("lines[{}]", ended.id), codes::SERVICE_ENDED));
        }
        let total = self.total().ok_or_else(|| Refusal::new(codes::QUANTITY_OUT_OF_RANGE))?;
        // What costs nothing today has no invoice: the approval knows how it goes on then.
        if again || total.is_zero() {
            self.go(Move::RenewForApproval)?;
            return Ok(vec![Fact::ApprovalRecommended]);
        }
        self.go(Move::Renew)?;
        Ok(vec![Fact::Renewed { lines, total }])
    }

    /// Billing told the payment status; older news is passed over. "Paid" moves the case.
    pub(crate) fn payment_changed(&mut self, status: PaymentStatus, version: i64) -> Option<Vec<Fact>> {
        if version <= self.payment_version {
            return None;
        }
        self.payment_version = version;
        self.payment_status = status;
        if status == PaymentStatus::Paid && self.go(Move::ConfirmPayment).is_ok() {
            return Some(vec![self.documents_awaited()]);
        }
        Some(Vec::new())
    }

    fn documents_awaited(&self) -> Fact {
        Fact::DocumentsAwaited { items: self.persons().map(|person| person.id).collect(), again: false }
    }

    /// The papers of these persons went to the state body; again, if they had to be sent once more.
    pub(crate) fn send_to_state_body(&mut self, items: &[PersonItemId], dispatch: &Dispatch, today: Date) -> Decided {
        if self.state != State::InProgress {
            return Err(Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", self.state.code()));
        }
        if items.is_empty() {
            return Err(Refusal::at("person_item_ids", codes::ITEMS_NONE));
        }
        if dispatch.sent_on > today {
            return Err(Refusal::at("sent_on", codes::DATE_AHEAD));
        }
        if dispatch.expected_on.is_some_and(|expected| expected < dispatch.sent_on) {
            return Err(Refusal::at("expected_on", codes::DATE_ORDER));
        }
        let mut facts = Vec::new();
        for id in items {
            let person = self.person_mut(*id).ok_or_else(|| Refusal::at("person_item_ids", codes::ITEM_UNKNOWN))?;
            if !matches!(person.item_state, ItemState::OriginalsReceived | ItemState::Sent) {
                return Err(Refusal::at("person_item_ids", codes::ITEM_DECIDED));
            }
            person.item_state = ItemState::Sent;
            person.dispatch = Some(dispatch.clone());
            facts.push(Fact::Progressed { step: "SENT", item: Some(*id) });
        }
        Ok(facts)
    }

    /// The state body wants more of these persons: their originals are awaited again.
    pub(crate) fn request_originals(&mut self, items: &[PersonItemId], reason: &str) -> Decided {
        state::next(self.state, Move::AskForMore)?;
        required(reason)?;
        if items.is_empty() {
            return Err(Refusal::at("person_item_ids", codes::ITEMS_NONE));
        }
        for id in items {
            let person = self.person_mut(*id).ok_or_else(|| Refusal::at("person_item_ids", codes::ITEM_UNKNOWN))?;
            if !matches!(person.item_state, ItemState::OriginalsReceived | ItemState::Sent) {
                return Err(Refusal::at("person_item_ids", codes::ITEM_DECIDED));
            }
            person.item_state = ItemState::AwaitingOriginals;
        }
        self.go(Move::AskForMore)?;
        let asked = Fact::Progressed { step: "MORE_ORIGINALS", item: None };
        Ok(vec![asked, Fact::DocumentsAwaited { items: self.awaited(), again: true }])
    }

    /// The state body's answer for one person whose originals are here.
    pub(crate) fn record_decision(&mut self, item: PersonItemId, granted: bool, note: String) -> Decided {
        if self.state != State::InProgress {
            return Err(Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", self.state.code()));
        }
        let person = self.person_mut(item).ok_or_else(|| Refusal::at("person_item_id", codes::ITEM_UNKNOWN))?;
        if person.item_state == ItemState::AwaitingOriginals {
            return Err(Refusal::at("person_item_id", codes::ITEM_DECIDED));
        }
        let decided = if granted { ItemState::Granted } else { ItemState::Refused };
        if person.item_state == decided && person.decision_note == note {
            return Ok(Vec::new());
        }
        person.item_state = decided;
        person.decision_note = note;
        Ok(vec![Fact::Progressed { step: "DECIDED", item: Some(item) }])
    }

    pub(crate) fn mark_ready(&mut self) -> Decided {
        state::next(self.state, Move::MarkReady)?;
        let decided =
            |person: &super::case::Person| matches!(person.item_state, ItemState::Granted | ItemState::Refused);
        if !self.persons().all(decided) {
            return Err(Refusal::new(codes::ITEMS_UNDECIDED));
        }
        self.go(Move::MarkReady)?;
        let mut facts = vec![Fact::Progressed { step: "READY", item: None }];
        let items = self.fetching();
        if !items.is_empty() {
            facts.push(Fact::PickUpAwaited { items });
        }
        Ok(facts)
    }

    /// Its end, once it is recorded who took the papers of each.
    pub(crate) fn complete(&mut self) -> Decided {
        state::next(self.state, Move::Complete)?;
        if !self.all_handed_out() {
            return Err(Refusal::at("person_item_ids", codes::HAND_OUT_MISSING));
        }
        self.go(Move::Complete)?;
        let mut facts = vec![Fact::Progressed { step: "COMPLETED", item: None }];
        if !self.fetching().is_empty() {
            facts.push(Fact::PickUpNoLongerAwaited);
        }
        Ok(facts)
    }
}

fn required(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Refusal::at("reason", codes::REASON_MISSING)) } else { Ok(()) }
}
