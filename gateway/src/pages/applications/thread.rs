//! What applicant and centre write to each other on a case: read on the applicant's Overview and on the staff's page.

use axum::extract::Path;
use proto::applications::v1::{GetThreadRequest, PostMessageRequest, Thread};

use super::overview;
use crate::form::Form;
use crate::pages::{Answer, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

/// The thread of a case; the rest of the page stands without it.
pub(crate) async fn read(visit: &Visit, number: i64) -> Option<Thread> {
    let request = visit.ask(GetThreadRequest { number });
    visit.app.services.applications().get_thread(request).await.ok().map(tonic::Response::into_inner)
}

/// A refusal at the service's field `text` stands at the control where the text was typed.
pub(crate) fn at_control(mut problem: Problem, control: &str) -> Problem {
    for violation in problem.violations.iter_mut().filter(|violation| violation.field == "text") {
        control.clone_into(&mut violation.field);
    }
    problem
}

pub(super) async fn send(Path(number): Path<i64>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let request = posted.command(PostMessageRequest { number, text: posted.fields.text("message") });
    match visit.app.services.applications().post_message(request).await {
        Ok(_) => Ok(to(&format!("/applications/{number}/overview#messages"))),
        Err(status) => {
            let problem = at_control(Problem::from(status).refusal()?, "message");
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&overview::page(visit, number, form).await?, &problem))
        }
    }
}
