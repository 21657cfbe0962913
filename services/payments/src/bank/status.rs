//! The status inquiry (DOMAIN section 1.5): the only answer that money is decided by.

use kernel::Time;

use super::{Bank, BankBody, BankCall, BankError, loose::Loose};
use crate::domain::decision::{BankAnswer, Transaction};

impl Bank {
    /// Asks for one order. Whatever is no clear answer is [`BankAnswer::Unknown`]; the text is what the bank wrote.
    pub(crate) async fn status(&self, bank_invoice_id: &str) -> (BankAnswer, String) {
        match self.ask(bank_invoice_id).await {
            Ok(body) => (read(&body), body),
            Err(error) => {
                tracing::warn!(bank_invoice_id, %error, "the bank gave no status");
                (BankAnswer::Unknown, String::new())
            }
        }
    }

    async fn ask(&self, bank_invoice_id: &str) -> Result<String, BankError> {
        let url = format!("{}/check-status/payment/transaction/{bank_invoice_id}", self.config.api_url);
        let call = |token| BankCall { url: url.clone(), token: Some(token), body: BankBody::None };
        let reply = self.as_service(call).await?;
        match reply.status {
            // Some codes come with 400 and the same JSON.
            200 | 400 => Ok(reply.body),
            status => Err(BankError::Refused { what: "status", status }),
        }
    }
}

fn read(body: &str) -> BankAnswer {
    let Some(answer) = Loose::parse(body) else { return BankAnswer::Unknown };
    match answer.text("resultCode").as_deref() {
        Some("100") => answer
            .object("transaction")
            .and_then(|shown| transaction(&shown))
            .map_or(BankAnswer::Unknown, |shown| BankAnswer::Transaction(Box::new(shown))),
        Some("102") => BankAnswer::NotFound,
        Some(code @ ("104" | "106" | "109")) => {
            tracing::error!(result_code = code, "the bank does not know our terminal: check client_id and terminal");
            BankAnswer::Unknown
        }
        Some(_) | None => BankAnswer::Unknown,
    }
}

fn transaction(shown: &Loose<'_>) -> Option<Transaction> {
    let text = |name: &str| shown.text(name).unwrap_or_default();
    Some(Transaction {
        id: shown.text("id")?,
        status: shown.text("statusName")?,
        invoice_id: shown.text("invoiceID")?,
        amount: shown.minor("amount"),
        bonus: shown.minor("amountBonus"),
        original: shown.minor("orgAmount"),
        returned: shown.minor("payoutAmount"),
        currency: text("currency"),
        terminal_id: shown.text("terminalID").unwrap_or_else(|| text("terminal")),
        reason_code: text("reasonCode"),
        reference: text("reference"),
        approval_code: text("approvalCode"),
        card_mask: text("cardMask"),
        created_at: shown.text("createdDate").and_then(|date| Time::parse_rfc3339(&date).ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_read_alike() {
        let one = r#"{"resultCode":100,"transaction":{"id":"a","invoiceID":"100000001","statusName":"CHARGE","amount":10000,
            "amountBonus":0,"orgAmount":10000.00,"currency":"KZT","terminalID":"t","reasonCode":"00","createdDate":"2026-11-22T16:20:11.960781107+06:00"}}"#;
        let other = r#"{"resultCode":"100","transaction":{"id":"a","invoiceId":"100000001","statusName":"CHARGE","amount":"10000.0",
            "amount_bonus":"0","orgAmount":"10000","currency":"KZT","terminalId":"t","reasonCode":"00","createdDate":"2026-11-22T15:20:11.960781107+05:00"}}"#;
        assert_eq!(read(one), read(other));
        let BankAnswer::Transaction(transaction) = read(one) else { panic!("a transaction") };
        assert_eq!((transaction.amount, transaction.original), (Some(1_000_000), Some(1_000_000)));
    }

    #[test]
    fn what_is_no_clear_answer_is_unknown() {
        for body in [
            "",
            "<html>",
            "{\"resultCode\":\"107\"}",
            "{\"resultCode\":\"100\"}",
            "{\"resultCode\":\"100\",\"transaction\":{\"id\":",
        ] {
            assert_eq!(read(body), BankAnswer::Unknown, "{body}");
        }
        assert_eq!(read("{\"resultCode\":\"102\"}"), BankAnswer::NotFound);
    }
}
