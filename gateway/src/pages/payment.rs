//! Paying: the payer form, the invoice, the way to the bank and back, and the bank's callback.

mod bank;
mod callback;
pub(super) mod invoice;
mod payer;
pub(super) mod receipts;
mod refund;

use proto::billing::v1::{Billable, GetBillableRequest};

use crate::problem::Problem;
use crate::routes::{Audience, Body, Route, get, post};
use crate::visit::Visit;

pub(super) use payer::payment_types;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Account, "/applications/{number}/payer", payer::show),
        post(Audience::Account, "/applications/{number}/payer", payer::issue),
        get(Audience::Account, "/applications/{number}/invoice", invoice::show),
        post(Audience::Account, "/applications/{number}/receipts", receipts::upload).body(Body::Upload),
        get(Audience::Account, "/applications/{number}/receipts/{document}", receipts::download),
        get(Audience::Account, "/applications/{number}/refund", refund::show),
        post(Audience::Account, "/applications/{number}/refund", refund::ask),
        post(Audience::Account, "/applications/{number}/pay", bank::pay),
        get(Audience::Account, "/applications/{number}/payment/return/{attempt}", bank::come_back),
        post(Audience::Bank, "/bank/callback/{attempt}", callback::record).body(Body::Callback),
    ]
}

/// What there is to pay.
pub(super) async fn billable(visit: &Visit, application_number: i64) -> Result<Billable, Problem> {
    let request = visit.ask(GetBillableRequest { application_number });
    Ok(visit.app.services.billing().get_billable(request).await?.into_inner())
}
