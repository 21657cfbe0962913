//! What was marked for correction: each mark with its place, and the applicant's word where nothing is to change.

use axum::extract::Path;
use proto::applications::v1::{Application, Catalogue, ReplyToMarkRequest};

use super::overview;
use super::places::{self, Place};
use crate::form::Form;
use crate::pages::{Answer, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::text::Texts;

/// A mark as the applicant sees it.
pub(super) struct Asked {
    pub field: String,
    pub place: Place,
    /// What he said to it before.
    pub reply: String,
}

impl Asked {
    /// Name of the reply's control on the page.
    pub(super) fn control(&self) -> String {
        control(&self.field)
    }
}

fn control(field: &str) -> String {
    format!("reply[{field}]")
}

pub(super) fn asked(texts: &Texts, application: &Application, catalogue: &Catalogue) -> Vec<Asked> {
    application
        .marks
        .iter()
        .map(|mark| Asked {
            field: mark.field.clone(),
            place: places::of(texts, application, catalogue, &mark.field, mark.reason.clone()),
            reply: mark.reply.clone(),
        })
        .collect()
}

pub(super) async fn reply(Path(number): Path<i64>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let field = posted.fields.text("field");
    let request = posted.command(ReplyToMarkRequest {
        number,
        version: posted.version(),
        field: field.clone(),
        text: posted.fields.text("reply"),
    });
    match visit.app.services.applications().reply_to_mark(request).await {
        Ok(_) => Ok(to(&format!("/applications/{number}/overview#marks"))),
        Err(status) => {
            let mut problem = Problem::from(status).refusal()?;
            let control = control(&field);
            for violation in &mut problem.violations {
                violation.field.clone_from(&control);
            }
            let mut fields = posted.fields.clone();
            fields.set(&control, &posted.fields.text("reply"));
            let form = Form::refused(visit, fields, problem.clone());
            Ok(html_refused(&overview::page(visit, number, form).await?, &problem))
        }
    }
}
