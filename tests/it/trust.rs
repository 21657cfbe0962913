//! Between separate processes nobody is trusted for being there: a certificate of the own authority and a verified token
//! for calls, a key that allows one's own subjects for NATS, a role without the schema for the database.

use std::{sync::Arc, time::Duration};

use chassis::dial::{CallsConfig, DialerBuilder, tls::TlsConfig};
use proto::billing::v1::{GetBillableRequest, ReserveInvoiceRequest, billing_client::BillingClient};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use testkit::{World, poll};
use tokio::sync::Mutex;
use tonic::Code;

async fn billing(calls: &chassis::dial::CallsConfig, token: Option<&str>) -> Code {
    let dialer = DialerBuilder::default().remote(calls, "client").build();
    let mut request = tonic::Request::new(GetBillableRequest { application_number: 102 });
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let Ok(channel) = dialer.channel("billing") else { return Code::FailedPrecondition };
    match BillingClient::new(channel).get_billable(request).await {
        Ok(_) => Code::Ok,
        Err(status) => status.code(),
    }
}

/// A token with another head, or another signature.
fn forged(token: &str, head: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let rest = token.split_once('.').unwrap().1;
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(head))
}

async fn refused(database: &DatabaseConnection, statement: &str) {
    let done = database.execute_raw(Statement::from_string(DbBackend::Postgres, statement)).await;
    let error = done.expect_err(statement).to_string();
    assert!(error.contains("permission denied"), "{statement}: {error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_process_may_do_its_own_and_nothing_else() {
    let mut world = World::start_separate(&[], &[]).await;
    let applicant = world.demo("applicant").await;
    let token = applicant.token.clone().unwrap();
    let dev = world.dev();

    // Calls: certificate and token, each by itself is not enough.
    let calls = dev.calls().clone();
    assert_eq!(billing(&calls, Some(&token)).await, Code::Ok);
    assert_eq!(billing(&calls, None).await, Code::NotFound, "what one may not know is not there");
    for head in [r#"{"alg":"none","typ":"JWT"}"#, r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"alg":"EdDSA","kid":"x"}"#] {
        assert_eq!(billing(&calls, Some(&forged(&token, head))).await, Code::Unauthenticated, "{head}");
    }
    let mut plain = calls.clone();
    let place = dev.services["billing"][0];
    plain.addresses.insert("billing".to_owned(), format!("http://{place}"));
    assert_eq!(billing(&plain, Some(&token)).await, Code::Unavailable, "without TLS");
    let mut mistaken = calls.clone();
    mistaken.addresses.insert("billing".to_owned(), format!("https://{}", dev.services["identity"][0]));
    assert_eq!(billing(&mistaken, Some(&token)).await, Code::Unavailable, "a server with another name");
    let mut stranger = calls.clone();
    let folder = dev.data().join("stranger");
    portal::dev::certificates(&folder, &["client"]).unwrap();
    let file = |name: &str| folder.join(name).display().to_string();
    stranger.tls = TlsConfig { cert_file: file("client.pem"), key_file: file("client.key"), ..calls.tls.clone() };
    assert_eq!(billing(&stranger, Some(&token)).await, Code::Unavailable, "a certificate of another authority");

    // The name in the certificate: each method is called by those who have to, however good the token is.
    let reserve = |caller: &'static str| {
        let dialer = DialerBuilder::default().remote(&dev.chassis().calls, caller).build();
        let mut request = tonic::Request::new(ReserveInvoiceRequest {
            invoice_id: "inv_018f0000-0000-7000-8000-000000000000".to_owned(),
            attempt_id: "att_018f0000-0000-7000-8000-000000000000".to_owned(),
            terms_accepted: true,
        });
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        async move {
            BillingClient::new(dialer.channel("billing").unwrap()).reserve_invoice(request).await.unwrap_err().code()
        }
    };
    assert_eq!(reserve("payments").await, Code::NotFound, "let in, and there is no such invoice");
    for caller in ["applications", "gateway", "client", "nats"] {
        assert_eq!(reserve(caller).await, Code::PermissionDenied, "{caller} reserves an invoice");
    }
    for (caller, code) in
        [("gateway", Code::Ok), ("payments", Code::PermissionDenied), ("nats", Code::PermissionDenied)]
    {
        let theirs = CallsConfig { tls: dev.chassis().calls.tls.of(caller), ..calls.clone() };
        assert_eq!(billing(&theirs, Some(&token)).await, code, "{caller} reads what is to be paid");
    }
    let log = std::fs::read_to_string(dev.data().join("logs/billing.log")).unwrap();
    assert!(log.contains("its certificate does not permit this method"), "{log}");

    // NATS: one's own facts and one's own inbox.
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let noting = Arc::clone(&told);
    let nats = dev.chassis().nats.clone();
    let seed = std::fs::read_to_string(dev.data().join("nkeys/billing.seed")).unwrap();
    let client = async_nats::ConnectOptions::with_nkey(seed.trim().to_owned())
        .add_root_certificates(nats.ca_file.clone().into())
        .require_tls(true)
        .custom_inbox_prefix("_INBOX.billing")
        .event_callback(move |event| {
            let noting = Arc::clone(&noting);
            async move { noting.lock().await.push(event.to_string().to_lowercase()) }
        })
        .connect(&nats.url)
        .await
        .unwrap();
    for subject in [
        "portal.payments.v1.attempt.charge_verified",
        "$JS.API.STREAM.DELETE.PORTAL_BILLING",
        "$JS.API.CONSUMER.MSG.NEXT.PORTAL_APPLICATIONS.booking-from-applications",
        "$JS.API.CONSUMER.DELETE.PORTAL_APPLICATIONS.booking-from-applications",
    ] {
        client.publish(subject, "".into()).await.unwrap();
    }
    for subject in ["portal.>", "_INBOX.identity.>", ">"] {
        let _ = client.subscribe(subject).await.unwrap();
    }
    client.flush().await.unwrap();
    poll::until(
        "seven refusals of NATS",
        || async { told.lock().await.clone() },
        |told| told.iter().filter(|event| event.contains("permissions violation")).count() >= 7,
    )
    .await;
    let keyless = async_nats::ConnectOptions::new()
        .add_root_certificates(nats.ca_file.clone().into())
        .require_tls(true)
        .connection_timeout(Duration::from_secs(5))
        .connect(&nats.url)
        .await;
    assert!(keyless.is_err(), "NATS lets somebody in without a key");

    // The database: rows of one's own, not the schema, not the log, nobody else's.
    let url = dev.chassis().database.url_of("billing", dev.data()).unwrap();
    let database = sea_orm::Database::connect(&url).await.unwrap();
    for statement in [
        "CREATE TABLE mine (id INT)",
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
        "DELETE FROM seaql_migrations",
    ] {
        refused(&database, statement).await;
    }
    let altered = Statement::from_string(DbBackend::Postgres, "ALTER TABLE invoice DROP COLUMN total");
    let error = database.execute_raw(altered).await.unwrap_err().to_string();
    assert!(error.contains("must be owner"), "{error}");
    database.close().await.unwrap();
    let elsewhere = url.replace("/billing", "/identity");
    assert!(sea_orm::Database::connect(&elsewhere).await.is_err(), "billing's role gets into identity's database");
    world.end().await;
}
