//! Payments that wait for confirmation, each beside the bank's evidence.
#![expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references and reach only methods")]

use askama::Template;
use axum::extract::Path;
use proto::billing::v1::{Billable, ConfirmPaymentRequest, DeclinePaymentRequest, ListPaymentsRequest};

use super::payment_case;
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "staff/payments.html")]
struct PaymentsPage {
    frame: Frame,
    form: Form,
    payments: Vec<Billable>,
    pager: Pager,
}

impl PaymentsPage {
    fn numbered(&self, number: &i64) -> String {
        self.frame.t.with("application-number", &[("number", &number.to_string())])
    }
}

async fn page(visit: &Visit, form: Form) -> Result<PaymentsPage, Problem> {
    let request = visit.ask(ListPaymentsRequest { page: Some(pager::wanted(visit)) });
    let list = visit.app.services.billing().list_payments(request).await?.into_inner();
    Ok(PaymentsPage {
        frame: Frame::new(visit, "staff-payments"),
        form,
        payments: list.payments,
        pager: Pager::new(visit, list.page, &[]),
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let page = page(&visit, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

pub(super) async fn decide(Path(number): Path<i64>, posted: Posted) -> Answer {
    let mut billing = posted.visit.app.services.billing();
    let action = posted.fields.get("action");
    let answer = if matches!(action, "confirm" | "part") {
        let request = posted.command(ConfirmPaymentRequest {
            application_number: number,
            version: posted.version(),
            part: action == "part",
        });
        billing.confirm_payment(request).await
    } else {
        let request = posted.command(DeclinePaymentRequest {
            application_number: number,
            version: posted.version(),
            reason: posted.fields.text("reason"),
            receipt_id: posted.fields.text("receipt"),
        });
        billing.decline_payment(request).await
    };
    match answer {
        Ok(_) if posted.fields.has("case") => Ok(to(&format!("/staff/payments/{number}"))),
        Ok(_) => Ok(to("/staff/payments")),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            if posted.fields.has("case") {
                return payment_case::refused(&posted.visit, number, form, &problem).await;
            }
            Ok(html_refused(&page(&posted.visit, form).await?, &problem))
        }
    }
}
