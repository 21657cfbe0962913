//! The JSON API under `/api/v1`: a table of calls, transcoded between JSON and the services' messages by their descriptors, so that
//! the API says exactly what the contracts say. Files pass through handlers of their own.

mod call;
mod caller;
pub(crate) mod docs;
mod openapi;
pub(crate) mod own_data;
mod transcode;
mod v1;

use crate::routes::Route;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = v1::routes();
    routes.extend(own_data::routes());
    routes.push(openapi::route());
    routes
}
