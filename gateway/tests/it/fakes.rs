//! Stand-ins for the services: they answer each RPC with a sample message, or refuse where a test says so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use chassis::dial::{Dialer, DialerBuilder};
use futures::stream;
use http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use prost::Message;
use tokio_util::sync::CancellationToken;
use tonic::Status;

use crate::samples;

type Answer = Box<dyn Fn(&[u8]) -> Result<Vec<u8>, Status> + Send + Sync>;

/// The stand-ins and what they saw.
#[derive(Clone, Default)]
pub struct Fakes {
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    /// RPC, authorization and idempotency key of each call.
    pub calls: Arc<Mutex<Vec<(String, String, String)>>>,
}

impl Fakes {
    /// All RPCs with their samples, and the dialer that reaches them.
    #[expect(clippy::disallowed_methods, reason = "the stand-ins end with the test's runtime")]
    pub fn start() -> (Self, Dialer) {
        let fakes = Self::default();
        samples::install(&fakes);
        let mut dialer = DialerBuilder::default();
        for service in ["identity", "applications", "participants", "billing", "payments", "booking", "notifications"] {
            let pipes = dialer.in_process(service);
            let answering = fakes.clone();
            let router = Router::new().fallback(move |request: Request| {
                let answering = answering.clone();
                async move { answering.answer(request).await }
            });
            let routes = tonic::service::Routes::from(router);
            tokio::spawn(chassis::server::serve_pipes(routes, pipes, CancellationToken::new()));
        }
        (fakes, dialer.build())
    }

    /// Answers an RPC (`identity.Identity/SignIn`) from its request.
    pub fn on<I: Message + Default, O: Message>(
        &self,
        rpc: &str,
        answer: impl Fn(I) -> Result<O, Status> + Send + Sync + 'static,
    ) {
        let (service, method) = rpc.split_once('/').expect("service/method");
        let (context, service) = service.split_once('.').expect("context.service");
        let path = format!("/portal.{context}.v1.{service}/{method}");
        let answer: Answer = Box::new(move |bytes| {
            let input = I::decode(bytes).map_err(|error| Status::internal(error.to_string()))?;
            answer(input).map(|output| output.encode_to_vec())
        });
        self.answers.lock().expect("lock").insert(path, answer);
    }

    /// How often an RPC was called, with the last call's authorization and key.
    pub fn seen(&self, method: &str) -> (usize, String, String) {
        let calls = self.calls.lock().expect("lock");
        let of_method: Vec<_> = calls.iter().filter(|call| call.0.ends_with(&format!("/{method}"))).collect();
        let last = of_method.last().map(|call| (call.1.clone(), call.2.clone())).unwrap_or_default();
        (of_method.len(), last.0, last.1)
    }

    async fn answer(self, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        let call = (path.clone(), header(&request, "authorization"), header(&request, "idempotency-key"));
        self.calls.lock().expect("lock").push(call);
        let body = request.into_body().collect().await.expect("body").to_bytes();
        // A stream is known by its first message.
        let length = body.get(1..5).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes);
        let message = body.get(5..5 + length as usize).unwrap_or_default();
        match self.find(&path, message) {
            Ok(message) => reply(&message),
            Err(status) => status.into_http(),
        }
    }

    fn find(&self, path: &str, message: &[u8]) -> Result<Vec<u8>, Status> {
        let answers = self.answers.lock().expect("lock");
        answers.get(path).ok_or_else(|| Status::unimplemented(path))?(message)
    }
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
pub fn refusal(code: &str, violations: &[(&str, &str)]) -> Status {
    use tonic_types::{ErrorDetails, FieldViolation, StatusExt};
    let mut details = ErrorDetails::new();
    details.set_error_info(code, "test", HashMap::new());
    if !violations.is_empty() {
        let fields: Vec<_> = violations.iter().map(|(field, code)| FieldViolation::new(*field, *code)).collect();
        details.set_bad_request(fields);
    }
    Status::with_error_details(tonic::Code::FailedPrecondition, "refused", details)
}
