//! temporary
use super::*;
use chassis::{clock::Sources, config::{ChassisConfig, Settings}, seal::KeyRing, service::{Host, HostSettings}};
use proto::billing::v1::ReservedInvoice;
use kernel::*;

#[tokio::test(flavor = "multi_thread")]
async fn against_the_sandbox() {
    let dir = std::path::PathBuf::from(format!("/tmp/smoke-{}", std::process::id()));
    std::fs::create_dir_all(dir.join("keys")).unwrap();
    let sources = Sources::system();
    let mut settings = Settings::load(&[("chassis", chassis::config::DEFAULTS), ("payments", Payments::DEFAULTS)], None);
    for (k, v) in [("oauth_url", "http://127.0.0.1:18090/oauth2/token"), ("api_url", "http://127.0.0.1:18090"), ("script_url", "http://127.0.0.1:18090/payform/payment-api.js"), ("client_id", "demo"), ("client_secret", "s3cret"), ("terminal", &std::env::var("TERMINAL").unwrap()), ("shop_id", &std::env::var("SHOP").unwrap())] {
        settings.set(&format!("payments.{k}"), v);
    }
    let chassis_config: ChassisConfig = settings.section("chassis").unwrap();
    let config: Config = settings.section("payments").unwrap();
    let keys = KeyRing::open(&dir.join("keys"), false, &sources).unwrap();
    let mut host = Host::new(HostSettings { data: dir.clone(), sources: sources.clone(), keys, chassis: chassis_config }, &["payments"]).unwrap();
    let context = host.add::<Payments>(&mut settings).await.unwrap();
    let ports = app::Ports::new(context.clone(), config).unwrap();
    let invoice = InvoiceId::from_uuid(sources.uuid());
    let account = AccountId::from_uuid(sources.uuid());
    let id = AttemptId::from_uuid(sources.uuid());
    let mut ids = vec![];
    for n in 0..2 {
    let id = if n == 0 { id } else { AttemptId::from_uuid(sources.uuid()) };
    let inner = ports.clone();
    let invoice = if n == 0 { invoice } else { InvoiceId::from_uuid(sources.uuid()) };
    let attempt = context.db.write(move |tx| async move {
        app::start_attempt::create(&tx, &inner, id, invoice, account, Money::kzt(1_000_000), ReservedInvoice { application_number: 101, document_number: "P-O/2024/188".into(), ..Default::default() }).await
    }).await.unwrap();
    println!("{attempt:?}");
    let order = bank::Order { attempt: &attempt, locale: Locale::Ru };
    let token = ports.bank.payment_token(&order).await.unwrap();
    println!("{}", order.payment_object(&token, "http://127.0.0.1:8080").unwrap());
    let link = ports.bank.invoice_link(&order).await.unwrap().unwrap();
    let attempt = app::start_attempt::redirected(&ports, id, token.expires_at).await.unwrap();
    println!("{:?}", app::inquire::ask(&ports, &attempt).await.unwrap().1);
    ids.push((id, link));
    }
    for ((id, link), card) in ids.iter().zip(["4405639704015096", "4405639700002007"]) {
        let http = reqwest::Client::builder().build().unwrap();
        let page = http.get(link).send().await.unwrap();
        let url = page.url().clone();
        println!("{url}");
        let text = page.text().await.unwrap();
        let names: Vec<&str> = text.split("name=\"").skip(1).map(|r| r.split('"').next().unwrap()).collect();
        println!("{names:?}");
        let form: Vec<(String, String)> = names.iter().filter(|n| **n != "viewport").map(|n| (n.to_string(), match n.to_lowercase().as_str() { x if x.contains("number") || x.contains("pan") => card.to_string(), x if x.contains("exp") => "12/30".to_string(), x if x.contains("cvc") => "321".to_string(), _ => "TEST".to_string() })).collect();
        let done = http.post(format!("{url}/pay")).form(&form).send().await.unwrap();
        println!("{} {}", done.status(), done.url());
        let body = format!("{{\"invoiceId\":\"1\",\"pan\":\"{card}\"}}");
        app::record_callback::run(&ports, Actor::Anonymous, &id.to_string(), body.as_bytes(), "127.0.0.1".into()).await.unwrap();
        assert!(app::record_callback::run(&ports, Actor::Anonymous, &id.to_string(), b"{\"secret_hash\":\"no\"}", "127.0.0.1".into()).await.is_err());
        app::record_callback::run(&ports, Actor::Anonymous, &AttemptId::from_uuid(sources.uuid()).to_string(), body.as_bytes(), "127.0.0.1".into()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        println!("step {}", app::inquire::step(&ports).await.unwrap());
        println!("{:?}", store::load(context.db.read(), &context.sealer, &id.to_string()).await.unwrap());
    }
    let inner = ports.clone();
    context.db.write(move |tx| async move { app::void_invoice::run(&tx, &inner, &invoice.to_string()).await }).await.unwrap();
}
