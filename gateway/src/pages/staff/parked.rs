//! Facts that a service could not apply: shown to admins, applied again or passed over. A context that does not answer
//! is told beside those that do.

use askama::Template;
use futures::future::join_all;
use proto::operations::v1::{ListParkedEventsRequest, ParkedEvent, ParkedEventCommand};
use tonic::Code;

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::services::CONTEXTS;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "staff/parked.html")]
struct ParkedPage {
    frame: Frame,
    form: Form,
    rows: Vec<Row>,
    /// Contexts that did not answer.
    silent: Vec<&'static str>,
}

struct Row {
    context: &'static str,
    event: ParkedEvent,
}

pub(super) async fn show(visit: Visit) -> Answer {
    let asked = CONTEXTS.map(|context| {
        let request = visit.ask(ListParkedEventsRequest {});
        let services = visit.app.services.clone();
        async move { (context, services.operations(context).list_parked_events(request).await) }
    });
    let (mut rows, mut silent) = (Vec::new(), Vec::new());
    for (context, answer) in join_all(asked).await {
        match answer {
            Ok(list) => rows.extend(list.into_inner().events.into_iter().map(|event| Row { context, event })),
            // Away, or of a release that does not know this yet.
            Err(status)
                if matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded | Code::Unimplemented) =>
            {
                silent.push(context);
            }
            Err(status) => return Err(Problem::from(status)),
        }
    }
    rows.sort_by_key(|row| row.event.parked_at_micros);
    let form = Form::new(&visit, Fields::default());
    Ok(html(&ParkedPage { frame: Frame::new(&visit, "staff-parked"), form, rows, silent }))
}

pub(super) async fn decide(posted: Posted) -> Answer {
    let context = posted.fields.text("context");
    let Some(context) = CONTEXTS.into_iter().find(|known| *known == context) else {
        return Err(Problem::not_found());
    };
    let request = posted.command(ParkedEventCommand {
        consumer: posted.fields.text("consumer"),
        event_id: posted.fields.text("event_id"),
    });
    let mut operations = posted.visit.app.services.operations(context);
    match posted.fields.get("action") {
        "skip" => operations.skip_parked_event(request).await.map(|_| ())?,
        _ => operations.retry_parked_event(request).await.map(|_| ())?,
    }
    Ok(to("/staff/parked"))
}
