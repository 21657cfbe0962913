//! What the payment desk decides: transfers and receipts, confirmation in full or in part, declines.

use kernel::{AccountId, Money, Refusal, Time};

use super::Billable;
use crate::domain::{
    codes,
    evidence::{self, Evidence},
    invoice::{Invoice, InvoiceState},
    receipt::{Receipt, ReceiptState},
    status::{Move, PaymentStatus},
};

/// Receipts that staff have still to look at.
fn waiting(receipts: &[Receipt]) -> impl Iterator<Item = &Receipt> {
    receipts.iter().filter(|receipt| receipt.state == ReceiptState::Waiting)
}

impl Billable {
    /// Whether a transfer may be shown now.
    pub(crate) fn may_show_receipt(&self) -> Result<(), Refusal> {
        if self.closed {
            return Err(Refusal::new(codes::BILLABLE_CLOSED));
        }
        // Whoever has paid too late renews his case first; his money is found on the account without a receipt.
        if self.invoice.is_none() || self.expired {
            return Err(Refusal::new(codes::INVOICE_NOT_PAYABLE));
        }
        match self.status {
            PaymentStatus::Paid | PaymentStatus::PartlyRefunded | PaymentStatus::Refunded => {
                Err(Refusal::new(codes::ALREADY_PAID))
            }
            PaymentStatus::NotPaid | PaymentStatus::PartlyPaid | PaymentStatus::Pending => Ok(()),
        }
    }

    pub(crate) fn receipt_shown(&mut self, now: Time) -> Result<(), Refusal> {
        self.go(Move::Receipt, now)
    }

    /// Staff found a transfer; unlike a second charge, another one counts as well. Tells whether it counts for the
    /// status; else it waits to be given back.
    pub(crate) fn transferred(&mut self, invoice: &Invoice, now: Time) -> bool {
        self.money_came(invoice, Move::Receipt, now)
    }

    /// A member of staff confirms that the money is there: all that is due, or with `part` whatever has come. Answers
    /// the sum that is applied by it.
    pub(crate) fn confirm(
        &mut self,
        invoice: &mut Invoice,
        evidence: &[Evidence],
        receipts: &[Receipt],
        (by, part): (AccountId, bool),
        now: Time,
    ) -> Result<Money, Refusal> {
        if self.status != PaymentStatus::Pending {
            return Err(Refusal::new(codes::PAYMENT_NOT_PENDING));
        }
        let short = || Refusal::new(codes::EVIDENCE_SHORT);
        let own = |receipt: &Receipt| {
            receipt.on_behalf
                && receipt.invoice == invoice.id
                && receipt.uploaded_by == by.to_string()
                && matches!(receipt.state, ReceiptState::Waiting | ReceiptState::Matched)
        };
        if receipts.iter().any(own) {
            return Err(Refusal::new(codes::RECEIPT_OWN));
        }
        let shown = evidence::shown(evidence, invoice.id).ok_or_else(short)?;
        let settled = shown.min(invoice.total);
        let applied = settled.checked_sub(invoice.settled).filter(Money::is_positive).ok_or_else(short)?;
        if settled == invoice.total {
            self.go(Move::Confirm, now)?;
            invoice.state = InvoiceState::Paid;
        } else if part {
            let rest = waiting(receipts).next().is_some();
            self.go(if rest { Move::Receipt } else { Move::ConfirmPart }, now)?;
            invoice.state = InvoiceState::PartlyPaid;
        } else {
            return Err(short());
        }
        invoice.settled = settled;
        Ok(applied)
    }

    /// The case was cancelled while staff had something to confirm: they have no more. Tells whether that was so.
    pub(crate) fn give_up(&mut self, invoice: &Invoice, now: Time) -> Result<bool, Refusal> {
        if self.status != PaymentStatus::Pending {
            return Ok(false);
        }
        self.go(if invoice.settled.is_positive() { Move::ConfirmPart } else { Move::Decline }, now)?;
        Ok(true)
    }

    /// A member of staff did not find the money: of one receipt, or of all that is not confirmed.
    pub(crate) fn decline(
        &mut self,
        invoice: Option<&Invoice>,
        evidence: &[Evidence],
        receipts: &[Receipt],
        (receipt, reason): (&str, String),
        now: Time,
    ) -> Result<(), Refusal> {
        if self.status != PaymentStatus::Pending {
            return Err(Refusal::new(codes::PAYMENT_NOT_PENDING));
        }
        let mut rest = waiting(receipts).filter(|other| other.id != receipt);
        let others = !receipt.is_empty()
            && (rest.next().is_some() || evidence.iter().any(|shown| shown.applied && !shown.confirmed));
        if !receipt.is_empty() && !waiting(receipts).any(|other| other.id == receipt) {
            return Err(Refusal::new(codes::RECEIPT_DECIDED));
        }
        let settled = invoice.is_some_and(|invoice| invoice.settled.is_positive());
        match (others, settled) {
            (true, _) => self.go(Move::Receipt, now)?,
            (false, true) => self.go(Move::ConfirmPart, now)?,
            (false, false) => self.go(Move::Decline, now)?,
        }
        self.decline_reason = reason;
        Ok(())
    }
}
