//! The demo's side of a start: sandboxes, accounts' password, data.

use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chassis::{clock::Sources, seal::KeyRing};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::options::Options;

/// Sandbox bank and mail server, on loopback.
pub(crate) struct Sandboxes {
    pub bank: sandbox_bank::Running,
    pub mail: sandbox_mail::Running,
    /// What points the services at them.
    pub settings: Vec<(&'static str, Value)>,
}

impl Sandboxes {
    /// Starts both.
    pub(crate) async fn start(
        options: &Options,
        keys: &KeyRing,
        portal_url: &str,
        stop: CancellationToken,
    ) -> anyhow::Result<Self> {
        let secret = keys.system_secret("sandbox-bank");
        let mut config = sandbox_bank::Config::sandbox(options.bank_listen, secret.clone());
        config.data = Some(options.data.join("sandbox-bank"));
        let (terminal, shop, client) = (config.terminal.clone(), config.shop_id.clone(), config.client_id.clone());
        let bank = sandbox_bank::start(config, stop.clone()).await.context("the sandbox bank")?;
        let smtp_listen = (options.mail_listen.ip(), 0).into();
        let mail = sandbox_mail::start(
            sandbox_mail::Config {
                smtp_listen,
                web_listen: options.mail_listen,
                data: Some(options.data.join("sandbox-mail")),
            },
            stop,
        )
        .await
        .context("the sandbox mail server")?;
        let portal_url = portal_url.trim_end_matches('/');
        let script = format!("{}/payform/payment-api.js", bank.base_url);
        let settings = vec![
            ("payments.oauth_url", json!(format!("{}/oauth2/token", bank.base_url))),
            ("payments.api_url", json!(bank.base_url)),
            ("payments.script_url", json!(script)),
            ("payments.client_id", json!(client)),
            ("payments.client_secret", json!(secret)),
            ("payments.terminal", json!(terminal)),
            ("payments.shop_id", json!(shop)),
            ("payments.portal_url", json!(portal_url)),
            ("gateway.bank.origins", json!([bank.base_url])),
            ("gateway.bank.script_url", json!(script)),
            ("notifications.smtp.host", json!(mail.smtp_address.ip().to_string())),
            ("notifications.smtp.port", json!(mail.smtp_address.port())),
            ("notifications.smtp.tls", json!("none")),
            ("notifications.sms.url", json!(format!("http://{}", mail.web_address))),
            ("notifications.sms.api_key", json!("sandbox")),
            ("identity.letters.code_by", json!("sms")),
            ("notifications.portal_url", json!(portal_url)),
            ("billing.portal_url", json!(portal_url)),
        ];
        Ok(Self { bank, mail, settings })
    }

    pub(crate) async fn stop(self) {
        self.bank.stop().await;
        self.mail.stop().await;
    }
}

/// The demo accounts' password: given, kept from before, or made now.
pub(crate) fn password(data: &Path, given: Option<&str>, sources: &Sources) -> anyhow::Result<String> {
    let file = data.join("demo-password");
    if let Ok(kept) = fs::read_to_string(&file) {
        return Ok(kept.trim().to_owned());
    }
    let password = match given {
        Some(given) => given.to_owned(),
        None => URL_SAFE_NO_PAD.encode(sources.random::<15>()),
    };
    let mut made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    made.write_all(password.as_bytes())?;
    made.sync_all()?;
    Ok(password)
}
