//! The double-entry ledger: what each event of the money moves from one account to another. An entry is a debit where
//! it is positive; a transaction is one sum taken from one account and given to another, so it sums to nothing.

use kernel::{ApplicationNumber, InvoiceId, Money, coded};

coded! {
    /// The accounts: what the bank holds for the centre; what payers owe by invoices in force; what has been granted to
    /// be given back; what has been invoiced; money that came and is not applied to any invoice (not confirmed yet, too
    /// much, or for nothing in force).
    Account {
        Bank = "bank",
        Receivable = "receivable",
        Refunds = "refunds",
        Revenue = "revenue",
        Suspense = "suspense",
    }
}

coded! {
    /// What happened.
    Event {
        Issued = "issued",
        Withdrawn = "withdrawn",
        Received = "received",
        Applied = "applied",
        Credited = "credited",
        Released = "released",
        Repaid = "repaid",
    }
}

/// One transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Posting {
    /// Told once, however often it is posted: the event and what it happened to.
    pub operation: String,
    pub event: Event,
    pub application: ApplicationNumber,
    pub invoice: InvoiceId,
    pub debit: Account,
    pub credit: Account,
    pub amount: Money,
}

/// Whose money it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner {
    pub application: ApplicationNumber,
    pub invoice: InvoiceId,
}

impl Owner {
    fn post(self, event: Event, what: &str, (debit, credit): (Account, Account), amount: Money) -> Posting {
        let operation = format!("{}:{what}", event.code());
        Posting { operation, event, application: self.application, invoice: self.invoice, debit, credit, amount }
    }

    /// An invoice was issued.
    pub(crate) fn issued(self, total: Money) -> Posting {
        self.post(Event::Issued, &self.invoice.to_string(), (Account::Receivable, Account::Revenue), total)
    }

    /// An invoice is void or has expired; `open` is what was still owed by it.
    pub(crate) fn withdrawn(self, open: Money) -> Posting {
        self.post(Event::Withdrawn, &self.invoice.to_string(), (Account::Revenue, Account::Receivable), open)
    }

    /// The bank has money: a charge, or a transfer's part for this invoice.
    pub(crate) fn received(self, operation: &str, amount: Money) -> Posting {
        self.post(Event::Received, operation, (Account::Bank, Account::Suspense), amount)
    }

    /// A refund was granted: so much of the invoice is owed back.
    pub(crate) fn credited(self, refund: &str, amount: Money) -> Posting {
        self.post(Event::Credited, refund, (Account::Revenue, Account::Refunds), amount)
    }

    /// A refund was granted: so much of what is applied to nothing is owed back.
    pub(crate) fn released(self, refund: &str, amount: Money) -> Posting {
        self.post(Event::Released, refund, (Account::Suspense, Account::Refunds), amount)
    }

    /// A refund was paid out.
    pub(crate) fn repaid(self, refund: &str, amount: Money) -> Posting {
        self.post(Event::Repaid, refund, (Account::Refunds, Account::Bank), amount)
    }

    /// Staff confirmed: `settled` is what the invoice has been paid of with it.
    pub(crate) fn applied(self, amount: Money, settled: Money) -> Posting {
        let what = format!("{}:{}", self.invoice, settled.minor());
        self.post(Event::Applied, &what, (Account::Suspense, Account::Receivable), amount)
    }
}
