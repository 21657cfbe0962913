//! The ledger of messages: what was told about which case to whom, how far each has come, and why one was not sent.

use askama::Template;
use axum::extract::Path;
use proto::notifications::v1::{Message, RetryDeliveryRequest, SearchDeliveriesRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, Choice, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::routes::{Audience, Route, get, post};
use crate::visit::Visit;

const STATES: [&str; 6] = ["waiting", "sent", "failed", "portal_only", "overtaken", "suppressed"];

pub(super) fn routes() -> Vec<Route> {
    vec![get(Audience::Staff, "/staff/deliveries", show), post(Audience::Staff, "/staff/deliveries/{message}", retry)]
}

#[derive(Template)]
#[template(path = "staff/deliveries.html")]
struct DeliveriesPage {
    frame: Frame,
    form: Form,
    messages: Vec<Message>,
    states: Vec<Choice>,
    pager: Pager,
    saved: bool,
}

async fn page(visit: &Visit, mut form: Form) -> Result<DeliveriesPage, Problem> {
    let (number, state) = (visit.query.text("number"), visit.query.text("state"));
    let state = if STATES.contains(&state.as_str()) { state } else { String::new() };
    let request = visit.ask(SearchDeliveriesRequest {
        page: Some(pager::wanted(visit)),
        application_number: number.parse().unwrap_or(0),
        delivery: state.clone(),
    });
    let found = visit.app.services.notifications().search_deliveries(request).await?.into_inner();
    let frame = Frame::new(visit, "staff-deliveries");
    let mut states: Vec<_> = STATES.iter().map(|state| Choice::new(*state, frame.label("delivery", state))).collect();
    states.insert(0, Choice::new("", frame.t.get("all-states")));
    form.preset("number", &number);
    form.preset("state", &state);
    Ok(DeliveriesPage {
        messages: found.messages,
        states,
        pager: Pager::new(visit, found.page, &["number", "state"]),
        saved: visit.query.has("saved"),
        form,
        frame,
    })
}

async fn show(visit: Visit) -> Answer {
    let page = page(&visit, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

async fn retry(Path(message_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(RetryDeliveryRequest { message_id });
    match posted.visit.app.services.notifications().retry_delivery(request).await {
        Ok(_) => Ok(to("/staff/deliveries?saved")),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, form).await?, &problem))
        }
    }
}
