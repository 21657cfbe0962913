//! What the staff write on a case: messages to the applicant, and notes of their own.

use axum::extract::Path;
use proto::applications::v1::{AddNoteRequest, PostMessageRequest, Thread};

use super::case::refused_at;
use crate::pages::applications::thread::at_control;
use crate::pages::{Answer, to};
use crate::posted::Posted;
use crate::problem::Problem;

pub(super) async fn send(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(PostMessageRequest { number, text: posted.fields.text("message") });
    let answer = posted.visit.app.services.applications().post_message(request).await;
    done(posted, number, answer, "message").await
}

pub(super) async fn note(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(AddNoteRequest { number, text: posted.fields.text("staff_note") });
    let answer = posted.visit.app.services.applications().add_note(request).await;
    done(posted, number, answer, "staff_note").await
}

async fn done(
    posted: Posted,
    number: i64,
    answer: Result<tonic::Response<Thread>, tonic::Status>,
    control: &'static str,
) -> Answer {
    match answer {
        Ok(_) => Ok(to(&format!("/staff/applications/{number}?saved#{control}"))),
        Err(status) => refused_at(posted, number, at_control(Problem::from(status).refusal()?, control)).await,
    }
}
