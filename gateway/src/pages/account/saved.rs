//! Persons and payers that the own account keeps for later applications, as forms use them: to choose one from, and to keep
//! what was entered.

use std::collections::BTreeMap;

use proto::identity::v1::{
    ListSavedPayersRequest, ListSavedPersonsRequest, SavedAnswers, StoreSavedPayerRequest, StoreSavedPersonRequest,
};

use crate::fields::Fields;
use crate::pages::Choice;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Person,
    Payer,
}

impl Kind {
    /// Address of their list.
    pub(super) fn place(self) -> &'static str {
        match self {
            Self::Person => "/account/persons",
            Self::Payer => "/account/payers",
        }
    }

    /// What tells one from another: who has this in common is one and the same.
    fn mark(self, posted: &Posted) -> &'static str {
        match self {
            Self::Person => "passport_number",
            Self::Payer if posted.fields.get("payment_type") == "legal" => "bin",
            Self::Payer => "identity_number",
        }
    }

    /// Fields of the name, as it is shown.
    fn name(self, one: &SavedAnswers) -> &'static [&'static str] {
        match self {
            Self::Person => &["surname", "given_names"],
            Self::Payer if is_legal(one) => &["company_name"],
            Self::Payer => &["given_name", "surname"],
        }
    }

    /// What stands beside the name.
    fn detail(self) -> &'static str {
        match self {
            Self::Person => "birth_date",
            Self::Payer => "city",
        }
    }
}

fn is_legal(one: &SavedAnswers) -> bool {
    one.values.get("payment_type").is_some_and(|kind| kind == "legal")
}

/// The own ones of a kind.
pub(crate) struct Saved {
    kind: Kind,
    pub list: Vec<SavedAnswers>,
    /// Keys that can be kept.
    pub fields: Vec<String>,
    pub count_max: u32,
}

impl Saved {
    pub(crate) async fn read(visit: &Visit, kind: Kind) -> Result<Self, Problem> {
        let mut identity = visit.app.services.identity();
        Ok(match kind {
            Kind::Person => {
                let request = visit.ask(ListSavedPersonsRequest {});
                let answer = identity.list_saved_persons(request).await?.into_inner();
                Self { kind, list: answer.persons, fields: answer.fields, count_max: answer.count_max }
            }
            Kind::Payer => {
                let request = visit.ask(ListSavedPayersRequest {});
                let answer = identity.list_saved_payers(request).await?.into_inner();
                Self { kind, list: answer.payers, fields: answer.fields, count_max: answer.count_max }
            }
        })
    }

    /// The same for a form that goes on without: staff keep none, and nobody fails to apply because they can't be read.
    pub(crate) async fn of(visit: &Visit, kind: Kind) -> Self {
        let none = Self { kind, list: Vec::new(), fields: Vec::new(), count_max: 0 };
        if visit.is_staff() {
            return none;
        }
        Self::read(visit, kind).await.unwrap_or_else(|problem| {
            tracing::warn!(code = problem.code, "what the account keeps can't be read");
            none
        })
    }

    /// Whether the form may offer to keep what is entered.
    pub(crate) fn is_offered(&self) -> bool {
        !self.fields.is_empty()
    }

    pub(crate) fn choices(&self) -> Vec<Choice> {
        self.list.iter().map(|one| Choice::new(one.id.as_str(), self.label(one))).collect()
    }

    /// Name, and what tells namesakes apart.
    pub(crate) fn label(&self, one: &SavedAnswers) -> String {
        let detail = one.values.get(self.kind.detail()).map(String::as_str).unwrap_or_default();
        let name = self.name(one);
        if detail.is_empty() { name } else { format!("{name}, {detail}") }
    }

    pub(crate) fn name(&self, one: &SavedAnswers) -> String {
        let value = |key: &&str| one.values.get(*key).map(String::as_str).unwrap_or_default();
        self.kind.name(one).iter().map(value).collect::<Vec<_>>().join(" ").trim().to_owned()
    }

    pub(super) fn find(&self, id: &str) -> Option<&SavedAnswers> {
        self.list.iter().find(|one| one.id == id)
    }

    /// Fills a form in with the one that was chosen in its address.
    pub(crate) fn fill(&self, visit: &Visit, fields: &mut Fields) {
        let chosen = visit.query.get("from");
        for (key, value) in self.find(chosen).iter().flat_map(|one| &one.values) {
            fields.set(key, value.as_str());
        }
        fields.set("from", chosen);
    }

    /// The entered answers that can be kept.
    pub(super) fn entered(&self, posted: &Posted) -> BTreeMap<String, String> {
        let answers = self.fields.iter().map(|key| (key.clone(), posted.fields.text(key)));
        answers.filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Stores answers: anew where `id` is empty.
    pub(super) async fn store(&self, posted: &Posted, id: &str, version: i64) -> Result<(), Problem> {
        let (id, values) = (id.to_owned(), self.entered(posted));
        let mut identity = posted.visit.app.services.identity();
        match self.kind {
            Kind::Person => {
                let message = StoreSavedPersonRequest { saved_person_id: id, version, values };
                identity.store_saved_person(posted.command(message)).await?;
            }
            Kind::Payer => {
                let message = StoreSavedPayerRequest { saved_payer_id: id, version, values };
                identity.store_saved_payer(posted.command(message)).await?;
            }
        }
        Ok(())
    }
}

/// The tick "save for other applications" of a form that is about something else.
pub(crate) struct Keeping {
    saved: Saved,
    /// Id and version of the one that is kept already and gets these answers.
    same: (String, i64),
}

impl Keeping {
    /// What the tick asks for; that there is no room left is told at it, before the form does anything.
    pub(crate) async fn asked(posted: &Posted, kind: Kind) -> Result<Option<Self>, Problem> {
        if posted.fields.get("keep") != "yes" || posted.visit.is_staff() {
            return Ok(None);
        }
        let read = Saved::read(&posted.visit, kind).await;
        let saved = read.map_err(|problem| Problem::at("keep", &problem.code))?;
        let by = kind.mark(posted);
        let mark = posted.fields.text(by);
        let same = saved.list.iter().find(|one| !mark.is_empty() && one.values.get(by) == Some(&mark));
        let same = same.map(|one| (one.id.clone(), one.version));
        if same.is_none() && saved.list.len() >= usize::try_from(saved.count_max).unwrap_or(usize::MAX) {
            let mut problem = Problem::at("keep", "SAVED_TOO_MANY");
            for violation in &mut problem.violations {
                violation.params.insert("max".to_owned(), saved.count_max.to_string());
            }
            return Err(problem);
        }
        Ok(Some(Self { saved, same: same.unwrap_or_default() }))
    }

    /// Keeps the answers once the form has done its own work; that work stands, whatever becomes of this.
    pub(crate) async fn keep(self, posted: &Posted) {
        let (id, version) = &self.same;
        if let Err(problem) = self.saved.store(posted, id, *version).await {
            tracing::warn!(code = problem.code, "answers were not kept for other applications");
        }
    }
}
