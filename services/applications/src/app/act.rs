//! The printed acts of a case: originals that came to the centre, and papers that were given out. Page and PDF say the same.
//! What staff read is logged.

use std::collections::HashMap;

use chassis::{Error, audit};
use kernel::{Actor, Locale, PersonItemId, Time, Zone, format_date};
use proto::applications::v1::{Act, ActRow, ActSection, GetActRequest};
use typesetting::{ActContent, Section};

use super::{Ports, act_labels::Label, download_document::Download, offer_pdf};
use crate::{
    catalogue::Catalogue,
    domain::{
        case::{Case, ItemState, Line, Person},
        documents::RESULT,
        hand_out::{ActKind, HandOut, HandOutWay, IdentityKind},
        originals::{Original, Standing},
        permissions::{View, view},
    },
    store,
};

/// As its reader sees it.
pub(crate) async fn told(ports: &Ports, actor: Actor, command: &GetActRequest) -> Result<Act, Error> {
    let context = &ports.context;
    let catalogue = ports.catalogue();
    let case = store::case::load(context.db.read(), &context.sealer, &catalogue, command.number).await?;
    if view(&case, &actor) != Some(View::Whole) {
        return Err(Error::NotFound);
    }
    let kind = ActKind::parse(&command.kind).filter(|kind| case.acts().contains(kind)).ok_or(Error::NotFound)?;
    let locale = Locale::parse(&command.locale).unwrap_or_default();
    let at = match kind {
        ActKind::HandOver => store::timeline::last(context.db.read(), command.number, "ORIGINALS_RECEIVED").await?,
        ActKind::HandOut => case.hand_outs.iter().map(|given| given.at).max(),
    };
    let writer = Writer {
        catalogue: &catalogue,
        case: &case,
        locale,
        day: day(ports, at),
        zone: &context.zone,
        originals: case.originals(),
        standings: case.standings(),
    };
    let act = match kind {
        ActKind::HandOver => writer.hand_over(),
        ActKind::HandOut => writer.hand_out(),
    };
    if actor.account() != Some(case.owner) {
        let sources = context.sources.clone();
        let (subject, detail) = (format!("act_{}", kind.code()), format!("{} act_{}", command.number, kind.code()));
        context
            .db
            .write(
                move |tx| async move { audit::record(&tx, &sources, &actor, "DOCUMENT_READ", subject, &detail).await },
            )
            .await?;
    }
    Ok(act)
}

fn day(ports: &Ports, at: Option<Time>) -> String {
    at.map(|at| format_date(ports.context.zone.date(at))).unwrap_or_default()
}

/// As PDF.
pub(crate) async fn printed(ports: &Ports, actor: Actor, command: &GetActRequest) -> Result<Download, Error> {
    let act = told(ports, actor, command).await?;
    let file_name = format!("act-{}-{}-{}.pdf", act.kind.replace('_', "-"), command.number, act.locale);
    let content = ActContent {
        title: act.title.clone(),
        language: act.locale,
        notes: act.notes,
        sections: act
            .sections
            .into_iter()
            .map(|section| Section {
                heading: section.heading,
                rows: section.rows.into_iter().map(|row| (row.label, row.value)).collect(),
            })
            .collect(),
        signatures: act.signatures,
        footer: vec![format!("{} · {}", act.title, command.number)],
    };
    let typesetter = offer_pdf::typesetter(ports).await?;
    let pdf = tokio::task::spawn_blocking(move || typesetter.act(&content))
        .await
        .map_err(|error| Error::Internal(error.into()))?
        .map_err(|error| Error::Internal(error.into()))?;
    Ok(Download { file_name, media_type: "application/pdf".to_owned(), content: pdf.into() })
}

/// What an act is written from.
struct Writer<'a> {
    catalogue: &'a Catalogue,
    case: &'a Case,
    locale: Locale,
    day: String,
    zone: &'a Zone,
    originals: Vec<Original>,
    /// How they stand.
    standings: HashMap<Original, Standing>,
}

