//! Originals in the centre's hands: which papers came, of whom, and which are still missing. A person whose originals
//! are all here moves on; the others of his case may follow on another visit.

use std::collections::{HashMap, HashSet};

use kernel::{PersonItemId, Refusal, Time};

use super::{
    case::{Case, ItemState, Person},
    codes,
    documents::{Document, DocumentState},
    facts::Fact,
    state::{Move, State},
};

/// A paper whose original is to be brought.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Original {
    /// Nobody's: of the application as a whole.
    pub item: Option<PersonItemId>,
    /// Of the paper.
    pub code: String,
}

/// An original that the centre was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub original: Original,
    /// Who took it, as the timeline names him.
    pub by: String,
    pub at: Time,
}

/// How an original stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Awaited,
    /// Without a time where it came before papers were told apart.
    Received(Option<Time>),
}

/// What was handed over in one go.
pub(crate) struct Handing<'a> {
    /// Those who handed something over.
    pub items: &'a [PersonItemId],
    /// What of theirs, or of the application's, did not come.
    pub missing: &'a [Original],
    pub by: String,
    pub at: Time,
}

impl Case {
    /// Originals that the case wants to see: papers that must be there, and others of which a file was given.
    pub(crate) fn originals(&self) -> Vec<Original> {
        let of_lines = self.lines.iter().flat_map(|line| &line.requirements);
        let brought: HashSet<&str> =
            of_lines.filter(|asked| asked.original).map(|asked| asked.document.as_str()).collect();
        let wanted = |item, asked: Vec<(String, bool)>, files: &[Document]| {
            let given = |code: &str| {
                files.iter().any(|file| file.code == code && file.counts() && file.state != DocumentState::Rejected)
            };
            asked
                .into_iter()
                .filter(|(code, required)| brought.contains(code.as_str()) && (*required || given(code)))
                .map(|(code, _)| Original { item, code })
                .collect::<Vec<_>>()
        };
        let of_persons = self.lines.iter().flat_map(|line| line.persons.iter().map(move |person| (line, person)));
        let of_persons = of_persons.flat_map(|(line, person)| {
            wanted(Some(person.id), line.papers_of(person, self.is_member()), &person.documents)
        });
        wanted(None, self.papers(), &self.documents).into_iter().chain(of_persons).collect()
    }

    /// How each original of the case stands; nothing while none is awaited yet.
    pub(crate) fn standings(&self) -> HashMap<Original, Standing> {
        match self.state {
            State::AwaitingDocuments
            | State::DocsPartial
            | State::InProgress
            | State::ReadyForPickup
            | State::Completed => {}
            State::Draft
            | State::New
            | State::InReview
            | State::Returned
            | State::PendingApproval
            | State::AwaitingPayment
            | State::Rejected
            | State::Cancelled
            | State::Expired => return HashMap::new(),
        }
        let awaited: HashSet<PersonItemId> = self.awaited().into_iter().collect();
        let by_person = |original: Original| {
            let whole = original.item.is_some_and(|item| !awaited.contains(&item));
            (original, if whole { Standing::Received(None) } else { Standing::Awaited })
        };
        let told = self.received.iter().map(|one| (one.original.clone(), Standing::Received(Some(one.at))));
        // What is told paper by paper counts before what follows from the person.
        self.originals().into_iter().map(by_person).chain(told).collect()
    }

    /// Those whose originals are still to come.
    pub(crate) fn awaited(&self) -> Vec<PersonItemId> {
        let awaited = |person: &&Person| person.item_state == ItemState::AwaitingOriginals;
        self.persons().filter(awaited).map(|person| person.id).collect()
    }

    /// Whether somebody's originals may be handed over now.
    pub(crate) fn takes_originals(&self) -> bool {
        match self.state {
            State::AwaitingDocuments | State::DocsPartial => true,
            State::InProgress => !self.awaited().is_empty() || !self.awaited_of_application().is_empty(),
            State::Draft
            | State::New
            | State::InReview
            | State::Returned
            | State::PendingApproval
            | State::AwaitingPayment
            | State::ReadyForPickup
            | State::Completed
            | State::Rejected
            | State::Cancelled
            | State::Expired => false,
        }
    }

    /// Originals of the application as a whole that are still to come.
    fn awaited_of_application(&self) -> Vec<Original> {
        let own = self.standings().into_iter().filter(|(original, _)| original.item.is_none());
        own.filter(|(_, standing)| *standing == Standing::Awaited).map(|(original, _)| original).collect()
    }

    /// Originals of these persons have come, but for those that are named. Persons whose originals are here already stay
    /// as they are; the first who has handed over all of his sets the case going.
    pub(crate) fn receive_originals(&mut self, handing: &Handing<'_>) -> Result<Vec<Fact>, Refusal> {
        if !self.takes_originals() {
            return Err(Refusal::new(codes::ORIGINALS_NOT_DUE).with("state", self.state.code()));
        }
        let wanted = self.originals();
        for (index, missing) in handing.missing.iter().enumerate() {
            let his = missing.item.is_none_or(|item| handing.items.contains(&item));
            if !his || !wanted.contains(missing) {
                return Err(Refusal::at(format!("missing[{index}]"), codes::DOCUMENT_ITEM_UNKNOWN));
            }
        }
        let before = self.awaited();
        let mut came: Vec<Original> = self.awaited_of_application();
        for id in handing.items {
            if !self.persons().any(|person| person.id == *id) {
                return Err(Refusal::at("person_item_ids", codes::ITEM_UNKNOWN));
            }
            if before.contains(id) {
                came.extend(wanted.iter().filter(|original| original.item == Some(*id)).cloned());
            }
        }
        came.retain(|original| {
            !handing.missing.contains(original) && !self.received.iter().any(|known| known.original == *original)
        });
        let any_persons = self.persons().next().is_some();
        let mut whole = !any_persons && handing.missing.is_empty();
        for id in handing.items.iter().filter(|id| before.contains(id)) {
            if handing.missing.iter().any(|missing| missing.item == Some(*id)) {
                continue;
            }
            if let Some(person) = self.person_mut(*id) {
                person.item_state = ItemState::OriginalsReceived;
                whole = true;
            }
        }
        if any_persons && came.is_empty() && !whole {
            // Who has handed over everything before is no news, and no fault.
            let known = !handing.items.is_empty() && handing.items.iter().all(|id| !before.contains(id));
            return if known { Ok(Vec::new()) } else { Err(Refusal::at("person_item_ids", codes::ITEMS_NONE)) };
        }
        self.received.extend(came.into_iter().map(|original| Received {
            original,
            by: handing.by.clone(),
            at: handing.at,
        }));
        self.go(if whole { Move::ReceiveAll } else { Move::ReceiveSome })?;
        let mut facts = vec![Fact::Progressed { step: "ORIGINALS_RECEIVED", item: None }];
        let awaited = self.awaited();
        if awaited.is_empty() && (!before.is_empty() || whole) {
            facts.push(Fact::DocumentsNoLongerAwaited);
        } else if awaited.len() < before.len() {
            facts.push(Fact::DocumentsAwaited { items: awaited, again: true });
        }
        Ok(facts)
    }
}
