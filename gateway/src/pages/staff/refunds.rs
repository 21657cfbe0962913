//! Refunds at the desk, the most pressing first: looked at, granted or declined, paid out.

use askama::Template;
use axum::extract::Path;
use proto::billing::v1::{DecideRefundRequest, ExecuteRefundRequest, ListRefundsRequest, Refund, RefundCommand};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, html, html_refused, payment, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

/// A refund with the form that it may be moved on by: only the one that was just refused shows what was typed.
struct Row {
    refund: Refund,
    version: i64,
    form: Form,
}

#[derive(Template)]
#[template(path = "staff/refunds.html")]
struct RefundsPage {
    frame: Frame,
    form: Form,
    rows: Vec<Row>,
    all: bool,
    pager: Pager,
}

async fn page(visit: &Visit, form: Form) -> Result<RefundsPage, Problem> {
    let all = visit.query.has("all");
    let request = visit.ask(ListRefundsRequest { page: Some(pager::wanted(visit)), all });
    let list = visit.app.services.billing().list_refunds(request).await?.into_inner();
    let mut rows = Vec::new();
    for refund in list.refunds {
        let version = payment::billable(visit, refund.application_number).await?.version;
        let blank = Form::new(visit, Fields::default());
        let form = if form.value("refund") == refund.id { form.clone() } else { blank };
        rows.push(Row { refund, version, form });
    }
    let kept: &[&str] = if all { &["all"] } else { &[] };
    Ok(RefundsPage {
        frame: Frame::new(visit, "staff-refunds"),
        form,
        rows,
        all,
        pager: Pager::new(visit, list.page, kept),
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let form = Form::new(&visit, Fields::default());
    Ok(html(&page(&visit, form).await?))
}

pub(super) async fn act(Path(application_number): Path<i64>, posted: Posted) -> Answer {
    let mut billing = posted.visit.app.services.billing();
    let (version, refund_id) = (posted.version(), posted.fields.text("refund"));
    let answer = match posted.fields.get("action") {
        "review" => {
            let command = RefundCommand { application_number, version, refund_id };
            billing.review_refund(posted.command(command)).await
        }
        "send" => {
            let command = RefundCommand { application_number, version, refund_id };
            billing.send_refund(posted.command(command)).await
        }
        "execute" => {
            let (order_number, order_date) = (posted.fields.text("order_number"), posted.fields.text("order_date"));
            let command = ExecuteRefundRequest { application_number, version, refund_id, order_number, order_date };
            billing.execute_refund(posted.command(command)).await
        }
        action => {
            let (approve, reason) = (action == "approve", posted.fields.text("reason"));
            let command = DecideRefundRequest { application_number, version, refund_id, approve, reason };
            billing.decide_refund(posted.command(command)).await
        }
    };
    match answer {
        Ok(_) => Ok(to("/staff/refunds")),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, form).await?, &problem))
        }
    }
}
