//! "Submit", followed from the edge to the mail through what the processes send to a collector; the numbers that
//! alerts rest on; and nobody's data in any of it.

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use serde_json::json;
use testkit::{
    Api, World,
    child::{Ports, Process},
    collector::{Collector, Span},
    journey as j, poll,
    world::PASSWORD,
};

const SURNAME: &str = "Canarybird";
const EMAIL: &str = "canary.bird@mail.example";
/// Of the journey's persons.
const PASSPORT: &str = "N0000000";
const CONTACT: &str = "nora@mail.example";

async fn sign_up(api: &Api) -> Api {
    let account = json!({
        "kind": "ACCOUNT_KIND_PERSON", "email": EMAIL, "password": PASSWORD, "given_name": "Nora", "surname": SURNAME,
        "phone": "+77012345678", "locale": "en", "consent_version": 1,
    });
    api.post("/accounts", account.clone()).await.ok();
    api.post("/accounts", account).await;
    assert!(!api.post("/tokens", json!({ "email": EMAIL, "password": "wrong" })).await.status.is_success());
    api.sign_in(EMAIL, PASSWORD).await
}

/// Waits for a span.
async fn span(collector: &Collector, what: &str, fits: impl Fn(&Span) -> bool) -> Span {
    let found = poll::until(
        what,
        || async {
            let spans = collector.spans();
            let found = spans.iter().find(|span| fits(span)).cloned();
            let names: Vec<String> =
                spans.into_iter().map(|span| format!("{}: {} -> {:?}", span.process, span.name, span.links)).collect();
            (found, names)
        },
        |(found, _)| found.is_some(),
    )
    .await;
    found.0.unwrap()
}

