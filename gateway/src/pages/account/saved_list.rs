//! The persons and the payers that the own account keeps: listed and removed.

use askama::Template;
use axum::extract::Path;
use proto::identity::v1::{RemoveSavedPayerRequest, RemoveSavedPersonRequest};

use super::saved::{Kind, Saved};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, to};
use crate::posted::Posted;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/saved_list.html")]
struct SavedListPage {
    frame: Frame,
    form: Form,
    saved: Saved,
    place: &'static str,
    /// Keys of the texts.
    lead: &'static str,
    none: &'static str,
    add: &'static str,
    /// What was done a moment ago.
    done: &'static str,
}

impl SavedListPage {
    fn is_full(&self) -> bool {
        self.saved.list.len() >= usize::try_from(self.saved.count_max).unwrap_or(usize::MAX)
    }
}

async fn show(visit: Visit, kind: Kind) -> Answer {
    let (title, lead, none, add) = match kind {
        Kind::Person => ("saved-persons", "saved-persons-lead", "saved-persons-none", "saved-person-add"),
        Kind::Payer => ("saved-payers", "saved-payers-lead", "saved-payers-none", "saved-payer-add"),
    };
    Ok(html(&SavedListPage {
        frame: Frame::new(&visit, title),
        form: Form::new(&visit, Fields::default()),
        saved: Saved::read(&visit, kind).await?,
        place: kind.place(),
        lead,
        none,
        add,
        done: match () {
            () if visit.query.has("saved") => "saved",
            () if visit.query.has("removed") => "saved-removed",
            () => "",
        },
    }))
}

pub(super) async fn persons(visit: Visit) -> Answer {
    show(visit, Kind::Person).await
}

pub(super) async fn payers(visit: Visit) -> Answer {
    show(visit, Kind::Payer).await
}

pub(super) async fn remove_person(Path(saved_person_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(RemoveSavedPersonRequest { saved_person_id });
    posted.visit.app.services.identity().remove_saved_person(request).await?;
    Ok(to("/account/persons?removed"))
}

pub(super) async fn remove_payer(Path(saved_payer_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(RemoveSavedPayerRequest { saved_payer_id });
    posted.visit.app.services.identity().remove_saved_payer(request).await?;
    Ok(to("/account/payers?removed"))
}
