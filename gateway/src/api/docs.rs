//! `/api/docs`: the API's description, readable; its viewer is embedded and has a policy of its own.

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::edge::Policy;
use crate::state::App;

pub(crate) fn router() -> Router<App> {
    let viewer = SwaggerUi::new("/api/docs").config(Config::from("/api/openapi.json").try_it_out_enabled(false));
    Router::from(viewer).layer(map_response(|mut response: Response| async move {
        response.extensions_mut().insert(Policy::Docs);
        response
    }))
}
