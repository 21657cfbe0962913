//! A visitor of the gateway: sends requests straight to its router and keeps cookies by hand.

use axum::Router;
use axum::body::Body;
use chassis::clock::Sources;
use gateway::{Config, GatewayParts};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use chassis::dial::DialerBuilder;
use chassis::testing::Fakes;

use crate::samples;

pub struct World {
    pub fakes: Fakes,
    router: Router,
}

pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.text.split(&mark).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

/// A gateway's parts, with every RPC of the services answered by its sample.
pub fn parts() -> (Fakes, GatewayParts) {
    let (fakes, mut dialer) = (Fakes::default(), DialerBuilder::default());
    samples::install(&fakes);
    for service in ["identity", "applications", "participants", "billing", "payments", "booking", "notifications"] {
        fakes.stand_in(service, &mut dialer);
    }
    let config: Config = toml::from_str(gateway::DEFAULTS).expect("defaults");
    let parts = GatewayParts { config, dialer: dialer.build(), sources: Sources::system(), cookie_key: vec![7; 32] };
    (fakes, parts)
}

impl World {
    pub fn start() -> Self {
        let (fakes, parts) = parts();
        Self { fakes, router: gateway::router(parts).expect("router") }
    }

    pub async fn send(&self, request: Request<Body>) -> Page {
        let response: Response<Body> = self.router.clone().oneshot(request).await.expect("infallible");
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("body").to_bytes();
        Page { status: head.status, headers: head.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub async fn get(&self, path: &str, cookies: &str) -> Page {
        let request = Request::get(path).header("cookie", cookies).body(Body::empty());
        self.send(request.expect("request")).await
    }

    pub async fn post(&self, path: &str, cookies: &str, fields: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header("cookie", cookies)
            .header("origin", "http://127.0.0.1:8080")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.expect("request")).await
    }
}