/// Whether `span` stands below `ancestor`.
fn is_below(spans: &[Span], span: &Span, ancestor: &Span) -> bool {
    let mut current = span.clone();
    while let Some(parent) = spans.iter().find(|other| other.id == current.parent && other.trace == current.trace) {
        if parent.id == ancestor.id {
            return true;
        }
        current = parent.clone();
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_can_be_followed_through_separate_processes_to_its_mail() {
    let (collector, url) = Collector::start().await;
    let settings = [
        ("chassis.telemetry.otlp_endpoint", json!(url)),
        ("chassis.telemetry.metrics_seconds", json!(1)),
        ("chassis.telemetry.log", json!("info")),
    ];
    let world = World::start_separate(&settings, &[]).await;
    submit(&world.api).await;
    follow(&collector, "nats", |part| part).await;
    world.end().await;
    nobody_is_named(&collector);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_can_be_followed_through_one_process_to_its_mail() {
    let (collector, url) = Collector::start().await;
    let folder = tempfile::tempdir().unwrap();
    let environment = [
        ("PORTAL__CHASSIS__TELEMETRY__OTLP_ENDPOINT", url.as_str()),
        ("PORTAL__CHASSIS__TELEMETRY__METRICS_SECONDS", "1"),
        ("PORTAL__CHASSIS__TELEMETRY__LOG", "info"),
    ];
    let portal = Process::start_with(&folder.path().join("data"), Ports::free(), &environment).await.unwrap();
    submit(&portal.api).await;
    follow(&collector, "in_process", |_| "portal").await;
    assert!(portal.terminate().await.success());
    nobody_is_named(&collector);
}

/// A refused and an accepted submission.
async fn submit(api: &Api) {
    let who = sign_up(api).await;
    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let path = format!("/applications/{}/submit", j::number(&draft));
    let refused = who.post_at(&path, j::version(&draft), json!({})).await;
    assert!(!refused.status.is_success(), "the offer was not accepted");
    j::submit(&who, &draft).await;
}

fn nobody_is_named(collector: &Collector) {
    for canary in [EMAIL, SURNAME, PASSPORT, CONTACT] {
        assert!(!collector.holds(canary), "{canary} was sent to the collector");
    }
    assert!(collector.holds("SubmitApplication"), "what was sent is looked through");
}

/// Each span of the submission's way, where `process` tells what the process of a part calls itself.
async fn follow(collector: &Collector, bus: &str, process: impl Fn(&'static str) -> &'static str) {
    let request = span(collector, "the request that submitted", |span| {
        span.name == "POST /api/v1/applications/{number}/submit"
            && span.attribute("http.response.status_code") == Some("200")
    })
    .await;
    assert_eq!(
        (request.process.as_str(), request.kind, request.parent.as_str()),
        (process("gateway"), SpanKind::Server, "")
    );
    assert_eq!(request.attribute("http.request.method"), Some("POST"));
    assert_eq!(request.attribute("http.route"), Some("/api/v1/applications/{number}/submit"));
    let trace = request.trace.as_str();

    let call = span(collector, "the call that it became", |span| {
        span.trace == trace
            && span.kind == SpanKind::Server
            && span.process == process("applications")
            && span.name == "portal.applications.v1.Applications/SubmitApplication"
    })
    .await;
    assert_eq!(call.attribute("rpc.system"), Some("grpc"));
    assert_eq!(call.attribute("rpc.service"), Some("portal.applications.v1.Applications"));
    assert_eq!(call.attribute("rpc.method"), Some("SubmitApplication"));
    assert_eq!(call.attribute("rpc.grpc.status_code"), Some("0"));
    let commit = span(collector, "its commit", |span| {
        span.trace == trace && span.process == process("applications") && span.name == "commit"
    })
    .await;
    span(collector, "the call from the gateway's side", |span| {
        span.trace == trace
            && span.kind == SpanKind::Client
            && span.process == process("gateway")
            && span.id == call.parent
    })
    .await;
    // A span is sent when it has ended: those above come later.
    poll::until(
        "all spans between the request and the commit",
        || async { collector.spans().into_iter().filter(|span| span.trace == trace).collect::<Vec<_>>() },
        |spans| is_below(spans, &call, &request) && is_below(spans, &commit, &call),
    )
    .await;

    let fact = "portal.applications.v1.application.submitted";
    let published = span(collector, "the fact's way into the stream", |span| {
        span.name == format!("publish {fact}") && span.links.iter().any(|link| link == trace)
    })
    .await;
    assert_eq!((published.process.as_str(), published.kind), (process("applications"), SpanKind::Producer));
    assert_eq!(published.attribute("messaging.system"), Some(bus));
    assert_eq!(published.attribute("messaging.destination.name"), Some(fact));
    let heard = span(collector, "the fact heard by notifications", |span| {
        span.name == format!("process {fact}")
            && span.process == process("notifications")
            && span.links.iter().any(|link| link == trace)
    })
    .await;
    assert_eq!(heard.kind, SpanKind::Consumer);
    assert_eq!(heard.attribute("messaging.consumer.group.name"), Some("notifications-from-applications"));
    assert_eq!(heard.attribute("messaging.message.id"), published.attribute("messaging.message.id"));
    let mailed = span(collector, "the mail", |span| {
        span.name == "send mail" && span.process == process("notifications") && span.links.contains(&heard.trace)
    })
    .await;
    span(collector, "the question for the address, within the mail's trace", |span| {
        span.trace == mailed.trace
            && span.name == "portal.identity.v1.Identity/GetContact"
            && span.process == process("identity")
    })
    .await;

    poll::until(
        "a refusal in the log, under its trace",
        || async { collector.lines() },
        |lines| {
            lines
                .iter()
                .any(|line| line.process == process("applications") && line.text == "refused" && line.trace.len() == 32)
        },
    )
    .await;
    numbers(collector, process).await;
}

/// Each name that the alerts and panels rest on, from the process that knows it.
async fn numbers(collector: &Collector, process: impl Fn(&'static str) -> &'static str) {
    let expected = [
        ("gateway", "http.server.request.duration"),
        ("applications", "rpc.server.duration"),
        ("applications", "portal.outbox.waiting"),
        ("applications", "portal.outbox.age"),
        ("applications", "db.client.connection.count"),
        ("applications", "db.client.connection.max"),
        ("notifications", "portal.inbox.parked"),
        ("notifications", "portal.inbox.events"),
        ("notifications", "portal.mail.waiting"),
        ("notifications", "portal.mail.overdue"),
        ("notifications", "portal.mail.told"),
        ("payments", "portal.payments.attempts.open"),
        ("booking", "portal.booking.places"),
    ];
    poll::until(
        "all numbers",
        || async {
            let arrived = collector.metrics();
            let missing = |(part, name): &(&'static str, &str)| {
                !arrived.contains(&(process(part).to_owned(), (*name).to_owned()))
            };
            expected.into_iter().filter(missing).collect::<Vec<_>>()
        },
        Vec::is_empty,
    )
    .await;
}
