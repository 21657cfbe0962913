//! Text messages over Mobizon's HTTP interface (api.mobizon.kz): one POST a message; the answer's "code" is 0 when it was
//! taken.

use std::time::Duration;

use kernel::Secret;
use serde::Deserialize;

use crate::{config::SmsConfig, mail::SendError};

/// "code" of an answer: the message was taken; something in it is wrong and will be wrong again.
const TAKEN: i64 = 0;
const INVALID: i64 = 1;

/// A way to the SMS gateway. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Texter {
    client: reqwest::Client,
    url: String,
    key: Secret,
    from: String,
}

#[derive(Deserialize)]
struct Answer {
    code: i64,
}

impl Texter {
    pub(crate) fn new(config: &SmsConfig) -> anyhow::Result<Self> {
        chassis::auth::ed25519::install();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(config.send_seconds))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let url = format!("{}/service/message/sendSmsMessage", config.url.trim_end_matches('/'));
        Ok(Self { client, url, key: config.api_key.clone(), from: config.from.clone() })
    }

    /// Sends a text to a phone in international form.
    pub(crate) async fn send(&self, phone: &str, text: &str) -> Result<(), SendError> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let mut form = vec![("recipient", digits.as_str()), ("text", text)];
        if !self.from.is_empty() {
            form.push(("from", self.from.as_str()));
        }
        let answer = self
            .client
            .post(&self.url)
            .query(&[("output", "json"), ("api", "v1"), ("apiKey", self.key.expose())])
            .form(&form)
            .send()
            .await
            // Without the address, in which the key stands.
            .map_err(|error| SendError::Again(format!("the SMS gateway can't be reached: {}", error.without_url())))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(SendError::Again(format!("the SMS gateway answered {status}")));
        }
        // Its words are left alone: they may repeat the number.
        match answer.json::<Answer>().await {
            Ok(Answer { code: TAKEN }) => Ok(()),
            Ok(Answer { code: INVALID }) => Err(SendError::Refused("the SMS gateway refused the message".to_owned())),
            Ok(Answer { code }) => Err(SendError::Again(format!("the SMS gateway answered with code {code}"))),
            Err(_) => Err(SendError::Again("the SMS gateway's answer can't be read".to_owned())),
        }
    }
}
