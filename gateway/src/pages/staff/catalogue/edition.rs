//! One edition: what it changes, who proposed it and why; publishing or declining it.

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{DecideEditionRequest, Edition, GetEditionRequest};

use super::colleagues;
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to, words};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "staff/edition.html")]
struct EditionPage {
    frame: Frame,
    form: Form,
    edition: Edition,
    kind_name: String,
    proposed: bool,
}

async fn page(visit: &Visit, id: i64, form: Form) -> Result<EditionPage, Problem> {
    let edition =
        visit.app.services.applications().get_edition(visit.ask(GetEditionRequest { id })).await?.into_inner();
    let number = edition.version.to_string();
    let title = visit.texts.with("edition-title", &[("code", edition.code.as_str()), ("version", number.as_str())]);
    let frame = Frame::titled(visit, title);
    Ok(EditionPage {
        kind_name: frame.label("edition-kind", &edition.kind),
        frame: frame.with_colleagues(colleagues(visit).await),
        form,
        edition,
        proposed: visit.query.has("proposed"),
    })
}

pub(in super::super) async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let form = Form::new(&visit, Fields::default());
    Ok(html(&page(&visit, id, form).await?))
}

pub(in super::super) async fn decide(Path(id): Path<i64>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let publish = posted.fields.get("action") == "publish";
    let request = posted.command(DecideEditionRequest { id, publish, reason: posted.fields.text("reason") });
    match visit.app.services.applications().decide_edition(request).await {
        Ok(_) => Ok(to(&format!("/staff/editions/{id}"))),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(visit, id, form).await?, &problem))
        }
    }
}
