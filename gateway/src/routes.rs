//! The one table of routes: the router is built from it, and tests walk it.

use axum::handler::Handler;
use axum::routing::{MethodRouter, on};
use http::Method;

use crate::state::App;
use crate::{api, assets, pages};

/// Who a route is made for. It decides only whether a sign-in is asked for; what the caller may do is the services' to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anyone.
    Public,
    /// Whoever is signed in.
    Account,
    /// Signed-in staff; a service refuses others.
    Staff,
    /// The bank's callback.
    Bank,
    /// Programs, with a token or a session.
    Program,
}

/// One route, as a test sees it.
#[derive(Clone, Debug)]
pub struct RouteInfo {
    pub method: Method,
    /// With `{name}` for each parameter.
    pub path: String,
    pub audience: Audience,
}

/// The size class of a request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    Form,
    Upload,
    Callback,
}

pub(crate) struct Route {
    pub(crate) info: RouteInfo,
    pub(crate) body: Body,
    pub(crate) handler: MethodRouter<App>,
}

impl Route {
    pub(crate) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }
}

pub(crate) fn get<H, T>(audience: Audience, path: &str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    route(Method::GET, audience, path, handler)
}

pub(crate) fn post<H, T>(audience: Audience, path: &str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    route(Method::POST, audience, path, handler).body(Body::Form)
}

pub(crate) fn route<H, T>(method: Method, audience: Audience, path: &str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    let filter = axum::routing::MethodFilter::try_from(method.clone()).unwrap_or(axum::routing::MethodFilter::GET);
    Route {
        info: RouteInfo { method, path: path.to_owned(), audience },
        body: Body::None,
        handler: on(filter, handler),
    }
}

/// Every route with its handler.
pub(crate) fn table() -> Vec<Route> {
    let mut table = assets::routes();
    table.extend(pages::routes());
    table.extend(api::routes());
    table
}

/// Every route of the edge.
pub fn routes() -> Vec<RouteInfo> {
    table().into_iter().map(|route| route.info).collect()
}
