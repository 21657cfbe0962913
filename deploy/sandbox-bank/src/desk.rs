//! The desk: one lock around books and journal, and what the rest of the process may do with them.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crate::Config;
use crate::book::{Book, Record};
use crate::journal::Journal;
use crate::scenario::{Fault, Point, Scenario};
use crate::transaction::Transaction;

/// A handle to the bank's books and switches.
#[derive(Clone)]
pub struct Bank(pub(crate) Arc<Desk>);

pub(crate) struct Desk {
    pub(crate) config: Config,
    pub(crate) base_url: String,
    open: Mutex<(Book, Journal)>,
}

impl Desk {
    pub(crate) fn open(config: Config, base_url: String) -> anyhow::Result<Self> {
        let (journal, book) = Journal::open(config.data.as_deref())?;
        Ok(Self { config, base_url, open: Mutex::new((book, journal)) })
    }
}

impl Bank {
    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// Reads the books.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Book) -> T) -> T {
        let open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        look(&open.0)
    }

    /// Changes the books; what changed is on the disk when this returns. Deliberately blocking, so
    /// that a caller that goes away cannot leave half a line.
    pub(crate) fn change<T>(&self, work: impl FnOnce(&mut Book) -> T) -> io::Result<T> {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (book, journal) = &mut *open;
        let answer = work(book);
        journal.keep(book.take_fresh())?;
        Ok(answer)
    }

    /// Uses up a fault, if one is set at this point.
    pub(crate) fn strike(&self, at: Point) -> Option<Fault> {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.0.scenario.strike(at)
    }

    /// The bank's own log: every transaction.
    pub fn transactions(&self) -> Vec<Transaction> {
        self.read(|book| book.transactions.values().cloned().collect())
    }

    /// The transaction of a merchant's number.
    pub fn transaction(&self, invoice_id: &str) -> Option<Transaction> {
        self.read(|book| book.transactions.get(invoice_id).cloned())
    }

    /// The switches.
    pub fn scenario(&self) -> Scenario {
        self.read(|book| book.scenario.clone())
    }

    /// Sets all switches; `Scenario::default()` for a bank that behaves.
    pub fn set_scenario(&self, scenario: Scenario) -> io::Result<()> {
        self.change(|book| book.put(Record::Scenario(scenario)))
    }
}
