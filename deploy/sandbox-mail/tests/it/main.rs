//! Mail sent by a real client, read back from pages and JSON.

use lettre::message::MultiPart;
use lettre::transport::smtp::client::Tls;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use sandbox_mail::{Config, Faults, Running};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

type Test = anyhow::Result<()>;

async fn start(data: Option<&std::path::Path>) -> anyhow::Result<Running> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let any = ([127, 0, 0, 1], 0).into();
    let config = Config { smtp_listen: any, web_listen: any, data: data.map(Into::into) };
    sandbox_mail::start(config, CancellationToken::new()).await
}

fn transport(mail: &Running) -> AsyncSmtpTransport<Tokio1Executor> {
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(mail.smtp_address.port())
        .tls(Tls::None)
        .build()
}

fn letter(id: &str) -> anyhow::Result<Message> {
    let text = "Сәлем, Әсел!\n.starts with a dot\nhttp://127.0.0.1:8080/verify?a=1&b=2\n";
    let html = "<p>Сәлем, <b>Әсел</b></p><script>alert(1)</script>";
    Ok(Message::builder()
        .from("Expat Centre <expat@example.kz>".parse()?)
        .to("assel@example.kz".parse()?)
        .subject("Құрбан айт: 10 000 KZT")
        .message_id(Some(id.to_owned()))
        .multipart(MultiPart::alternative_plain_html(text.to_owned(), html.to_owned()))?)
}

async fn get(mail: &Running, path: &str) -> anyhow::Result<reqwest::Response> {
    Ok(reqwest::get(format!("http://{}{path}", mail.web_address)).await?)
}

#[tokio::test]
async fn a_message_arrives_and_is_shown() -> Test {
    let mail = start(None).await?;
    transport(&mail).send(letter("<one@example.kz>")?).await?;

    let json: Value = get(&mail, "/api/messages?to=ASSEL@example.kz").await?.json().await?;
    let field = |name| json.pointer(&format!("/messages/0/{name}")).and_then(Value::as_str);
    assert_eq!(field("subject"), Some("Құрбан айт: 10 000 KZT"));
    assert_eq!(field("message_id"), Some("<one@example.kz>"));
    let text = field("text").unwrap_or_default().replace("\r\n", "\n");
    assert!(text.contains("Сәлем, Әсел!\n.starts with a dot\n"), "{text}");
    assert!(field("html").is_some_and(|html| html.contains("<b>Әсел</b>")));

    assert!(get(&mail, "/").await?.text().await?.contains("Құрбан айт"));
    let page = get(&mail, "/messages/1").await?.text().await?;
    assert!(page.contains("href=\"http://127.0.0.1:8080/verify?a=1&#38;b=2\""), "{page}");
    assert!(!page.contains("<script>"));
    let html = get(&mail, "/messages/1/html").await?;
    let policy = html.headers()["content-security-policy"].to_str()?.to_owned();
    assert!(policy.contains("sandbox") && !policy.contains("allow-scripts"));
    assert_eq!(get(&mail, "/messages/9").await?.status(), 404);
    mail.stop().await;
    Ok(())
}

#[tokio::test]
async fn repeats_are_counted_and_files_survive() -> Test {
    let folder = tempfile::tempdir()?;
    let mail = start(Some(folder.path())).await?;
    mail.mailbox.set_faults(Faults { refuse_times: 1, silent_times: 1, ..Faults::default() });
    let transport_of = transport(&mail);
    assert!(transport_of.send(letter("<two@example.kz>")?).await.is_err());
    assert!(transport_of.send(letter("<two@example.kz>")?).await.is_err());
    transport_of.send(letter("<two@example.kz>")?).await?;
    transport_of.send(letter("<three@example.kz>")?).await?;
    mail.stop().await;

    let mail = start(Some(folder.path())).await?;
    let messages = mail.mailbox.messages();
    let seen: Vec<_> = messages.iter().map(|m| (m.message_id.as_str(), m.deliveries)).collect();
    assert_eq!(seen, [("<three@example.kz>", 1), ("<two@example.kz>", 2)]);
    assert_eq!(messages.first().map(|m| m.to.clone()), Some(vec!["assel@example.kz".to_owned()]));
    mail.stop().await;
    Ok(())
}

#[tokio::test]
async fn commands_out_of_order_are_refused() -> Test {
    let mail = start(None).await?;
    let mut stream = TcpStream::connect(mail.smtp_address).await?;
    let script = "DATA\r\nRCPT TO:<a@b.kz>\r\nMAIL FROM:a@b.kz\r\nMAIL FROM:<> SIZE=99999999999\r\n\
                  WHAT\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.kz>\r\nRSET\r\nDATA\r\nQUIT\r\n";
    stream.write_all(script.as_bytes()).await?;
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await?;
    let codes: Vec<&str> = answers.lines().filter_map(|line| line.get(..3)).collect();
    assert_eq!(codes, ["220", "503", "503", "501", "552", "500", "250", "250", "250", "503", "221"]);
    mail.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_text_message_is_shown_among_the_mail() -> Test {
    let mail = start(None).await?;
    let client = reqwest::Client::new();
    let send = async |key: &str, recipient: &str, text: &str| -> anyhow::Result<Value> {
        let url = format!("http://{}/service/message/sendSmsMessage?output=json&api=v1&apiKey={key}", mail.web_address);
        Ok(client.post(url).form(&[("recipient", recipient), ("text", text)]).send().await?.json().await?)
    };
    assert_eq!(send("k", "77010000001", "123456 – код\nсәлем").await?["code"], 0);
    assert_eq!(send("k", "8 701 000", "x").await?["code"], 1);
    assert_ne!(send("", "77010000001", "x").await?["code"], 0);
    let json: Value = get(&mail, "/api/messages?to=%2B77010000001").await?.json().await?;
    assert_eq!(json["messages"].as_array().map(Vec::len), Some(1));
    let text = json["messages"][0]["text"].as_str().unwrap_or_default().trim_end().to_owned();
    assert_eq!(text, "123456 – код\nсәлем");
    mail.stop().await;
    Ok(())
}
