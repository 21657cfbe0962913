//! Storage that speaks the S3 protocol as far as files need it: it recomputes each request's signature (AWS Signature
//! Version 4) and the digest of what was sent, lets nobody else in, and can be away or never answer.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, body::Body, extract::Request, response::Response};
use http::{Method, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use ring::{digest, hmac};
use tower::ServiceExt as _;

const BUCKET: &str = "papers";
const REGION: &str = "kz-astana-1";
const ACCESS_KEY: &str = "PORTALTESTKEY";
const SECRET: &str = "known to the portal and its storage";

/// The storage; its address and everything in it end with the test's runtime. Cheap to clone.
#[derive(Clone)]
pub struct ObjectStorage {
    pub address: SocketAddr,
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    conduct: Arc<Mutex<Conduct>>,
    given_up: Arc<AtomicUsize>,
}

/// Notes a request whose sender no longer waits for the answer.
struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// How the storage meets a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduct {
    Answering,
    /// Closes every connection unanswered.
    Away,
    /// Never answers.
    Hanging,
}

impl ObjectStorage {
    /// Storage on a free port, with an empty bucket.
    #[expect(clippy::disallowed_methods, reason = "the storage ends with the test's runtime")]
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let storage = Self {
            address: listener.local_addr().unwrap(),
            objects: Arc::default(),
            conduct: Arc::new(Mutex::new(Conduct::Answering)),
            given_up: Arc::default(),
        };
        let served = storage.clone();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let storage = served.clone();
                let service = hyper::service::service_fn(move |request: http::Request<hyper::body::Incoming>| {
                    storage.clone().meet(request.map(Body::new))
                });
                let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                tokio::spawn(async move { builder.serve_connection(TokioIo::new(socket), service).await.is_ok() });
            }
        });
        storage
    }

    /// Settings of the chassis that keep files here.
    pub fn settings(&self) -> Vec<(&'static str, serde_json::Value)> {
        vec![
            ("chassis.files.store", "s3".into()),
            ("chassis.files.s3.endpoint", format!("http://{}", self.address).into()),
            ("chassis.files.s3.allow_http", true.into()),
            ("chassis.files.s3.bucket", BUCKET.into()),
            ("chassis.files.s3.region", REGION.into()),
            ("chassis.files.s3.access_key", ACCESS_KEY.into()),
            ("chassis.files.s3.secret", SECRET.into()),
        ]
    }

    /// The same storage behind another listener, for TLS.
    pub fn router(&self) -> Router {
        let storage = self.clone();
        Router::new().fallback(move |request: Request| async move { storage.answer(request).await })
    }

    pub fn conduct(&self, conduct: Conduct) {
        *self.conduct.lock().unwrap() = conduct;
    }

    /// How many of the requests that hung were given up by their senders.
    pub fn given_up(&self) -> usize {
        self.given_up.load(Ordering::SeqCst)
    }

    /// What is kept, by the objects' whole names.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.objects.lock().unwrap().clone()
    }

    /// Puts other bytes in an object's place.
    pub fn replace(&self, name: &str, content: Vec<u8>) {
        self.objects.lock().unwrap().insert(name.to_owned(), content);
    }

    async fn meet(self, request: Request) -> std::io::Result<Response> {
        let conduct = *self.conduct.lock().unwrap();
        match conduct {
            Conduct::Answering => Ok(self.router().oneshot(request).await.unwrap_or_else(|never| match never {})),
            Conduct::Away => Err(std::io::Error::other("away")),
            Conduct::Hanging => {
                let _waiting = Waiting(Arc::clone(&self.given_up));
                std::future::pending().await
            }
        }
    }

    async fn answer(&self, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let content = body.collect().await.unwrap().to_bytes();
        if let Err(code) = admit(&head, &content) {
            return fault(StatusCode::FORBIDDEN, code);
        }
        let Some(name) = head.uri.path().strip_prefix(&format!("/{BUCKET}/")) else {
            return fault(StatusCode::NOT_FOUND, "NoSuchBucket");
        };
        let mut objects = self.objects.lock().unwrap();
        let response = Response::builder().header(header::ETAG, "\"one\"");
        if head.method == Method::PUT {
            objects.insert(name.to_owned(), content.to_vec());
            return response.body(Body::empty()).unwrap();
        }
        if head.method == Method::DELETE {
            objects.remove(name);
            return response.status(StatusCode::NO_CONTENT).body(Body::empty()).unwrap();
        }
        match objects.get(name) {
            None => fault(StatusCode::NOT_FOUND, "NoSuchKey"),
            Some(kept) => response
                .header(header::LAST_MODIFIED, "Mon, 23 Nov 2026 05:00:00 GMT")
                .header(header::CONTENT_LENGTH, kept.len())
                .body(if head.method == Method::HEAD { Body::empty() } else { Body::from(kept.clone()) })
                .unwrap(),
        }
    }
}

fn fault(status: StatusCode, code: &str) -> Response {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>");
    Response::builder().status(status).header(header::CONTENT_TYPE, "application/xml").body(Body::from(body)).unwrap()
}

/// Whether the request is signed with the secret, as
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html> has it.
fn admit(head: &http::request::Parts, content: &[u8]) -> Result<(), &'static str> {
    let text = |name: &str| head.headers.get(name).map(|value| value.to_str().unwrap().trim().to_owned());
    let authorization = text("authorization").ok_or("AccessDenied")?;
    let fields = authorization.strip_prefix("AWS4-HMAC-SHA256 ").ok_or("AccessDenied")?;
    let field = |name: &str| {
        let found = fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
        found.map(str::to_owned).ok_or("AuthorizationHeaderMalformed")
    };
    let (credential, signed, signature) = (field("Credential")?, field("SignedHeaders")?, field("Signature")?);
    let (key, scope) = credential.split_once('/').ok_or("AuthorizationHeaderMalformed")?;
    if key != ACCESS_KEY {
        return Err("InvalidAccessKeyId");
    }
    let time = text("x-amz-date").ok_or("AccessDenied")?;
    let day = time.split('T').next().unwrap_or_default();
    if scope != format!("{day}/{REGION}/s3/aws4_request") {
        return Err("AuthorizationHeaderMalformed");
    }
    let sent = text("x-amz-content-sha256").ok_or("MissingSecurityHeader")?;
    if sent != sha256(content) {
        return Err("XAmzContentSHA256Mismatch");
    }
    let names: Vec<&str> = signed.split(';').collect();
    if ["host", "x-amz-content-sha256", "x-amz-date"].iter().any(|name| !names.contains(name)) {
        return Err("AccessDenied");
    }
    let host = text("host").or_else(|| head.uri.authority().map(ToString::to_string)).unwrap_or_default();
    let value = |name: &str| if name == "host" { host.clone() } else { text(name).unwrap_or_default() };
    let headers = names.iter().map(|name| format!("{name}:{}", value(name))).collect::<Vec<_>>().join("\n") + "\n";
    let mut query: Vec<&str> = head.uri.query().unwrap_or_default().split('&').collect();
    query.sort_unstable();
    let canonical = [head.method.as_str(), head.uri.path(), &query.join("&"), &headers, &signed, &sent]
        .map(str::to_owned)
        .join("\n");
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", sha256(canonical.as_bytes()));
    let key = scope.split('/').fold(format!("AWS4{SECRET}").into_bytes(), |key, part| mac(&key, part.as_bytes()));
    if hex::encode(mac(&key, to_sign.as_bytes())) == signature { Ok(()) } else { Err("SignatureDoesNotMatch") }
}

fn mac(key: &[u8], content: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), content).as_ref().to_vec()
}

fn sha256(content: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, content))
}
