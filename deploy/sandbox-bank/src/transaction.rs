//! A transaction: an order, what became of it, and the sums that moved.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::card::{self, Outcome};
use crate::clock;
use crate::order::Order;
use crate::status::{Status, Step};

/// The right one-time code on the 3-D Secure page.
pub(crate) const CODE: &str = "123456";
const CODE_TRIES_MAX: u32 = 3;

/// One payment at the bank.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Transaction {
    /// The bank's id, a UUID.
    pub id: String,
    /// What was asked for.
    pub order: Order,
    /// Where it stands.
    pub status: Status,
    /// Held or taken of the payer's money, before refunds.
    pub original: Amount,
    /// Paid with the bank's bonus.
    pub bonus: Amount,
    /// Refunds, the oldest first.
    pub refunds: Vec<Refund>,
    /// 0 is success.
    pub reason_code: u32,
    /// Six digits once approved.
    pub approval_code: String,
    /// Twelve digits once the card was tried.
    pub reference: String,
    /// First six and last four digits.
    pub card_mask: String,
    /// The scheme.
    pub card_type: String,
    /// The card's id at the bank.
    pub card_id: String,
    /// What the card does; once it was tried.
    pub outcome: Option<Outcome>,
    /// Whether 3-D Secure was passed.
    pub secure: bool,
    /// Wrong one-time codes so far.
    pub code_tries: u32,
    /// When a 454 becomes a charge, milliseconds since 1970.
    pub due_millis: Option<i64>,
    /// When it was created, milliseconds since 1970.
    pub created_millis: i64,
    /// Every state with its time, the first first.
    pub history: Vec<(i64, Status)>,
}

/// Money given back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refund {
    /// How much.
    pub amount: Amount,
    /// The merchant's own id.
    pub external_id: String,
    /// When, milliseconds since 1970.
    pub at_millis: i64,
}

/// What a card page leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Nothing to tell anyone yet.
    Waits,
    /// The merchant is told of success.
    Succeeded,
    /// The merchant is told of failure.
    Failed,
}

impl Transaction {
    /// A transaction whose card page was just opened.
    pub(crate) fn open(order: Order) -> Self {
        let now = clock::now_millis();
        Self {
            id: clock::uuid(),
            original: order.amount,
            order,
            status: Status::New,
            bonus: Amount(0),
            refunds: Vec::new(),
            reason_code: 0,
            approval_code: String::new(),
            reference: String::new(),
            card_mask: String::new(),
            card_type: String::new(),
            card_id: String::new(),
            outcome: None,
            secure: false,
            code_tries: 0,
            due_millis: None,
            created_millis: now,
            history: vec![(now, Status::New)],
        }
    }

    /// Takes a step, if it is legal.
    pub(crate) fn step(&mut self, step: Step) -> bool {
        let Some(next) = self.status.after(step) else {
            return false;
        };
        self.status = next;
        self.history.push((clock::now_millis(), next));
        true
    }

    /// Tries a card. `later_ms` is how long a 454 takes; `charge` replaces the sum.
    pub(crate) fn try_card(&mut self, pan: &str, two_step: bool, charge: Option<Amount>, later_ms: u32) -> Turn {
        let outcome = Outcome::of(pan);
        self.card_mask = card::mask(pan);
        card::scheme(pan).clone_into(&mut self.card_type);
        self.card_id = clock::uuid();
        self.reference = clock::digits(12);
        self.outcome = Some(outcome);
        if let Some(amount) = charge {
            self.original = amount;
        }
        match outcome {
            Outcome::ThreeD => {
                self.step(Step::Identify);
                self.step(Step::Challenge);
                Turn::Waits
            }
            Outcome::Decline(code) => self.give_up(Step::Decline, code),
            Outcome::Break(code) => self.give_up(Step::Break, code),
            Outcome::Later => {
                self.step(Step::Hold);
                self.reason_code = 454;
                self.due_millis = Some(clock::now_millis() + i64::from(later_ms));
                Turn::Failed
            }
            Outcome::WrongAmount => {
                self.original = Amount(self.original.0 / 2);
                self.approve(two_step)
            }
            Outcome::Bonus => {
                self.bonus = Amount(self.original.0 / 10);
                self.original = self.original.less(self.bonus);
                self.approve(two_step)
            }
            Outcome::Approve => self.approve(two_step),
            Outcome::Hold => self.approve(true),
        }
    }

    /// Takes a one-time code; too many wrong ones end it.
    pub(crate) fn try_code(&mut self, code: &str, two_step: bool) -> Turn {
        if code == CODE {
            self.secure = true;
            return self.approve(two_step);
        }
        self.code_tries += 1;
        if self.code_tries < CODE_TRIES_MAX { Turn::Waits } else { self.give_up(Step::Break, 455) }
    }

    /// The payer leaves the one-time code.
    pub(crate) fn leave_code(&mut self) -> Turn {
        self.give_up(Step::Break, 455)
    }

    /// The charge that a 454 left open is made.
    pub(crate) fn settle(&mut self) -> Turn {
        self.due_millis = None;
        self.approve(false)
    }

    fn approve(&mut self, two_step: bool) -> Turn {
        let held = self.status == Status::Auth || self.step(Step::Hold);
        if !held {
            return Turn::Waits;
        }
        self.reason_code = 0;
        self.approval_code = clock::digits(6);
        if !two_step {
            self.step(Step::Take);
        }
        Turn::Succeeded
    }

    fn give_up(&mut self, step: Step, code: u32) -> Turn {
        if self.step(step) {
            self.reason_code = code;
            Turn::Failed
        } else {
            Turn::Waits
        }
    }

    /// All that was given back.
    pub fn refunded(&self) -> Amount {
        self.refunds.iter().fold(Amount(0), |sum, refund| sum.and(refund.amount))
    }

    /// What may still be given back.
    pub fn refundable(&self) -> Amount {
        match self.status {
            Status::Charge => self.original.and(self.bonus).less(self.refunded()),
            Status::New
            | Status::Fingerprint
            | Status::ThreeD
            | Status::Auth
            | Status::Cancel
            | Status::Refund
            | Status::Reject
            | Status::Failed => Amount(0),
        }
    }

    /// What remains of the payer's money after refunds.
    pub fn remaining(&self) -> Amount {
        self.original.less(self.refunded())
    }
}
