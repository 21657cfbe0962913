//! "My Applications" and the pages of one application up to its end.

mod acts;
pub(super) mod answers;
pub(super) mod documents;
mod edit;
mod edit_entries;
mod line_form;
mod list;
mod marks;
mod new;
mod overview;
mod person;
pub(super) mod places;
pub(super) mod questions;
mod review;
pub(super) mod thread;

use proto::applications::v1::{Application, Catalogue, GetApplicationRequest, GetCatalogueRequest};

pub(super) use questions::countries;

use crate::problem::Problem;
use crate::routes::{Audience, Body, Route, get, post};
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Account, "/applications", list::show),
        get(Audience::Account, "/applications/new", new::choose_type),
        get(Audience::Account, "/applications/new/services", new::choose_services),
        post(Audience::Account, "/applications/new/services", new::create),
        get(Audience::Account, "/applications/{number}", edit::show),
        post(Audience::Account, "/applications/{number}", edit::save),
        get(Audience::Account, "/applications/{number}/lines/{line}/persons/{person}", person::show),
        post(Audience::Account, "/applications/{number}/lines/{line}/persons/{person}", person::save),
        get(Audience::Account, "/applications/{number}/lines/{line}/form", line_form::show),
        post(Audience::Account, "/applications/{number}/lines/{line}/form", line_form::save),
        post(Audience::Account, "/applications/{number}/documents", documents::upload).body(Body::Upload),
        get(Audience::Account, "/applications/{number}/documents/{document}", documents::download),
        post(Audience::Account, "/applications/{number}/documents/{document}/remove", documents::remove),
        get(Audience::Account, "/applications/{number}/review", review::show),
        post(Audience::Account, "/applications/{number}/submit", review::submit),
        get(Audience::Account, "/applications/{number}/overview", overview::show),
        get(Audience::Account, "/applications/{number}/acts/{kind}", acts::show),
        get(Audience::Account, "/applications/{number}/acts/{kind}/pdf", acts::download),
        post(Audience::Account, "/applications/{number}/cancel", overview::cancel),
        post(Audience::Account, "/applications/{number}/renew", overview::renew),
        post(Audience::Account, "/applications/{number}/messages", thread::send),
        post(Audience::Account, "/applications/{number}/marks", marks::reply),
    ]
}

/// One application; not found for whoever may not see it.
pub(super) async fn load(visit: &Visit, number: i64) -> Result<Application, Problem> {
    let request = visit.ask(GetApplicationRequest { number });
    Ok(visit.app.services.applications().get_application(request).await?.into_inner())
}

pub(super) async fn catalogue(visit: &Visit) -> Result<Catalogue, Problem> {
    let request = visit.ask(GetCatalogueRequest {});
    Ok(visit.app.services.applications().get_catalogue(request).await?.into_inner())
}

/// Whether the service lets this caller give a command now.
pub(super) fn may(application: &Application, command: &str) -> bool {
    application.allowed.iter().any(|allowed| allowed == command)
}
