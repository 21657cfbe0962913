//! The staff's pages. They show what the services answer and offer what the services allow; nothing is decided here.

mod accounting;
mod bank_days;
mod breach;
mod case;
mod case_changes;
mod case_moves;
mod case_thread;
mod catalogue;
mod day_sheet;
mod deliveries;
mod desk;
mod hours;
mod invoice_settings;
mod message_texts;
mod mismatches;
mod parked;
mod participants;
mod payment_case;
mod payments;
mod refunds;
mod reports;
mod service_accounts;
mod team;
mod work;

use std::collections::HashMap;

use proto::identity::v1::{Colleague, ListColleaguesRequest};

use crate::routes::{Audience, Body, Route, get, post};
use crate::visit::Visit;

/// Names of the staff by account. Without identity a page shows ids rather than nothing.
async fn colleagues(visit: &Visit) -> HashMap<String, String> {
    names(&staff(visit).await)
}

/// Who works here, and as what.
async fn staff(visit: &Visit) -> Vec<Colleague> {
    let asked = visit.app.services.identity().list_colleagues(visit.ask(ListColleaguesRequest {})).await;
    asked.map(|answer| answer.into_inner().colleagues).unwrap_or_default()
}

fn names(staff: &[Colleague]) -> HashMap<String, String> {
    staff.iter().map(|colleague| (colleague.account_id.clone(), colleague.name.clone())).collect()
}

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        get(Audience::Staff, "/staff", work::show),
        get(Audience::Staff, "/staff/lists/{file}", work::file),
        get(Audience::Staff, "/staff/applications/{number}", case::show),
        post(Audience::Staff, "/staff/applications/{number}/return", case_moves::send_back),
        post(Audience::Staff, "/staff/applications/{number}/assign", case_moves::assign),
        post(Audience::Staff, "/staff/applications/{number}/messages", case_thread::send),
        post(Audience::Staff, "/staff/applications/{number}/notes", case_thread::note),
        post(Audience::Staff, "/staff/applications/{number}/originals", case_moves::receive_originals),
        post(Audience::Staff, "/staff/applications/{number}/state-body", case_moves::send_to_state_body),
        post(Audience::Staff, "/staff/applications/{number}/hand-out", case_moves::hand_out),
        post(Audience::Staff, "/staff/applications/{number}/tasks", case_moves::save_tasks),
        post(Audience::Staff, "/staff/applications/{number}/more-originals", case_moves::request_originals),
        post(Audience::Staff, "/staff/applications/{number}/decision", case_moves::record_decision),
        post(Audience::Staff, "/staff/applications/{number}/documents/{document}", case_moves::review_document),
        get(Audience::Staff, "/staff/payments", payments::show),
        post(Audience::Staff, "/staff/payments/{number}", payments::decide),
        get(Audience::Staff, "/staff/payments/{number}", payment_case::show),
        post(Audience::Staff, "/staff/payments/{number}/transfers", payment_case::record),
        post(Audience::Staff, "/staff/payments/{number}/receipts", payment_case::upload).body(Body::Upload),
        get(Audience::Staff, "/staff/refunds", refunds::show),
        post(Audience::Staff, "/staff/refunds/{number}", refunds::act),
        get(Audience::Staff, "/staff/bank-days", bank_days::show),
        get(Audience::Staff, "/staff/statements", bank_days::show),
        post(Audience::Staff, "/staff/statements", bank_days::import).body(Body::Upload),
        get(Audience::Staff, "/staff/mismatches", mismatches::show),
        get(Audience::Staff, "/staff/accounting", accounting::show),
        get(Audience::Staff, "/staff/accounting/{file}", accounting::file),
        get(Audience::Staff, "/staff/reports", reports::show),
        get(Audience::Staff, "/staff/reports/{file}", reports::file),
        get(Audience::Staff, "/staff/invoice-settings", invoice_settings::show),
        post(Audience::Staff, "/staff/invoice-settings/{kind}", invoice_settings::propose),
        post(Audience::Staff, "/staff/invoice-settings/changes/{id}", invoice_settings::decide),
        get(Audience::Staff, "/staff/parked", parked::show),
        post(Audience::Staff, "/staff/parked", parked::decide),
        get(Audience::Staff, "/staff/day-sheet", day_sheet::show),
        post(Audience::Staff, "/staff/visits/{appointment}", day_sheet::give),
        post(Audience::Staff, "/staff/queue", day_sheet::queue),
        get(Audience::Staff, "/staff/participants", participants::show),
        post(Audience::Staff, "/staff/participants", participants::import::import).body(Body::Upload),
        get(Audience::Staff, "/staff/participants/{bin}", participants::record::show),
        post(Audience::Staff, "/staff/participants/{bin}", participants::record::save),
        get(Audience::Staff, "/staff/desk", desk::show),
        post(Audience::Staff, "/staff/desk", desk::find),
        post(Audience::Staff, "/staff/desk/account", desk::open),
        post(Audience::Staff, "/staff/desk/application", desk::create),
        get(Audience::Staff, "/staff/breach", breach::show),
        post(Audience::Staff, "/staff/breach", breach::export),
        get(Audience::Staff, "/staff/team", team::show),
        post(Audience::Staff, "/staff/team", team::invite),
        post(Audience::Staff, "/staff/team/{account}/disable", team::disable),
        post(Audience::Staff, "/staff/team/{account}/enable", team::enable),
        post(Audience::Staff, "/staff/team/{account}/roles", team::change_roles),
        post(Audience::Staff, "/staff/team/{account}/team", team::set_team),
        post(Audience::Staff, "/staff/team/{account}/end-sessions", team::end_sessions),
        get(Audience::Staff, "/staff/service-accounts", service_accounts::show),
        post(Audience::Staff, "/staff/service-accounts", service_accounts::create),
        post(Audience::Staff, "/staff/service-accounts/{account}/revoke", service_accounts::revoke),
    ];
    routes.extend(case_moves::routes());
    routes.extend(catalogue::routes());
    routes.extend(hours::routes());
    routes.extend(message_texts::routes());
    routes.extend(deliveries::routes());
    routes
}
