//! What is to be paid for one application: decides on invoices, attempts, evidence and confirmation.

mod desk;

use kernel::{AccountId, ApplicationNumber, InvoiceId, Money, Refusal, Time};

use super::{
    codes,
    invoice::{Invoice, Line},
    payer::Payer,
    status::{self, Move, PaymentStatus},
};

#[derive(Clone)]
pub(crate) struct Billable {
    pub application: ApplicationNumber,
    pub account: AccountId,
    pub version: i64,
    pub status: PaymentStatus,
    pub lines: Vec<Line>,
    pub total: Money,
    pub payer: Option<Payer>,
    pub invoice: Option<InvoiceId>,
    /// The attempt at the bank that may still take money.
    pub live_attempt: Option<String>,
    /// No payment may begin before: the case is being cancelled.
    pub held_until: Option<Time>,
    pub closed: bool,
    /// Its invoice was not paid in time; a renewed approval opens it again.
    pub expired: bool,
    /// Since when the invoice is reserved for an attempt that payments has not told of yet.
    pub reserved_at: Option<Time>,
    pub decline_reason: String,
    /// Since when staff have something to confirm.
    pub pending_since: Option<Time>,
}

impl Billable {
    /// Whether an invoice may be issued or changed now.
    pub(crate) fn may_issue(&self) -> Result<(), Refusal> {
        if self.closed {
            return Err(Refusal::new(codes::BILLABLE_CLOSED));
        }
        if self.expired {
            return Err(Refusal::new(codes::BILLABLE_EXPIRED));
        }
        match self.status {
            PaymentStatus::Paid | PaymentStatus::PartlyRefunded | PaymentStatus::Refunded => {
                Err(Refusal::new(codes::ALREADY_PAID))
            }
            PaymentStatus::Pending => Err(Refusal::new(codes::PAYMENT_UNDER_WAY)),
            PaymentStatus::NotPaid | PaymentStatus::PartlyPaid if self.live_attempt.is_some() => {
                Err(Refusal::new(codes::PAYMENT_UNDER_WAY))
            }
            PaymentStatus::NotPaid | PaymentStatus::PartlyPaid => Ok(()),
        }
    }

    /// Whether another payer may take the place of the invoice's.
    pub(crate) fn may_change_payer(&self) -> Result<(), Refusal> {
        if self.status == PaymentStatus::PartlyPaid { Err(Refusal::new(codes::MONEY_RECEIVED)) } else { Ok(()) }
    }

    /// Claims the invoice for an attempt, until the last day on which its money is waited for. The same attempt may claim
    /// it again.
    pub(crate) fn reserve(
        &mut self,
        invoice: &Invoice,
        attempt: &str,
        terms_accepted: bool,
        (today, until): (jiff::civil::Date, jiff::civil::Date),
        now: Time,
    ) -> Result<(), Refusal> {
        if !terms_accepted {
            return Err(Refusal::at("terms_accepted", codes::TERMS_NOT_ACCEPTED));
        }
        let payable = !self.closed
            && matches!(self.status, PaymentStatus::NotPaid | PaymentStatus::PartlyPaid)
            && self.invoice == Some(invoice.id)
            && invoice.state.is_payable()
            && !self.payer.as_ref().is_some_and(Payer::by_transfer)
            && !self.expired
            && until >= today
            && self.held_until.is_none_or(|until| until <= now);
        if !payable {
            return Err(Refusal::new(codes::INVOICE_NOT_PAYABLE));
        }
        match &self.live_attempt {
            Some(live) if live != attempt => Err(Refusal::new(codes::ATTEMPT_LIVE).with("attempt", live.clone())),
            Some(_) => Ok(()),
            None => {
                self.live_attempt = Some(attempt.to_owned());
                self.reserved_at = Some(now);
                Ok(())
            }
        }
    }

    /// Payments told that the attempt is there. Tells whether it was waited for.
    pub(crate) fn attempt_begun(&mut self, attempt: &str) -> bool {
        let waited = self.reserved_at.is_some() && self.live_attempt.as_deref() == Some(attempt);
        if waited {
            self.reserved_at = None;
        }
        waited
    }

    /// Sets the invoice free from an attempt that was to begin before `then` and never did.
    pub(crate) fn free_stale(&mut self, then: Time) -> bool {
        let stale = self.reserved_at.is_some_and(|since| since < then);
        if stale {
            self.live_attempt = None;
            self.reserved_at = None;
        }
        stale
    }

    /// Approved anew after its invoice ran out: at these prices.
    pub(crate) fn renew(&mut self, lines: Vec<Line>, total: Money) {
        self.expired = false;
        self.invoice = None;
        self.lines = lines;
        self.total = total;
        self.decline_reason.clear();
    }

    /// An attempt has ended without money. Tells whether it was the live one.
    pub(crate) fn attempt_ended(&mut self, attempt: &str) -> bool {
        let live = self.live_attempt.as_deref() == Some(attempt);
        if live {
            self.live_attempt = None;
            self.reserved_at = None;
        }
        live
    }

    /// The bank took money for an invoice. Tells whether it counts for the status; else it waits for staff.
    pub(crate) fn charged(&mut self, invoice: &Invoice, attempt: &str, now: Time) -> bool {
        self.attempt_ended(attempt);
        let counts = self.money_came(invoice, Move::Charge, now);
        if counts {
            // One that was reserved for after this one had been given up may never have been begun: nothing would
            // end it. If it was, its own end changes nothing here, and its money is a second charge.
            self.live_attempt = None;
            self.reserved_at = None;
        }
        counts
    }

    /// Money came for an invoice: "Pending", unless nothing can be paid by it any more.
    fn money_came(&mut self, invoice: &Invoice, by: Move, now: Time) -> bool {
        if self.closed || self.invoice != Some(invoice.id) || !invoice.state.is_payable() {
            return false;
        }
        self.go(by, now).is_ok()
    }

    /// Moves the status and keeps since when it is "Pending".
    fn go(&mut self, by: Move, now: Time) -> Result<(), Refusal> {
        let next = status::next(self.status, by)?;
        if next == PaymentStatus::Pending {
            self.decline_reason.clear();
            self.pending_since = self.pending_since.or(Some(now));
        } else {
            self.pending_since = None;
        }
        self.status = next;
        Ok(())
    }

    /// Whether the case may be cancelled as to money; if so, no payment may begin until `until`. Money that has come goes
    /// back once it is cancelled.
    pub(crate) fn hold_for_cancellation(&mut self, until: Time) -> Result<(), Refusal> {
        match self.status {
            PaymentStatus::Paid | PaymentStatus::PartlyRefunded | PaymentStatus::Refunded => {
                Err(Refusal::new(codes::MONEY_RECEIVED))
            }
            PaymentStatus::Pending => Err(Refusal::new(codes::PAYMENT_UNDER_WAY)),
            PaymentStatus::NotPaid | PaymentStatus::PartlyPaid if self.live_attempt.is_some() => {
                Err(Refusal::new(codes::PAYMENT_UNDER_WAY))
            }
            PaymentStatus::NotPaid | PaymentStatus::PartlyPaid => {
                self.held_until = Some(until);
                Ok(())
            }
        }
    }

    /// A refund was paid out that credits so much of the invoice, after `before`. Tells whether the status moved.
    pub(crate) fn refunded(&mut self, before: i64, credited: Money, settled: Money) -> Result<bool, Refusal> {
        if credited.is_zero() {
            return Ok(false);
        }
        let whole = before.saturating_add(credited.minor()) >= settled.minor();
        self.status = status::next(self.status, if whole { Move::Refund } else { Move::RefundPart })?;
        Ok(true)
    }
}
