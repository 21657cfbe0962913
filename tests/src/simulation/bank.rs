//! A bank in the same process, with its own log of orders, holds and charges. It loses answers, tells them late or not
//! yet, takes the wrong sum, and charges after it has said "declined"; what it has charged, and given back of it, stands
//! in its log for ever. A terminal with two steps holds a sum until it is told to take it or to let it go.

mod operation;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use chassis::clock::Sources;
use kernel::{Currency, Money, Time};
use payments::{BankBody, BankCall, BankReply, BankWay, Unreached};
use serde_json::json;
use tokio::sync::{Notify, oneshot};

use super::chance::Chance;

pub const TERMINAL: &str = "simulated-terminal";
const TOKEN_SECONDS: u64 = 1200;
/// After a decline the bank may still find the money within this time.
const SECOND_THOUGHTS: Duration = Duration::from_hours(48);

/// Money that the bank took.
#[derive(Debug, Clone)]
pub struct Charge {
    pub operation: String,
    /// Of the portal's attempt.
    pub attempt: String,
    /// The number under which it stands on statements.
    pub reference: String,
    pub at: Time,
    pub minor: i64,
    /// What went back of it.
    pub returned: i64,
}

/// A sum that the bank keeps for the centre, on a terminal with two steps.
#[derive(Debug, Clone)]
pub struct Hold {
    pub operation: String,
    pub minor: i64,
    /// Neither taken nor let go.
    pub open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shown {
    Nothing,
    UnderWay,
    Declined,
    Held,
    Cancelled,
    Charged,
}

#[derive(Debug, Clone)]
struct Order {
    attempt: String,
    secret: String,
    minor: i64,
    shown: Shown,
    open_until: Time,
    declined_at: Option<Time>,
    /// "107" is all that an inquiry gets before.
    hidden_until: Time,
    /// The charge or the hold, by its number in the log.
    operation: Option<String>,
}

/// A body on its way to the portal.
#[derive(Debug, Clone)]
pub struct Callback {
    pub attempt: String,
    pub body: String,
}

struct Book {
    chance: Chance,
    orders: BTreeMap<String, Order>,
    charges: Vec<Charge>,
    holds: Vec<Hold>,
    two_step: bool,
    callbacks: Vec<Callback>,
    /// Answers nobody before.
    out_until: Time,
    /// Misbehaves no more, and nothing is under way.
    honest: bool,
    /// The call after so many others waits until it is let go.
    hold_after: Option<u32>,
    held: Option<oneshot::Sender<()>>,
}

/// The bank. Cheap to clone.
#[derive(Clone)]
pub struct Bank {
    book: Arc<Mutex<Book>>,
    sources: Sources,
    /// Told when a call waits.
    pub holds: Arc<Notify>,
}

impl Bank {
    pub fn new(seed: u64, sources: &Sources, two_step: bool) -> Self {
        let book = Book {
            chance: Chance::new(seed),
            orders: BTreeMap::new(),
            charges: Vec::new(),
            holds: Vec::new(),
            two_step,
            callbacks: Vec::new(),
            out_until: Time::from_micros(0),
            honest: false,
            hold_after: None,
            held: None,
        };
        Self { book: Arc::new(Mutex::new(book)), sources: sources.clone(), holds: Arc::new(Notify::new()) }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    pub fn charges(&self) -> Vec<Charge> {
        self.book().charges.clone()
    }

    pub fn held(&self) -> Vec<Hold> {
        self.book().holds.clone()
    }

    pub fn be_honest(&self) {
        let mut book = self.book();
        book.honest = true;
        book.hold_after = None;
        for order in book.orders.values_mut() {
            order.hidden_until = Time::from_micros(0);
            if order.shown == Shown::UnderWay {
                order.shown = Shown::Declined;
            }
        }
    }

    pub fn hold_after(&self, calls: Option<u32>) {
        self.book().hold_after = calls;
    }

    /// Lets the waiting call go; false when none waits.
    pub fn let_go(&self) -> bool {
        self.book().held.take().is_some_and(|held| held.send(()).is_ok())
    }

    /// A payer, or the bank itself, does something with an order whose page may still be open.
    pub fn act(&self) -> String {
        let (mut book, now) = (self.book(), self.sources.now());
        let book = &mut *book;
        if book.chance.percent(2) {
            let by = book.chance.seconds(600, 50_000);
            book.out_until = now.plus(by);
            return format!("is out for {} s", by.as_secs());
        }
        let open: Vec<String> = book
            .orders
            .iter()
            .filter(|(_, order)| match order.shown {
                Shown::Nothing | Shown::UnderWay => order.open_until > now,
                Shown::Declined => order.declined_at.is_some_and(|at| at.plus(SECOND_THOUGHTS) > now),
                Shown::Held => true,
                Shown::Cancelled | Shown::Charged => false,
            })
            .map(|(id, _)| id.clone())
            .collect();
        let Some(id) = book.chance.pick(&open).cloned() else { return "nothing is open".to_owned() };
        let order = book.orders.get_mut(&id).unwrap();
        let draw = book.chance.below(100);
        if order.shown == Shown::Declined && draw >= 25 {
            return format!("{id} stays declined");
        }
        if order.shown == Shown::Held {
            return if draw < 10 { book.let_hold_go(&id) } else { format!("{id} stays held") };
        }
        if book.chance.percent(20) {
            order.hidden_until = now.plus(book.chance.seconds(1, 40_000));
        }
        match draw {
            0..=14 if order.shown == Shown::Nothing => {
                order.shown = Shown::UnderWay;
                return format!("{id} under way");
            }
            15..=44 if order.shown != Shown::Declined => {
                order.shown = Shown::Declined;
                order.declined_at = Some(now);
            }
            _ => {
                let minor = if draw % 25 == 7 { order.minor - 100 } else { order.minor };
                let operation = format!("op-{}", book.charges.len() + book.holds.len() + 1);
                order.operation = Some(operation.clone());
                if book.two_step {
                    order.shown = Shown::Held;
                    book.holds.push(Hold { operation, minor, open: true });
                } else {
                    book.charge(&id, minor, now);
                }
            }
        }
        let order = &book.orders[&id];
        let told = json!({ "invoiceId": id, "secret_hash": order.secret, "code": format!("{:?}", order.shown) });
        let copies = [0, 1, 1, 1, 2][book.chance.below(5)];
        for _ in 0..copies {
            book.callbacks.push(Callback { attempt: order.attempt.clone(), body: told.to_string() });
        }
        format!("{id} {:?}", book.orders[&id].shown)
    }

    /// A callback that arrives now: the bank's own, an old one again, or somebody's forgery.
    pub fn callback(&self) -> Option<Callback> {
        let mut book = self.book();
        let book = &mut *book;
        if book.chance.percent(20) {
            let attempts: Vec<String> = book.orders.values().map(|order| order.attempt.clone()).collect();
            let attempt = book.chance.pick(&attempts)?.clone();
            let secret = if book.chance.percent(50) { "guessed" } else { "" };
            let body = json!({ "code": "ok", "secret_hash": secret, "amount": 1, "n": book.chance.below(9) });
            return Some(Callback { attempt, body: body.to_string() });
        }
        if book.callbacks.is_empty() {
            return None;
        }
        let place = book.chance.below(book.callbacks.len());
        let keep = book.chance.percent(15);
        if keep { book.callbacks.get(place).cloned() } else { Some(book.callbacks.swap_remove(place)) }
    }

    fn token(book: &mut Book, now: Time, fields: &[(&'static str, String)]) -> BankReply {
        let field = |name: &str| fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        if let (Some(id), Some(amount)) = (field("invoiceID"), field("amount")) {
            let post_link = field("postLink").unwrap_or_default();
            let fresh = Order {
                attempt: post_link.rsplit('/').next().unwrap_or_default().to_owned(),
                secret: field("secret_hash").unwrap_or_default(),
                minor: Money::parse_decimal(&amount, Currency::KZT).unwrap().minor(),
                shown: Shown::Nothing,
                open_until: now,
                declined_at: None,
                hidden_until: now,
                operation: None,
            };
            let order = book.orders.entry(id).or_insert(fresh);
            order.open_until = order.open_until.max(now.plus(Duration::from_secs(TOKEN_SECONDS)));
        }
        ok(json!({ "access_token": "a-token", "expires_in": TOKEN_SECONDS }))
    }
}

fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn ok(body: serde_json::Value) -> BankReply {
    BankReply { status: 200, body: body.to_string() }
}

#[async_trait::async_trait]
impl BankWay for Bank {
    async fn send(&self, call: BankCall) -> Result<BankReply, Unreached> {
        let (answer, wait) = {
            let (mut book, now) = (self.book(), self.sources.now());
            let book = &mut *book;
            let mood = if book.honest { 99 } else { book.chance.below(100) };
            if mood < 6 || (book.out_until > now && !book.honest) {
                return Err(Unreached("silence".to_owned()));
            }
            let answer = match &call.body {
                BankBody::Form(fields) => Self::token(book, now, fields),
                BankBody::None => book.status(now, call.url.rsplit('/').next().unwrap_or_default()),
                BankBody::Command => book.operate(&call.url, now),
                BankBody::Json(_) => BankReply { status: 404, body: String::new() },
            };
            // What it did, it did; the answer is another matter. One that waits is old when it comes.
            let answer = match mood {
                6..=11 => Err(Unreached("it took too long".to_owned())),
                12..=16 => Ok(BankReply { status: 503, body: "<html>".to_owned() }),
                _ => Ok(answer),
            };
            let wait = match book.hold_after {
                Some(0) => {
                    book.hold_after = None;
                    let (held, wait) = oneshot::channel();
                    book.held = Some(held);
                    Some(wait)
                }
                Some(calls) => {
                    book.hold_after = Some(calls - 1);
                    None
                }
                None => None,
            };
            (answer, wait)
        };
        if let Some(wait) = wait {
            self.holds.notify_one();
            let _ = wait.await;
        }
        answer
    }
}
