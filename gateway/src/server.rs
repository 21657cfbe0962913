//! Putting the gateway together: one table of routes, the layers around it, and the listener.

use std::convert::Infallible;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use chassis::clock::Sources;
use chassis::dial::Dialer;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::edge;
use crate::present;
use crate::problem::Problem;
use crate::routes::{self, Body};
use crate::state::App;

/// What the gateway is made of; all of it is handed in.
pub struct GatewayParts {
    pub config: Config,
    /// Reaches the services by name ("identity", "billing", …).
    pub dialer: Dialer,
    /// Time, ids and randomness.
    pub sources: Sources,
    /// The cookie key: binds form tokens to sessions. At least 32 bytes.
    pub cookie_key: Vec<u8>,
}

/// Serves pages and API on the listener until `shutdown`, then drains.
pub async fn serve(parts: GatewayParts, listener: TcpListener, shutdown: CancellationToken) -> anyhow::Result<()> {
    let limits = parts.config.limits.clone();
    let router = router(parts)?;
    edge::serve(router, &limits, listener, shutdown).await
}

/// The whole edge as a service, for those who bring their own listener.
pub fn router(parts: GatewayParts) -> anyhow::Result<Router> {
    let app = App::new(parts)?;
    let limits = app.config.limits.clone();
    let mut router = Router::new();
    for route in routes::table() {
        let bytes = match route.body {
            Body::None | Body::Form => limits.form_bytes_max,
            Body::Upload => limits.upload_bytes_max,
            Body::Callback => limits.callback_bytes_max,
        };
        let handler = route
            .handler
            .layer::<_, Infallible>(DefaultBodyLimit::max(bytes))
            .layer::<_, Infallible>(axum::Extension(route.info.audience));
        router = router.route(&route.info.path, handler);
    }
    let router = router
        .merge(crate::api::docs::router())
        .fallback(|| async { Problem::not_found().into_response() })
        .layer(from_fn_with_state(app.clone(), edge::pace))
        .layer(from_fn(edge::catch))
        .layer(from_fn_with_state(app.clone(), edge::trace))
        .layer(from_fn_with_state(app.clone(), present::present))
        .layer(from_fn_with_state(app.clone(), edge::secure))
        .layer(from_fn(edge::strip_internal));
    Ok(router.with_state(app))
}
