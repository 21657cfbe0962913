//! Stand-ins for services: they answer an RPC as the test says, and remember each call.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::Response,
};
use futures::stream;
use http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use prost::Message;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

use crate::dial::DialerBuilder;

type Answer = Arc<dyn Fn(&[u8]) -> Result<Vec<u8>, Status> + Send + Sync>;

/// The stand-ins and what they saw. Cheap to clone.
#[derive(Clone, Default)]
pub struct Fakes {
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    calls: Arc<Mutex<Vec<Seen>>>,
    given_up: Arc<Mutex<Vec<String>>>,
}

/// One call as a stand-in saw it; what did not come with it is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// `/portal.identity.v1.Identity/SignIn`
    pub path: String,
    pub authorization: String,
    pub idempotency_key: String,
    /// The time that was granted, as gRPC writes it.
    pub timeout: String,
}

/// Notes a call that was given up before its answer.
struct Waiting {
    path: String,
    given_up: Arc<Mutex<Vec<String>>>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.given_up.lock().unwrap().push(std::mem::take(&mut self.path));
    }
}

impl Fakes {
    /// Stands in for a service; its RPCs are unimplemented until a test says otherwise.
    #[expect(clippy::disallowed_methods, reason = "the stand-ins end with the test's runtime")]
    pub fn stand_in(&self, service: &'static str, dialer: &mut DialerBuilder) {
        let pipes = dialer.in_process(service);
        let answering = self.clone();
        let router = Router::new().fallback(move |request: Request| {
            let answering = answering.clone();
            async move { answering.answer(request).await }
        });
        let routes = tonic::service::Routes::from(router);
        tokio::spawn(crate::server::serve_pipes(routes, pipes, CancellationToken::new()));
    }

    /// Answers an RPC (`identity.Identity/SignIn`) from its request; the latest word counts.
    pub fn on<I: Message + Default, O: Message>(
        &self,
        rpc: &str,
        answer: impl Fn(I) -> Result<O, Status> + Send + Sync + 'static,
    ) {
        let answer: Answer = Arc::new(move |bytes| {
            let input = I::decode(bytes).map_err(|error| Status::internal(error.to_string()))?;
            answer(input).map(|output| output.encode_to_vec())
        });
        self.answers.lock().unwrap().insert(path(rpc), answer);
    }

    /// Never answers an RPC.
    pub fn hang(&self, rpc: &str) {
        self.answers.lock().unwrap().insert(path(rpc), Arc::new(|_| Err(Status::unknown(HANGS))));
    }

    /// The calls of an RPC, told by its method's name alone.
    pub fn calls(&self, method: &str) -> Vec<Seen> {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|call| call.path.ends_with(&format!("/{method}"))).cloned().collect()
    }

    /// How often an RPC was called, with the last call's authorization and key.
    pub fn seen(&self, method: &str) -> (usize, String, String) {
        let calls = self.calls(method);
        let last = calls.last().cloned().unwrap_or_default();
        (calls.len(), last.authorization, last.idempotency_key)
    }

    /// How often a hanging RPC was given up by its server, because its time was over or its caller had gone.
    pub fn given_up(&self, method: &str) -> usize {
        self.given_up.lock().unwrap().iter().filter(|path| path.ends_with(&format!("/{method}"))).count()
    }

    async fn answer(self, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        self.calls.lock().unwrap().push(Seen {
            path: path.clone(),
            authorization: header(&request, "authorization"),
            idempotency_key: header(&request, "idempotency-key"),
            timeout: header(&request, "grpc-timeout"),
        });
        let body = request.into_body().collect().await.expect("body").to_bytes();
        // A stream is known by its first message.
        let length = body.get(1..5).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes);
        let message = body.get(5..5 + length as usize).unwrap_or_default();
        let found = self.answers.lock().unwrap().get(&path).cloned();
        match found.map_or_else(|| Err(Status::unimplemented(&path)), |answer| answer(message)) {
            Ok(message) => reply(&message),
            Err(status) if status.message() == HANGS => {
                let _waiting = Waiting { path, given_up: Arc::clone(&self.given_up) };
                std::future::pending().await
            }
            Err(status) => status.into_http(),
        }
    }
}

/// What stands for an answer that never comes.
const HANGS: &str = "this answer never comes";

fn path(rpc: &str) -> String {
    let (service, method) = rpc.split_once('/').expect("context.Service/Method");
    let (context, service) = service.split_once('.').expect("context.Service");
    format!("/portal.{context}.v1.{service}/{method}")
}

fn header(request: &Request, name: &str) -> String {
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

fn reply(message: &[u8]) -> Response {
    let mut framed = vec![0];
    framed.extend_from_slice(&u32::try_from(message.len()).expect("size").to_be_bytes());
    framed.extend_from_slice(message);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let frames = [Ok::<_, std::io::Error>(Frame::data(Bytes::from(framed))), Ok(Frame::trailers(trailers))];
    Response::builder()
        .header("content-type", "application/grpc")
        .body(Body::new(StreamBody::new(stream::iter(frames))))
        .expect("response")
}

/// A refusal as the services send it.
pub fn refuse(code: &str, violations: &[(&str, &str)]) -> Status {
    let mut details = ErrorDetails::new();
    details.set_error_info(code, "test", HashMap::new());
    if !violations.is_empty() {
        let fields: Vec<_> = violations.iter().map(|(field, code)| FieldViolation::new(*field, *code)).collect();
        details.set_bad_request(fields);
    }
    Status::with_error_details(tonic::Code::FailedPrecondition, "refused", details)
}
