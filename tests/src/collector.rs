//! A collector of the test's own: takes traces, metrics and logs over OTLP/gRPC and remembers all of it.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use opentelemetry_proto::tonic::{
    collector::{
        logs::v1::{
            ExportLogsServiceRequest, ExportLogsServiceResponse,
            logs_service_server::{LogsService, LogsServiceServer},
        },
        metrics::v1::{
            ExportMetricsServiceRequest, ExportMetricsServiceResponse,
            metrics_service_server::{MetricsService, MetricsServiceServer},
        },
        trace::v1::{
            ExportTraceServiceRequest, ExportTraceServiceResponse,
            trace_service_server::{TraceService, TraceServiceServer},
        },
    },
    common::v1::{KeyValue, any_value::Value},
    resource::v1::Resource,
    trace::v1::span::SpanKind,
};
use prost::Message as _;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

/// A span that arrived.
#[derive(Debug, Clone)]
pub struct Span {
    /// The process that made it.
    pub process: String,
    pub name: String,
    pub kind: SpanKind,
    pub trace: String,
    pub id: String,
    pub parent: String,
    /// Traces that it links to.
    pub links: Vec<String>,
    pub attributes: Vec<(String, String)>,
}

impl Span {
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

/// A line of a log that arrived.
#[derive(Debug, Clone)]
pub struct Line {
    pub process: String,
    pub text: String,
    /// Empty outside of any.
    pub trace: String,
}

#[derive(Default)]
struct Received {
    spans: Vec<Span>,
    metrics: BTreeSet<(String, String)>,
    lines: Vec<Line>,
    bytes: Vec<Vec<u8>>,
}

/// What arrived so far. Cheap to clone.
#[derive(Clone, Default)]
pub struct Collector(Arc<Mutex<Received>>);

impl Collector {
    /// Listens until the test ends; answers its address too.
    pub async fn start() -> (Self, String) {
        let collector = Self::default();
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Server::builder()
            .add_service(TraceServiceServer::new(collector.clone()))
            .add_service(MetricsServiceServer::new(collector.clone()))
            .add_service(LogsServiceServer::new(collector.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        (collector, url)
    }

    pub fn spans(&self) -> Vec<Span> {
        self.0.lock().unwrap().spans.clone()
    }

    /// Process and name of each.
    pub fn metrics(&self) -> BTreeSet<(String, String)> {
        self.0.lock().unwrap().metrics.clone()
    }

    pub fn lines(&self) -> Vec<Line> {
        self.0.lock().unwrap().lines.clone()
    }

    /// Whether a text stands anywhere in what arrived.
    pub fn holds(&self, text: &str) -> bool {
        let received = self.0.lock().unwrap();
        received.bytes.iter().any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
    }
}

fn text(value: Option<Value>) -> String {
    match value {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn pairs(attributes: Vec<KeyValue>) -> Vec<(String, String)> {
    attributes.into_iter().map(|pair| (pair.key, text(pair.value.and_then(|any| any.value)))).collect()
}

fn process(resource: Option<Resource>) -> String {
    let attributes = pairs(resource.map(|resource| resource.attributes).unwrap_or_default());
    attributes.into_iter().find(|(key, _)| key == "service.name").map(|(_, name)| name).unwrap_or_default()
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let request = request.into_inner();
        let mut received = self.0.lock().unwrap();
        received.bytes.push(request.encode_to_vec());
        for group in request.resource_spans {
            let process = process(group.resource);
            for span in group.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                received.spans.push(Span {
                    process: process.clone(),
                    kind: span.kind(),
                    name: span.name,
                    trace: hex::encode(span.trace_id),
                    id: hex::encode(span.span_id),
                    parent: hex::encode(span.parent_span_id),
                    links: span.links.into_iter().map(|link| hex::encode(link.trace_id)).collect(),
                    attributes: pairs(span.attributes),
                });
            }
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        let request = request.into_inner();
        let mut received = self.0.lock().unwrap();
        received.bytes.push(request.encode_to_vec());
        for group in request.resource_metrics {
            let process = process(group.resource);
            for metric in group.scope_metrics.into_iter().flat_map(|scope| scope.metrics) {
                received.metrics.insert((process.clone(), metric.name));
            }
        }
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl LogsService for Collector {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        let request = request.into_inner();
        let mut received = self.0.lock().unwrap();
        received.bytes.push(request.encode_to_vec());
        for group in request.resource_logs {
            let process = process(group.resource);
            for record in group.scope_logs.into_iter().flat_map(|scope| scope.log_records) {
                received.lines.push(Line {
                    process: process.clone(),
                    text: text(record.body.and_then(|any| any.value)),
                    trace: hex::encode(record.trace_id),
                });
            }
        }
        Ok(Response::new(ExportLogsServiceResponse::default()))
    }
}