impl Writer<'_> {
    fn row(&self, label: Label, value: impl Into<String>) -> ActRow {
        ActRow { label: label.text(self.locale).to_owned(), value: value.into() }
    }

    fn act(&self, kind: ActKind, title: Label, notes: &[Label], signed: [Label; 2], persons: Vec<ActSection>) -> Act {
        let contact = &self.case.contact;
        let name = format!("{} {}", contact.surname, contact.given_name);
        let head = ActSection {
            heading: Label::Application.text(self.locale).to_owned(),
            rows: vec![
                self.row(Label::ApplicationId, self.case.number.to_string()),
                self.row(Label::Date, self.day.clone()),
                self.row(Label::Applicant, name.trim()),
            ],
        };
        Act {
            kind: kind.code().to_owned(),
            locale: self.locale.code().to_owned(),
            title: title.text(self.locale).to_owned(),
            notes: notes.iter().map(|note| note.text(self.locale).to_owned()).collect(),
            sections: std::iter::once(head).chain(persons).collect(),
            signatures: signed.iter().map(|who| who.text(self.locale).to_owned()).collect(),
        }
    }

    fn hand_over(&self) -> Act {
        let own = self.originals_of(None);
        let mut persons = self.each(|line, person| {
            let mut rows = vec![self.service(line)];
            rows.extend(self.originals_of(Some(person.id)));
            if person.item_state == ItemState::AwaitingOriginals && !self.awaits(Some(person.id)) {
                // The state body asked for what no paper of the service says.
                rows.push(self.row(Label::Missing, Label::AskedFor.text(self.locale)));
            }
            rows
        });
        if !own.is_empty() {
            persons.push(ActSection { heading: Label::WholeApplication.text(self.locale).to_owned(), rows: own });
        }
        let missing = self.case.takes_originals();
        let notes: &[Label] = if missing { &[Label::HandOverNote, Label::MissingNote] } else { &[Label::HandOverNote] };
        self.act(ActKind::HandOver, Label::HandOver, notes, [Label::SignedGiver, Label::SignedCentre], persons)
    }

    fn hand_out(&self) -> Act {
        let mut persons = self.each(|line, person| {
            let mut rows = vec![self.service(line)];
            let result = match person.item_state {
                ItemState::Granted => Some(Label::Granted),
                ItemState::Refused => Some(Label::Refused),
                ItemState::AwaitingOriginals | ItemState::OriginalsReceived | ItemState::Sent => None,
            };
            rows.extend(result.map(|result| self.row(Label::Result, result.text(self.locale))));
            if !person.decision_note.is_empty() {
                rows.push(self.row(Label::Note, person.decision_note.clone()));
            }
            let given = person.documents.iter().filter(|file| file.code == RESULT && file.counts());
            let names: Vec<_> = given.map(|file| file.file_name.clone()).collect();
            if !names.is_empty() {
                rows.push(self.row(Label::Files, names.join("; ")));
            }
            let received = self.names(Some(person.id), |standing| matches!(standing, Standing::Received(_)));
            rows.push(self.row(Label::Returned, received.unwrap_or_else(|| "–".to_owned())));
            rows.extend(
                self.case
                    .handed_out(Some(person.id))
                    .map(|given| self.given(given, &person.name))
                    .into_iter()
                    .flatten(),
            );
            rows
        });
        if let Some(given) = self.case.handed_out(None) {
            for line in &self.case.lines {
                persons.push(ActSection {
                    heading: line.name.get(self.locale).to_owned(),
                    rows: vec![self.service(line)],
                });
            }
            let contact = &self.case.contact;
            let name = format!("{} {}", contact.surname, contact.given_name);
            persons.push(ActSection {
                heading: Label::GivenTo.text(self.locale).to_owned(),
                rows: self.given(given, name.trim()),
            });
        }
        let signed = [Label::SignedTaker, Label::SignedOut];
        self.act(ActKind::HandOut, Label::HandOut, &[Label::HandOutNote], signed, persons)
    }

    /// A section for each person.
    fn each(&self, rows: impl Fn(&Line, &Person) -> Vec<ActRow>) -> Vec<ActSection> {
        let of_line = |line| {
            let section = |person: &Person| ActSection { heading: person.name.clone(), rows: rows(line, person) };
            line.persons.iter().map(section).collect::<Vec<_>>()
        };
        self.case.lines.iter().flat_map(of_line).collect()
    }

    fn service(&self, line: &Line) -> ActRow {
        self.row(Label::Service, line.path.get(self.locale))
    }

    /// What came of somebody's originals, or of the application's, and what did not.
    fn originals_of(&self, item: Option<PersonItemId>) -> Vec<ActRow> {
        let came = self.names(item, |standing| matches!(standing, Standing::Received(_)));
        let missing = self.names(item, |standing| standing == Standing::Awaited);
        let rows = [(Label::Received, came), (Label::Missing, missing)];
        rows.into_iter().filter_map(|(label, names)| Some(self.row(label, names?))).collect()
    }

    fn awaits(&self, item: Option<PersonItemId>) -> bool {
        self.names(item, |standing| standing == Standing::Awaited).is_some()
    }

    /// Originals that stand so, by name, each with the day on which it came; nothing where there are none.
    fn names(&self, item: Option<PersonItemId>, so: impl Fn(Standing) -> bool) -> Option<String> {
        let name = |original: &Original| {
            let standing = self.standings.get(original).copied().filter(|standing| so(*standing))?;
            let name = self.catalogue.paper(&original.code)?.name.get(self.locale);
            Some(match standing {
                Standing::Received(Some(at)) => format!("{name} ({})", format_date(self.zone.date(at))),
                Standing::Received(None) | Standing::Awaited => name.to_owned(),
            })
        };
        let names: Vec<_> = self.originals.iter().filter(|original| original.item == item).filter_map(name).collect();
        (!names.is_empty()).then(|| names.join("; "))
    }

    fn given(&self, given: &HandOut, himself: &str) -> Vec<ActRow> {
        let text = |label: Label| label.text(self.locale);
        let who = &given.recipient;
        match given.way {
            HandOutWay::InPerson => vec![self.row(Label::GivenTo, format!("{himself} ({})", text(Label::InPerson)))],
            HandOutWay::Representative => {
                let kind = match IdentityKind::parse(&who.document_kind) {
                    Some(IdentityKind::Passport) => Label::Passport,
                    Some(IdentityKind::IdentityCard) => Label::IdentityCard,
                    Some(IdentityKind::ResidencePermit) => Label::ResidencePermit,
                    Some(IdentityKind::Other) | None => Label::Other,
                };
                vec![
                    self.row(Label::GivenTo, format!("{} ({})", who.name, text(Label::Representative))),
                    self.row(Label::Identity, format!("{}, {}", text(kind), who.document_number)),
                ]
            }
            HandOutWay::Delivered => {
                let day = given.delivered_on.map(format_date).unwrap_or_default();
                vec![self.row(Label::Delivered, day), self.row(Label::Address, who.address.clone())]
            }
        }
    }
}
