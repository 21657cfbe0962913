//! The way a call takes to the bank: HTTP, or a bank that stands in the same process.

use kernel::Secret;

/// One call as it leaves us.
pub struct BankCall {
    pub url: String,
    /// The bearer token.
    pub token: Option<Secret>,
    pub body: BankBody,
}

/// What a call carries; without anything it is a GET.
pub enum BankBody {
    None,
    /// A POST that says all in its address.
    Command,
    Form(Vec<(&'static str, String)>),
    Json(String),
}

/// An answer of whatever status.
pub struct BankReply {
    pub status: u16,
    pub body: String,
}

/// No answer came, or none that is read; the bank may have acted all the same.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreached(pub String);

/// Carries calls to the bank.
#[async_trait::async_trait]
pub trait BankWay: Send + Sync {
    async fn send(&self, call: BankCall) -> Result<BankReply, Unreached>;
}
