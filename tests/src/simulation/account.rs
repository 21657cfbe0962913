//! The centre's account at the bank: what payers transfer to it and what finance pays out of it, in a log of its own. Its
//! statements are drawn from that log, and from the bank's log of charges.

use kernel::{Currency, Time};
use proto::billing::v1::{Billable, ExecuteRefundRequest};

use super::{bank::Charge, chance::Chance};

/// Money that a payer sent.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// The bank's number of the document.
    pub reference: String,
    pub minor: i64,
    /// ISO date in the centre's zone.
    pub day: String,
    /// What the payer wrote: not always what he meant.
    pub purpose: String,
    /// For which cases he paid, and how much for each.
    pub parts: Vec<(i64, i64)>,
}

/// A payment order of finance for a refund. It is called back where the portal does not take it on.
#[derive(Debug, Clone)]
pub struct Order {
    pub reference: String,
    pub refund: String,
    pub minor: i64,
    pub day: String,
}

#[derive(Default)]
pub struct Account {
    pub came: Vec<Transfer>,
    pub orders: Vec<Order>,
}

/// A line of a statement.
#[derive(Debug, Clone)]
pub struct Line {
    pub day: String,
    pub reference: String,
    pub out: bool,
    pub minor: i64,
    pub purpose: String,
}

impl Account {
    /// A payer's bank has sent it.
    pub fn receive(&mut self, minor: i64, day: String, purpose: String, parts: Vec<(i64, i64)>) -> Transfer {
        let reference = format!("TR-{}", self.came.len() + 1);
        let transfer = Transfer { reference, minor, day, purpose, parts };
        self.came.push(transfer.clone());
        transfer
    }

    /// Finance pays out what is left of a refund, as it sees it before it.
    pub fn pay_out(&mut self, seen: &Billable, paid: &ExecuteRefundRequest) {
        let minor = |money: &Option<proto::common::v1::Money>| money.as_ref().map_or(0, |money| money.amount_minor);
        let Some(refund) = seen.refunds.iter().find(|refund| refund.id == paid.refund_id) else { return };
        let back: i64 = refund.parts.iter().filter(|part| part.state == "done").map(|part| minor(&part.amount)).sum();
        self.orders.push(Order {
            reference: paid.order_number.clone(),
            refund: refund.id.clone(),
            minor: minor(&refund.amount) - back,
            day: paid.order_date.clone(),
        });
    }

    /// Everything on the account: `charges` with their days, and those orders that were not called back.
    pub fn lines(&self, charges: &[(Charge, String)], standing: impl Fn(&Order) -> bool) -> Vec<Line> {
        let came = self.came.iter().map(|one| Line {
            day: one.day.clone(),
            reference: one.reference.clone(),
            out: false,
            minor: one.minor,
            purpose: one.purpose.clone(),
        });
        let charged = charges.iter().map(|(charge, day)| Line {
            day: day.clone(),
            reference: format!("CARD-{}", charge.operation),
            out: false,
            minor: charge.minor,
            purpose: format!("cards, {}", charge.reference),
        });
        let went = self.orders.iter().filter(|order| standing(order)).map(|order| Line {
            day: order.day.clone(),
            reference: order.reference.clone(),
            out: true,
            minor: order.minor,
            purpose: "refund".to_owned(),
        });
        let mut lines: Vec<Line> = came.chain(charged).chain(went).collect();
        lines.sort_by(|one, other| one.day.cmp(&other.day));
        lines
    }
}

/// The bank's file, in one of the forms that it gives out.
pub fn file(lines: &[Line], chance: &mut Chance) -> String {
    match chance.below(3) {
        0 => mt940(lines),
        1 => table(lines, ';', "Дата;Номер документа;Дебет;Кредит;Корреспондент;Назначение платежа"),
        _ => table(lines, ',', "date,reference,debit,credit,sender,purpose"),
    }
}

fn table(lines: &[Line], by: char, header: &str) -> String {
    let mut text = format!("{header}\n");
    for line in lines {
        let sum = format!("{}.{:02}", line.minor / 100, line.minor % 100);
        let (debit, credit) = if line.out { (sum.as_str(), "") } else { ("", sum.as_str()) };
        let row = [&line.day, &line.reference, debit, credit, "\"A payer; at home\"", &format!("\"{}\"", line.purpose)];
        text.push_str(&row.join(&by.to_string()));
        text.push('\n');
    }
    text
}

fn mt940(lines: &[Line]) -> String {
    let mut text = format!(":20:STATEMENT\n:60F:C261101{}0,00\n", Currency::home().code());
    for line in lines {
        let day: String = line.day.chars().skip(2).filter(char::is_ascii_digit).collect();
        let mark = if line.out { 'D' } else { 'C' };
        let sum = format!("{},{:02}", line.minor / 100, line.minor % 100);
        text.push_str(&format!(":61:{day}{mark}{sum}NTRF{}\n:86:?20{}?32A payer\n", line.reference, line.purpose));
    }
    text
}

/// The day of a moment in the centre's zone.
pub fn day(zone: &kernel::Zone, at: Time) -> String {
    zone.date(at).to_string()
}
