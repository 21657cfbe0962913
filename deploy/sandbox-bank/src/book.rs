//! The bank's books: transactions, tokens, pages, links, notices. Pure memory; every change leaves a
//! record that the journal keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::clock;
use crate::notice::{self, Notice};
use crate::order::{Order, OrderError};
use crate::scenario::{PostLink, Scenario};
use crate::transaction::{Transaction, Turn};

/// An access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    /// What the merchant holds.
    pub bearer: String,
    /// The terminal it was asked for; empty if none was named.
    pub terminal: String,
    /// When it ends, milliseconds since 1970.
    pub expires_millis: i64,
    /// Bound to a payment, or none: a service token.
    pub payment: Option<Payment>,
}

/// What a payment token is bound to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub invoice_id: String,
    pub amount: Amount,
    pub secret_hash: Option<String>,
    pub post_link: Option<String>,
    pub failure_post_link: Option<String>,
}

/// An open card page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Page {
    /// In the page's address; cannot be guessed.
    pub id: String,
    /// What is to be paid.
    pub order: Order,
    /// When it closes, milliseconds since 1970.
    pub expires_millis: i64,
}

/// A payment link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Link {
    /// In the link's address; cannot be guessed.
    pub id: String,
    /// What is to be paid.
    pub order: Order,
    /// When it ends, milliseconds since 1970.
    pub expires_millis: i64,
}

/// One line of the journal: a thing as it is now.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Record {
    Transaction(Box<Transaction>),
    Token(Token),
    Page(Page),
    Link(Link),
    Notice(Notice),
    Scenario(Scenario),
}

/// Everything the bank knows.
#[derive(Debug, Default)]
pub(crate) struct Book {
    /// By the merchant's number.
    pub transactions: BTreeMap<String, Transaction>,
    pub tokens: BTreeMap<String, Token>,
    pub pages: BTreeMap<String, Page>,
    /// By the merchant's number.
    pub links: BTreeMap<String, Link>,
    pub notices: BTreeMap<String, Notice>,
    pub scenario: Scenario,
    /// Last six digits of every number seen, and whose they are.
    last_six: BTreeMap<String, String>,
    /// What changed and is not yet in the journal.
    fresh: Vec<Record>,
}

impl Book {
    /// Takes a thing as it is now.
    pub(crate) fn put(&mut self, record: Record) {
        self.fresh.push(record.clone());
        self.load(record);
    }

    /// Takes a thing from the journal.
    pub(crate) fn load(&mut self, record: Record) {
        match record {
            Record::Transaction(transaction) => {
                let invoice_id = transaction.order.invoice_id.clone();
                self.claim(&invoice_id);
                self.transactions.insert(invoice_id, *transaction);
            }
            Record::Token(token) => {
                self.tokens.insert(token.bearer.clone(), token);
            }
            Record::Page(page) => {
                self.pages.insert(page.id.clone(), page);
            }
            Record::Link(link) => {
                let invoice_id = link.order.invoice_id.clone();
                self.claim(&invoice_id);
                self.links.insert(invoice_id, link);
            }
            Record::Notice(notice) => {
                self.notices.insert(notice.id.clone(), notice);
            }
            Record::Scenario(scenario) => self.scenario = scenario,
        }
    }

    /// What is to be written before anything is answered.
    pub(crate) fn take_fresh(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.fresh)
    }

    /// All that is worth keeping, as records.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record> {
        let now = clock::now_millis();
        let transactions = self.transactions.values().cloned().map(Box::new);
        let tokens = self.tokens.values().filter(move |token| token.expires_millis > now);
        transactions
            .map(Record::Transaction)
            .chain(tokens.cloned().map(Record::Token))
            .chain(self.pages.values().cloned().map(Record::Page))
            .chain(self.links.values().cloned().map(Record::Link))
            .chain(self.notices.values().cloned().map(Record::Notice))
            .chain(std::iter::once(Record::Scenario(self.scenario.clone())))
    }

    /// Whether a number may be used: it, or its last six digits, belong to no other payment.
    pub(crate) fn may_use(&self, invoice_id: &str) -> Result<(), OrderError> {
        match self.last_six.get(last_six(invoice_id)) {
            Some(owner) if owner != invoice_id => Err(OrderError::Used),
            Some(_) | None => Ok(()),
        }
    }

    fn claim(&mut self, invoice_id: &str) {
        let six = last_six(invoice_id).to_owned();
        self.last_six.entry(six).or_insert_with(|| invoice_id.to_owned());
    }

    /// A token that is still good.
    pub(crate) fn token(&self, access_token: &str) -> Option<&Token> {
        self.tokens.get(access_token).filter(|token| token.expires_millis > clock::now_millis())
    }

    /// Opens a card page; the transaction begins with the first.
    pub(crate) fn open_page(&mut self, order: Order, expires_millis: i64) -> Result<Page, OrderError> {
        self.may_use(&order.invoice_id)?;
        if !self.transactions.contains_key(&order.invoice_id) {
            let transaction = Transaction::open(order.clone());
            self.put(Record::Transaction(Box::new(transaction)));
        }
        let page = Page { id: clock::token(32), order, expires_millis };
        self.put(Record::Page(page.clone()));
        Ok(page)
    }

    /// The transaction with the bank's id.
    pub(crate) fn by_id(&self, id: &str) -> Option<Transaction> {
        self.transactions.values().find(|transaction| transaction.id == id).cloned()
    }

    /// Keeps a transaction and, if there is something to tell, the notices of it.
    pub(crate) fn turn(&mut self, transaction: Transaction, turn: Turn, terminal: &str) {
        let order = &transaction.order;
        let url = match turn {
            Turn::Waits => None,
            Turn::Succeeded => order.post_link.clone(),
            Turn::Failed => order.failure_post_link.clone().or_else(|| order.post_link.clone()),
        };
        let mode = self.scenario.post_link;
        let copies = match mode {
            PostLink::Lost => 0,
            PostLink::Doubled => 2,
            PostLink::Normal | PostLink::WrongSecret | PostLink::NoSecret | PostLink::WrongAmount => 1,
        };
        let next_millis = clock::now_millis() + i64::from(self.scenario.post_link_delay_ms);
        for url in url.iter().cycle().take(if url.is_some() { copies } else { 0 }) {
            let notice = Notice {
                id: clock::uuid(),
                invoice_id: order.invoice_id.clone(),
                url: url.clone(),
                body: notice::body(&transaction, terminal, mode),
                tries: 0,
                tries_max: self.scenario.post_link_tries,
                next_millis,
                delivered: false,
            };
            self.put(Record::Notice(notice));
        }
        self.put(Record::Transaction(Box::new(transaction)));
    }
}

fn last_six(invoice_id: &str) -> &str {
    invoice_id.get(invoice_id.len().saturating_sub(6)..).unwrap_or(invoice_id)
}
