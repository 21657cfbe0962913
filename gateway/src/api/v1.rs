//! The resources of version 1, each a list of calls.

pub(super) mod account_files;
mod accounts;
mod applications;
mod billing;
mod booking;
pub(super) mod files;
mod messages;
mod participants;
mod payments;
pub(super) mod receipt_files;

use axum::body::Bytes;
use axum::extract::{RawPathParams, RawQuery, State};
use http::HeaderMap;

use super::call::Call;
use super::caller::Caller;
use super::transcode;
use crate::routes::{Audience, Body, Route, route};
use crate::state::App;

pub(super) fn calls() -> Vec<Call> {
    let mut calls = accounts::calls();
    calls.extend(applications::calls());
    calls.extend(billing::calls());
    calls.extend(booking::calls());
    calls.extend(messages::calls());
    calls.extend(participants::calls());
    calls.extend(payments::calls());
    calls
}

pub(super) fn routes() -> Vec<Route> {
    let mut routes: Vec<_> = calls()
        .into_iter()
        .map(|call| {
            let audience = if call.public { Audience::Public } else { Audience::Program };
            let (method, path) = (call.method.clone(), call.path);
            let handler = move |state: State<App>,
                                caller: Caller,
                                parameters: RawPathParams,
                                RawQuery(query): RawQuery,
                                headers: HeaderMap,
                                body: Bytes| {
                let call = call.clone();
                async move { transcode::answer(&call, state, caller, parameters, query, headers, body).await }
            };
            route(method, audience, path, handler).body(Body::Form)
        })
        .collect();
    routes.extend(account_files::routes());
    routes.extend(files::routes());
    routes.extend(receipt_files::routes());
    routes
}
