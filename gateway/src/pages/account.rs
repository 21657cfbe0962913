//! Signing in, up and out; the own account, its address, password and what it keeps; accepting an invitation; the links of letters.

mod close;
mod data;
mod documents;
mod email;
mod forgotten;
mod invitation;
mod link;
mod login;
mod password;
mod phone;
mod profile;
mod resume;
pub(crate) mod saved;
mod saved_list;
mod saved_payer;
mod saved_person;
mod sessions;
mod signup;

use axum::response::Response;
use proto::identity::v1::{Session, SignOutRequest};

use super::{Answer, to};
use crate::cookies::Cookies;
use crate::posted::Posted;
use crate::routes::{Audience, Body, Route, get, post};
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Public, "/login", login::show),
        post(Audience::Public, "/login", login::sign_in),
        get(Audience::Public, "/signup", signup::show),
        post(Audience::Public, "/signup", signup::sign_up),
        post(Audience::Public, "/logout", log_out),
        get(Audience::Public, "/invitation", invitation::show),
        post(Audience::Public, "/invitation", invitation::accept),
        get(Audience::Account, "/account", profile::show),
        post(Audience::Account, "/account", profile::save),
        post(Audience::Account, "/account/verification", email::verify_again),
        get(Audience::Account, "/account/email", email::show),
        post(Audience::Account, "/account/email", email::change),
        get(Audience::Account, "/account/phone", phone::show),
        post(Audience::Account, "/account/phone", phone::confirm),
        post(Audience::Account, "/account/phone/code", phone::again),
        get(Audience::Account, "/account/password", password::show),
        post(Audience::Account, "/account/password", password::change),
        get(Audience::Account, "/account/sessions", sessions::show),
        post(Audience::Account, "/account/sessions/end-others", sessions::end_others),
        post(Audience::Account, "/account/sessions/{session}/end", sessions::end),
        get(Audience::Account, "/account/documents", documents::show),
        post(Audience::Account, "/account/documents", documents::upload).body(Body::Upload),
        get(Audience::Account, "/account/documents/{document}", documents::download),
        post(Audience::Account, "/account/documents/{document}/remove", documents::remove),
        get(Audience::Account, "/account/close", close::show),
        post(Audience::Account, "/account/close", close::close),
        get(Audience::Account, "/account/data", data::show),
        post(Audience::Account, "/account/data", data::take),
        get(Audience::Account, "/account/persons", saved_list::persons),
        get(Audience::Account, "/account/persons/{saved}", saved_person::show),
        post(Audience::Account, "/account/persons/{saved}", saved_person::save),
        post(Audience::Account, "/account/persons/{saved}/remove", saved_list::remove_person),
        get(Audience::Account, "/account/payers", saved_list::payers),
        get(Audience::Account, "/account/payers/{saved}", saved_payer::show),
        post(Audience::Account, "/account/payers/{saved}", saved_payer::save),
        post(Audience::Account, "/account/payers/{saved}/remove", saved_list::remove_payer),
        get(Audience::Public, "/verify-email", link::show_verify),
        post(Audience::Public, "/verify-email", link::verify),
        get(Audience::Public, "/confirm-email", link::show_confirm),
        post(Audience::Public, "/confirm-email", link::confirm),
        get(Audience::Public, "/forgot-password", forgotten::show),
        post(Audience::Public, "/forgot-password", forgotten::request),
        get(Audience::Public, "/reset-password", forgotten::show_reset),
        post(Audience::Public, "/reset-password", forgotten::reset),
    ]
}

pub(crate) use login::sign_in_again;

/// The browser is signed in from here on; whatever session it had before is forgotten.
async fn enter(visit: &Visit, session: &Session, address: &str) -> Response {
    if let Some(former) = &visit.session {
        leave(visit, former).await;
    }
    let mut response = to(address);
    Cookies::new(visit.app.config.is_https()).set_session(response.headers_mut(), &session.session);
    response
}

async fn leave(visit: &Visit, session: &str) {
    visit.app.sessions.forget(session);
    let request = visit.ask(SignOutRequest { session: session.to_owned() });
    if let Err(status) = visit.app.services.identity().sign_out(request).await {
        tracing::warn!(code = ?status.code(), "the session could not be ended at once");
    }
}

async fn log_out(posted: Posted) -> Answer {
    if let Some(session) = &posted.visit.session {
        leave(&posted.visit, session).await;
    }
    let mut response = to("/");
    Cookies::new(posted.visit.app.config.is_https()).clear_session(response.headers_mut());
    Ok(response)
}
