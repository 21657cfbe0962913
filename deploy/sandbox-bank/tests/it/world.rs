//! A bank, a merchant that listens for notices, and a browser.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use sandbox_bank::{Bank, Config, Running, TERMINAL};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub(crate) type Test = anyhow::Result<()>;

const SECRET: &str = "merchant-secret";

/// A page the browser got.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) url: String,
    pub(crate) body: String,
}

pub(crate) struct World {
    bank: Running,
    config: Config,
    client: reqwest::Client,
    merchant: String,
    notices: mpsc::UnboundedReceiver<Value>,
}

async fn told(State(sender): State<mpsc::UnboundedSender<Value>>, body: String) -> &'static str {
    let _ = sender.send(serde_json::from_str(&body).unwrap_or_default());
    "ok"
}

impl World {
    pub(crate) async fn new(data: Option<&Path>) -> anyhow::Result<Self> {
        let mut config = Config::sandbox(([127, 0, 0, 1], 0).into(), SECRET);
        config.data = data.map(Path::to_owned);
        let bank = sandbox_bank::start(config.clone(), CancellationToken::new()).await?;
        let (sender, notices) = mpsc::unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let merchant = format!("http://{}", listener.local_addr()?);
        let router = Router::new().route("/told", post(told)).with_state(sender);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let client = reqwest::Client::new();
        Ok(Self { bank, config, client, merchant, notices })
    }

    pub(crate) async fn restart(self) -> anyhow::Result<Self> {
        self.bank.stop().await;
        let bank = sandbox_bank::start(self.config.clone(), CancellationToken::new()).await?;
        Ok(Self { bank, ..self })
    }

    pub(crate) async fn end(self) -> Test {
        self.bank.stop().await;
        Ok(())
    }

    pub(crate) fn bank(&self) -> &Bank {
        &self.bank.bank
    }

    fn at(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("http://{}{path}", self.bank.address) }
    }

    async fn page(answer: reqwest::Response) -> anyhow::Result<Page> {
        let (status, url) = (answer.status().as_u16(), answer.url().to_string());
        Ok(Page { status, url, body: answer.text().await? })
    }

    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Page> {
        Self::page(self.client.get(self.at(path)).send().await?).await
    }

    /// A token for one payment, with the answer's status.
    pub(crate) async fn payment_token(&self, invoice: &str, amount: &str) -> anyhow::Result<(u16, Value)> {
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", "payment"),
            ("client_id", "test"),
            ("client_secret", SECRET),
            ("terminal", TERMINAL),
            ("invoiceID", invoice),
            ("amount", amount),
            ("currency", "KZT"),
            ("secret_hash", "our-secret"),
        ];
        let answer = self.client.post(self.at("/oauth2/token")).form(&form).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    async fn service_token(&self) -> anyhow::Result<String> {
        let body = json!({"grant_type": "client_credentials", "scope": "webapi payment",
            "client_id": "test", "client_secret": SECRET, "terminal": TERMINAL});
        let answer = self.client.post(self.at("/oauth2/token")).json(&body).send().await?;
        let token: Value = answer.error_for_status()?.json().await?;
        Ok(token["access_token"].as_str().unwrap_or_default().to_owned())
    }

    pub(crate) fn order(&self, invoice: &str, amount: &str, token: &Value) -> Value {
        let merchant = &self.merchant;
        json!({"invoiceId": invoice, "amount": amount, "currency": "KZT", "terminal": TERMINAL,
            "language": "eng", "description": "Application 101", "accountId": "acc", "auth": token,
            "backLink": format!("{merchant}/back/ok"), "failureBackLink": format!("{merchant}/back/failed"),
            "postLink": format!("{merchant}/told"), "failurePostLink": format!("{merchant}/told")})
    }

    /// What `halyk.pay` does.
    pub(crate) async fn open(&self, order: &Value) -> anyhow::Result<Page> {
        let request = self.client.get(self.at("/payform/")).query(&[("params", order.to_string())]);
        Self::page(request.send().await?).await
    }

    pub(crate) async fn pay_page(&self, invoice: &str, amount: &str) -> anyhow::Result<Page> {
        let (status, token) = self.payment_token(invoice, amount).await?;
        anyhow::ensure!(status == 200, "no token: {token}");
        let page = self.open(&self.order(invoice, amount, &token)).await?;
        anyhow::ensure!(page.status == 200, "no card page: {}", page.body);
        Ok(page)
    }

    pub(crate) async fn fill(&self, page: &Page, pan: &str) -> anyhow::Result<Page> {
        let form = [("pan", pan), ("expiry", "12/39"), ("cvc", "321"), ("name", "TEST PAYER")];
        let request = self.client.post(format!("{}/pay", page.url)).form(&form);
        Self::page(request.send().await?).await
    }

    pub(crate) async fn send_code(&self, page: &Page, code: &str) -> anyhow::Result<Page> {
        Self::page(self.client.post(&page.url).form(&[("code", code)]).send().await?).await
    }

    pub(crate) async fn status(&self, invoice: &str) -> anyhow::Result<Value> {
        let path = self.at(&format!("/check-status/payment/transaction/{invoice}"));
        let request = self.client.get(path).bearer_auth(self.service_token().await?);
        Ok(request.send().await?.json().await?)
    }

    pub(crate) async fn operate(&self, path: &str) -> anyhow::Result<u16> {
        let request = self.client.post(self.at(path)).bearer_auth(self.service_token().await?);
        Ok(request.send().await?.status().as_u16())
    }

    pub(crate) async fn link(&self, invoice: &str, amount: &str) -> anyhow::Result<Value> {
        let merchant = &self.merchant;
        let body = json!({"shop_id": self.config.shop_id, "account_id": "acc", "invoice_id": invoice,
            "amount": amount, "currency": "KZT", "language": "eng", "description": "Application 101",
            "expire_period": "1d", "back_link": format!("{merchant}/back/ok"),
            "failure_back_link": format!("{merchant}/back/failed"),
            "post_link": format!("{merchant}/told"), "failure_post_link": format!("{merchant}/told")});
        let request = self.client.post(self.at("/invoice")).bearer_auth(self.service_token().await?);
        Ok(request.json(&body).send().await?.error_for_status()?.json().await?)
    }

    /// A place in the bank's own log.
    pub(crate) async fn logged(&self, place: &str) -> anyhow::Result<Value> {
        let log: Value = self.client.get(self.at("/admin/log")).send().await?.json().await?;
        Ok(log.pointer(place).cloned().unwrap_or_default())
    }

    pub(crate) async fn set_scenario(&self, scenario: &Value) -> anyhow::Result<u16> {
        let request = self.client.post(self.at("/admin/scenario")).json(scenario);
        Ok(request.send().await?.status().as_u16())
    }

    /// The next notice the merchant is told.
    pub(crate) async fn notice(&mut self) -> anyhow::Result<Value> {
        let next = tokio::time::timeout(Duration::from_secs(10), self.notices.recv()).await?;
        next.ok_or_else(|| anyhow::anyhow!("the merchant stopped listening"))
    }
}
