//! What is to be paid for one application: decides on invoices, attempts, evidence and confirmation.

use kernel::{AccountId, ApplicationNumber, InvoiceId, Money, Refusal, Time};

use super::{
    codes,
    invoice::{Invoice, InvoiceState, Line},
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
}

/// The bank's own word that money came.
#[derive(Clone)]
pub(crate) struct Evidence {
    /// The bank's operation: one charge counts once.
    pub operation: String,
    pub application: ApplicationNumber,
    pub invoice: InvoiceId,
    pub attempt: String,
    pub amount: Money,
    pub reference: String,
    pub approval_code: String,
    pub card_mask: String,
    pub at: Time,
    /// False: it came for an invoice that was paid or void already, and waits for staff.
    pub applied: bool,
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
            PaymentStatus::Paid => Err(Refusal::new(codes::ALREADY_PAID)),
            PaymentStatus::Pending => Err(Refusal::new(codes::PAYMENT_UNDER_WAY)),
            PaymentStatus::NotPaid if self.live_attempt.is_some() => Err(Refusal::new(codes::PAYMENT_UNDER_WAY)),
            PaymentStatus::NotPaid => Ok(()),
        }
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
            && self.status == PaymentStatus::NotPaid
            && self.invoice == Some(invoice.id)
            && invoice.state == InvoiceState::Issued
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
    pub(crate) fn charged(&mut self, invoice: &Invoice, attempt: &str) -> bool {
        self.attempt_ended(attempt);
        if self.closed || self.invoice != Some(invoice.id) || invoice.state != InvoiceState::Issued {
            return false;
        }
        match status::next(self.status, Move::Charge) {
            Ok(pending) => {
                self.status = pending;
                self.decline_reason.clear();
                // One that was reserved for after this one had been given up may never have been begun: nothing would
                // end it. If it was, its own end changes nothing here, and its money is a second charge.
                self.live_attempt = None;
                self.reserved_at = None;
                true
            }
            Err(_) => false,
        }
    }

    /// A member of staff confirms that the money is there.
    pub(crate) fn confirm(&mut self, invoice: &mut Invoice, evidence: &[Evidence]) -> Result<(), Refusal> {
        let confirmed = status::next(self.status, Move::Confirm)?;
        let sum = Money::sum(
            evidence.iter().filter(|shown| shown.applied && shown.invoice == invoice.id).map(|shown| shown.amount),
        );
        if sum.is_none_or(|sum| sum.minor() < invoice.total.minor()) {
            return Err(Refusal::new(codes::EVIDENCE_SHORT));
        }
        self.status = confirmed;
        invoice.state = InvoiceState::Paid;
        Ok(())
    }

    /// A member of staff did not find the money.
    pub(crate) fn decline(&mut self, reason: String) -> Result<(), Refusal> {
        self.status = status::next(self.status, Move::Decline)?;
        self.decline_reason = reason;
        Ok(())
    }

    /// Whether the case may be cancelled as to money; if so, no payment may begin until `until`.
    pub(crate) fn hold_for_cancellation(&mut self, evidence: &[Evidence], until: Time) -> Result<(), Refusal> {
        match self.status {
            PaymentStatus::Paid => Err(Refusal::new(codes::MONEY_RECEIVED)),
            PaymentStatus::Pending => Err(Refusal::new(codes::PAYMENT_UNDER_WAY)),
            PaymentStatus::NotPaid if self.live_attempt.is_some() => Err(Refusal::new(codes::PAYMENT_UNDER_WAY)),
            PaymentStatus::NotPaid if !evidence.is_empty() => Err(Refusal::new(codes::MONEY_RECEIVED)),
            PaymentStatus::NotPaid => {
                self.held_until = Some(until);
                Ok(())
            }
        }
    }
}
