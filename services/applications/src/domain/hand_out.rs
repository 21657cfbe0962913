//! Who took the papers of a case at its end, and which printed acts tell of what went from hand to hand.

use jiff::civil::Date;
use kernel::{PersonItemId, Refusal, Time, coded};

use super::{
    case::{Case, ItemState},
    codes,
    facts::Fact,
    state::State,
};

coded! {
    /// How papers came into somebody's hands.
    HandOutWay {
        InPerson = "in_person",
        Representative = "representative",
        Delivered = "delivered",
    }
}

coded! {
    /// What a representative shows for himself.
    IdentityKind {
        Passport = "passport",
        IdentityCard = "identity_card",
        ResidencePermit = "residence_permit",
        Other = "other",
    }
}

coded! {
    /// A printed act.
    ActKind {
        HandOver = "hand_over",
        HandOut = "hand_out",
    }
}

/// Whom they were given to, or where; sealed as one.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Recipient {
    pub name: String,
    pub document_kind: String,
    pub document_number: String,
    pub address: String,
}

/// Papers of one person were given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HandOut {
    /// Nothing: of the application, which has no persons.
    pub item: Option<PersonItemId>,
    pub way: HandOutWay,
    pub recipient: Recipient,
    pub delivered_on: Option<Date>,
    /// Who recorded it, as the timeline names him.
    pub by: String,
    pub at: Time,
}

impl Case {
    /// Papers of these persons were given out; again to put right what was recorded of them.
    pub(crate) fn hand_out(
        &mut self,
        items: &[PersonItemId],
        given: &HandOut,
        today: Date,
    ) -> Result<Vec<Fact>, Refusal> {
        if self.state != State::ReadyForPickup {
            return Err(Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", self.state.code()));
        }
        let has_persons = self.persons().next().is_some();
        if items.is_empty() && has_persons {
            return Err(Refusal::at("person_item_ids", codes::ITEMS_NONE));
        }
        for id in items {
            let Some(line) = self.lines.iter().find(|line| line.persons.iter().any(|person| person.id == *id)) else {
                return Err(Refusal::at("person_item_ids", codes::ITEM_UNKNOWN));
            };
            if given.way == HandOutWay::Delivered && !line.personal_manager {
                return Err(Refusal::at("way", codes::DELIVERY_NONE));
            }
        }
        if given.way == HandOutWay::Delivered && !self.lines.iter().any(|line| line.personal_manager) {
            return Err(Refusal::at("way", codes::DELIVERY_NONE));
        }
        if given.delivered_on.is_some_and(|day| day > today) {
            return Err(Refusal::at("delivered_on", codes::DATE_AHEAD));
        }
        let whose: Vec<_> = if has_persons { items.iter().copied().map(Some).collect() } else { vec![None] };
        for item in whose {
            self.hand_outs.retain(|known| known.item != item);
            self.hand_outs.push(HandOut { item, ..given.clone() });
        }
        Ok(vec![Fact::HandedOut])
    }

    pub(crate) fn handed_out(&self, item: Option<PersonItemId>) -> Option<&HandOut> {
        self.hand_outs.iter().find(|given| given.item == item)
    }

    /// Whether it is recorded for each who took the papers.
    pub(crate) fn all_handed_out(&self) -> bool {
        match self.persons().next() {
            Some(_) => self.persons().all(|person| self.handed_out(Some(person.id)).is_some()),
            None => self.handed_out(None).is_some(),
        }
    }

    /// The acts that there are by now. What was erased is told by none.
    pub(crate) fn acts(&self) -> Vec<ActKind> {
        if self.erased {
            return Vec::new();
        }
        let received = match self.state {
            State::DocsPartial | State::InProgress | State::ReadyForPickup | State::Completed => {
                !self.received.is_empty()
                    || self.persons().any(|person| person.item_state != ItemState::AwaitingOriginals)
            }
            State::Draft
            | State::New
            | State::InReview
            | State::Returned
            | State::PendingApproval
            | State::AwaitingPayment
            | State::AwaitingDocuments
            | State::Rejected
            | State::Cancelled
            | State::Expired => false,
        };
        let given = !self.hand_outs.is_empty();
        [(ActKind::HandOver, received), (ActKind::HandOut, given)]
            .into_iter()
            .filter_map(|(kind, is)| is.then_some(kind))
            .collect()
    }
}
