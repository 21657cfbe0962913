//! Switches that make the bank misbehave, set by `POST /admin/scenario`.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;

/// What happens to the bank's notices (postLink and failurePostLink).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostLink {
    /// Sent once, and again until it is answered with 2xx.
    #[default]
    Normal,
    /// Never sent.
    Lost,
    /// Sent twice.
    Doubled,
    /// With another secret than the merchant's.
    WrongSecret,
    /// Without a secret.
    NoSecret,
    /// With another amount than was charged.
    WrongAmount,
}

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// `POST /oauth2/token`.
    Token,
    /// `GET /check-status/…`.
    Status,
    /// `POST /operation/:id/charge`.
    Charge,
    /// `POST /operation/:id/cancel`.
    Cancel,
    /// `POST /operation/:id/refund`.
    Refund,
    /// `POST /invoice`.
    Invoice,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// resultCode 107, "in progress"; for others HTTP 400 with code 107.
    Busy,
    /// HTTP 400: for status with the answer's usual JSON, for others a refusal.
    Http400,
    /// HTTP 401.
    Unauthorized,
    /// HTTP 500 with a page instead of JSON.
    Http500,
    /// The right answer after `delay_ms`.
    Slow,
    /// Half of the right answer.
    Truncated,
    /// No answer until the client gives up.
    Hang,
}

/// A fault that strikes some times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Where.
    pub at: Point,
    /// What.
    pub kind: FaultKind,
    /// How often; 1 if absent.
    #[serde(default = "once")]
    pub times: u32,
    /// For `slow`.
    #[serde(default)]
    pub delay_ms: u64,
    /// Whether the work is done though the answer is lost.
    #[serde(default)]
    pub after: bool,
}

fn once() -> u32 {
    1
}

/// All switches; `{}` is a bank that behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// The notices' fate.
    pub post_link: PostLink,
    /// How long notices wait before they are sent.
    pub post_link_delay_ms: u32,
    /// How often a notice is tried.
    pub post_link_tries: u32,
    /// Charged instead of what was asked for.
    pub charge_amount: Option<Amount>,
    /// How long a 454 takes to become a charge.
    pub later_ms: u32,
    /// Whether a partly refunded charge is called REFUND.
    pub partial_refund_is_refund: bool,
    /// Whether a refund with an `externalID` seen before is refused.
    pub refund_external_id_unique: bool,
    /// Faults, the first that fits strikes.
    pub faults: Vec<Fault>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            post_link: PostLink::Normal,
            post_link_delay_ms: 0,
            post_link_tries: 5,
            charge_amount: None,
            later_ms: 3000,
            partial_refund_is_refund: false,
            refund_external_id_unique: false,
            faults: Vec::new(),
        }
    }
}

impl Scenario {
    /// Uses up one fault at this point, if one is set.
    pub(crate) fn strike(&mut self, at: Point) -> Option<Fault> {
        let fault = self.faults.iter_mut().find(|fault| fault.at == at && fault.times > 0)?;
        fault.times -= 1;
        Some(fault.clone())
    }
}
