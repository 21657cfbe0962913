//! Letters over SMTP: plain text and a simple HTML of the same words.

mod html;

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};

use crate::config::{Protection, SmtpConfig};

/// One letter to one person.
pub(crate) struct Letter<'a> {
    pub to_name: &'a str,
    pub to_address: &'a str,
    pub message_id: &'a str,
    pub subject: &'a str,
    /// Plain text; paragraphs are parted by an empty line.
    pub body: &'a str,
}

/// A letter's HTML as it is sent.
pub(crate) fn html_page(subject: &str, body: &str) -> String {
    html::page(subject, body)
}

/// Why a letter was not taken. Neither tells the address.
#[derive(Debug)]
pub(crate) enum SendError {
    Again(String),
    Refused(String),
}

/// A way to the mail server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    time: Duration,
}

impl Mailer {
    pub(crate) fn new(config: &SmtpConfig) -> anyhow::Result<Self> {
        chassis::auth::ed25519::install();
        let tls = match config.tls {
            Protection::None => Tls::None,
            Protection::Starttls => Tls::Required(TlsParameters::new(config.host.clone())?),
            Protection::Tls => Tls::Wrapper(TlsParameters::new(config.host.clone())?),
        };
        let time = Duration::from_secs(config.send_seconds);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port)
            .tls(tls)
            .timeout(Some(time));
        if !config.user.is_empty() {
            builder = builder.credentials(Credentials::new(config.user.clone(), config.password.expose().to_owned()));
        }
        let address: Address = config.from_address.parse()?;
        Ok(Self { transport: builder.build(), from: Mailbox::new(Some(config.from_name.clone()), address), time })
    }

    pub(crate) async fn send(&self, letter: &Letter<'_>) -> Result<(), SendError> {
        let address: Address =
            letter.to_address.parse().map_err(|_| SendError::Refused("the address can't be written to".to_owned()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(letter.to_name.to_owned()), address))
            .message_id(Some(letter.message_id.to_owned()))
            .subject(letter.subject)
            .multipart(MultiPart::alternative_plain_html(
                letter.body.to_owned(),
                html::page(letter.subject, letter.body),
            ))
            .map_err(|error| SendError::Refused(format!("the letter can't be built: {error}")))?;
        match tokio::time::timeout(self.time, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(SendError::Refused(reason(&error))),
            Ok(Err(error)) => Err(SendError::Again(reason(&error))),
            Err(_) => Err(SendError::Again("the mail server did not answer in time".to_owned())),
        }
    }
}

/// What went wrong, without the server's words: they may repeat the address.
fn reason(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
        None if error.is_tls() => "no protected way to the mail server".to_owned(),
        None => "the mail server can't be reached".to_owned(),
    }
}
