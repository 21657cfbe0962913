//! What is done with a charge or a held sum by the bank's id (DOMAIN section 1.6). The answer says whether the bank took
//! it on; what became of it, only the status tells.

use kernel::Money;

use super::{Bank, BankBody, BankCall, BankError, loose::Loose};

/// What the bank answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answered {
    Accepted,
    /// It will not, with its code.
    Refused(String),
    /// No answer, or none that tells: it may have done it or not.
    Nothing,
}

/// Codes of a bank that is busy: no refusal.
const BUSY: [&str; 2] = ["103", "107"];

impl Bank {
    /// Gives back all of a charge, or a part under a number of our own.
    pub(crate) async fn refund(&self, operation: &str, part: Option<(Money, &str)>) -> Answered {
        let query = part.map(|(amount, id)| format!("?amount={}&externalID={id}", amount.decimal_text_short()));
        self.operate(operation, "refund", &query.unwrap_or_default()).await
    }

    /// Takes all of a held sum.
    pub(crate) async fn charge(&self, operation: &str) -> Answered {
        self.operate(operation, "charge", "").await
    }

    /// Lets a held sum go.
    pub(crate) async fn cancel(&self, operation: &str) -> Answered {
        self.operate(operation, "cancel", "").await
    }

    async fn operate(&self, operation: &str, what: &'static str, query: &str) -> Answered {
        match self.call(operation, what, query).await {
            Ok(answered) => answered,
            Err(error) => {
                tracing::warn!(operation, what, %error, "the bank did not answer an operation");
                Answered::Nothing
            }
        }
    }

    async fn call(&self, operation: &str, what: &'static str, query: &str) -> Result<Answered, BankError> {
        if operation.is_empty() || !operation.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(BankError::Unreadable("operation id"));
        }
        let url = format!("{}/operation/{operation}/{what}{query}", self.config.api_url);
        let call = |token| BankCall { url: url.clone(), token: Some(token), body: BankBody::Command };
        let reply = self.as_service(call).await?;
        Ok(read(reply.status, &reply.body))
    }
}

fn read(status: u16, body: &str) -> Answered {
    let code = Loose::parse(body).and_then(|answer| answer.text("code"));
    match (status, code) {
        (200, None) if body.trim().is_empty() => Answered::Accepted,
        (200, Some(code)) if code == "0" => Answered::Accepted,
        (200 | 400 | 403 | 404 | 422, Some(code)) if !BUSY.contains(&code.as_str()) => Answered::Refused(code),
        _ => Answered::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_answer_counts() {
        for (status, body, expected) in [
            (200, "", Answered::Accepted),
            (200, "{\"code\":0,\"message\":\"\"}", Answered::Accepted),
            (400, "{\"code\":100,\"message\":\"no\"}", Answered::Refused("100".to_owned())),
            (400, "{\"code\":107}", Answered::Nothing),
            (400, "", Answered::Nothing),
            (200, "{\"code\":", Answered::Nothing),
            (500, "{\"code\":100}", Answered::Nothing),
            (401, "{\"code\":100}", Answered::Nothing),
        ] {
            assert_eq!(read(status, body), expected, "{status} {body}");
        }
    }
}
