//! Taking one's data away: one file with all that is kept about the own account.

use askama::Template;
use axum::response::Response;

use crate::api::own_data::{Bearer, file};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused};
use crate::posted::Posted;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/data.html")]
struct DataPage {
    frame: Frame,
    form: Form,
}

pub(super) async fn show(visit: Visit) -> Response {
    html(&DataPage { frame: Frame::new(&visit, "own-data"), form: Form::new(&visit, Fields::default()) })
}

pub(super) async fn take(posted: Posted) -> Answer {
    let visit = &posted.visit;
    let bearer = Bearer { app: visit.app.clone(), token: visit.token(), session: visit.session.clone() };
    match file(bearer).await {
        Ok(file) => Ok(file),
        Err(problem) => {
            let problem = problem.refusal()?;
            let form = Form::refused(visit, Fields::default(), problem.clone());
            Ok(html_refused(&DataPage { frame: Frame::new(visit, "own-data"), form }, &problem))
        }
    }
}
