//! What the bank says of an order, and what the portal asks of a charge or of a held sum by the bank's number.

use kernel::{Currency, Money, Time};
use payments::BankReply;
use serde_json::json;

use super::{Book, Charge, Shown, TERMINAL, decimal, ok};

fn refused(why: &str) -> BankReply {
    BankReply { status: 400, body: json!({ "code": 100, "message": why }).to_string() }
}

fn accepted() -> BankReply {
    BankReply { status: 200, body: String::new() }
}

impl Book {
    /// What the bank says of an order.
    pub(super) fn status(&self, now: Time, id: &str) -> BankReply {
        let Some(order) = self.orders.get(id).filter(|order| order.shown != Shown::Nothing) else {
            return ok(json!({ "resultCode": "102" }));
        };
        if order.hidden_until > now {
            return ok(json!({ "resultCode": "107" }));
        }
        let (name, reason) = match order.shown {
            Shown::Charged => ("CHARGE", "00"),
            Shown::Declined => ("FAILED", "484"),
            Shown::Held => ("AUTH", ""),
            Shown::Cancelled => ("CANCEL", ""),
            // Where nothing is held the bank is at it still.
            Shown::UnderWay | Shown::Nothing => (if self.two_step { "3D" } else { "AUTH" }, ""),
        };
        let charge = self.charges.iter().find(|charge| order.operation.as_ref() == Some(&charge.operation));
        let hold = self.holds.iter().find(|hold| order.operation.as_ref() == Some(&hold.operation));
        let (mut minor, returned) = charge.map_or((order.minor, 0), |charge| (charge.minor, charge.returned));
        minor = hold.map_or(minor, |hold| hold.minor);
        let name = if returned == minor { "REFUND" } else { name };
        ok(json!({ "resultCode": "100", "transaction": {
            "id": order.operation.as_deref().unwrap_or("none"), "invoiceID": id, "statusName": name,
            "amount": decimal(minor - returned), "orgAmount": decimal(minor), "payoutAmount": decimal(returned),
            "amountBonus": 0, "currency": "KZT", "terminal": TERMINAL, "reasonCode": reason,
            "reference": charge.map_or("", |charge| &charge.reference), "approvalCode": "157911",
            "cardMask": "440563...5096",
        }}))
    }

    pub(super) fn operate(&mut self, url: &str, now: Time) -> BankReply {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut parts = path.rsplit('/');
        let (what, operation) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default().to_owned());
        if what == "refund" {
            return self.give_back(&operation, query);
        }
        let order = self.orders.iter().find(|(_, order)| order.operation.as_deref() == Some(operation.as_str()));
        let Some(id) = order.map(|(id, _)| id.clone()) else { return refused("no such operation") };
        let Some(hold) = self.holds.iter().find(|hold| hold.operation == operation && hold.open) else {
            return refused("nothing is held");
        };
        let minor = hold.minor;
        if !self.honest && self.chance.percent(5) {
            return refused("not possible");
        }
        match what {
            "charge" => {
                self.holds.iter_mut().filter(|hold| hold.operation == operation).for_each(|hold| hold.open = false);
                self.charge(&id, minor, now);
            }
            "cancel" => drop(self.let_hold_go(&id)),
            _ => return refused("no such command"),
        }
        accepted()
    }

    /// The bank has the money of an order, under the order's operation.
    pub(super) fn charge(&mut self, id: &str, minor: i64, at: Time) {
        let reference = format!("6326{:08}", self.charges.len() + 1);
        let Some(order) = self.orders.get_mut(id) else { return };
        order.shown = Shown::Charged;
        let (operation, attempt) = (order.operation.clone().unwrap_or_default(), order.attempt.clone());
        self.charges.push(Charge { operation, attempt, reference, at, minor, returned: 0 });
    }

    /// Nothing is kept for an order any more.
    pub(super) fn let_hold_go(&mut self, id: &str) -> String {
        if let Some(order) = self.orders.get_mut(id) {
            order.shown = Shown::Cancelled;
            let operation = order.operation.clone();
            let ended = self.holds.iter_mut().filter(|hold| Some(&hold.operation) == operation.as_ref());
            ended.for_each(|hold| hold.open = false);
        }
        format!("{id} is held no more")
    }

    /// Gives back all of a charge, or the part that the address names; never more than is left.
    fn give_back(&mut self, operation: &str, query: &str) -> BankReply {
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("amount="));
        let asked = asked.map(|sum| Money::parse_decimal(sum, Currency::KZT).unwrap().minor());
        let Some(charge) = self.charges.iter_mut().find(|charge| charge.operation == operation) else {
            return refused("no such operation");
        };
        let sum = asked.unwrap_or(charge.minor - charge.returned);
        if sum > charge.minor - charge.returned || (asked.is_some() && sum < 1_000) || self.chance.percent(5) {
            return refused("not possible");
        }
        charge.returned += sum;
        accepted()
    }
}
