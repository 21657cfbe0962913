//! Where one is signed in: the own sessions, to be ended.

use askama::Template;
use axum::extract::Path;
use proto::identity::v1::{BrowserSession, EndOtherSessionsRequest, EndSessionRequest, ListSessionsRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, to};
use crate::posted::Posted;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct SessionsPage {
    frame: Frame,
    form: Form,
    sessions: Vec<BrowserSession>,
    /// Some were ended a moment ago.
    ended: bool,
}

pub(super) async fn show(visit: Visit) -> Answer {
    let request = visit.ask(ListSessionsRequest {});
    let sessions = visit.app.services.identity().list_sessions(request).await?.into_inner().sessions;
    Ok(html(&SessionsPage {
        frame: Frame::new(&visit, "sessions"),
        form: Form::new(&visit, Fields::default()),
        sessions,
        ended: visit.query.has("ended"),
    }))
}

pub(super) async fn end(Path(session_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(EndSessionRequest { session_id });
    posted.visit.app.services.identity().end_session(request).await?;
    Ok(to("/account/sessions?ended"))
}

pub(super) async fn end_others(posted: Posted) -> Answer {
    let request = posted.command(EndOtherSessionsRequest {});
    posted.visit.app.services.identity().end_other_sessions(request).await?;
    Ok(to("/account/sessions?ended"))
}
