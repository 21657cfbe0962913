//! The account day by day: the statement is what the bank's log says, and it differs from the books in nothing but what
//! people have to look at.

use std::collections::{BTreeMap, BTreeSet};

use chassis::testing::people;
use proto::billing::v1::{GetBankDayRequest, billing_client::BillingClient};

use super::super::{
    account::Line,
    place::{Place, text},
};

pub(super) async fn days(place: &Place, on_account: &[Line], broken: &mut Vec<String>) {
    // Part of it went to cards and the rest by an order: the line is another sum than the refund's.
    let split = "SELECT DISTINCT r.order_number AS o FROM refund r JOIN refund_part p ON p.refund_id = r.id AND p.state = \
                 'done' WHERE r.order_number <> ''";
    let split: BTreeSet<String> = place.rows("billing", split).await.iter().map(|row| text(row, "o")).collect();
    let mut by_day: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for line in on_account {
        let day = by_day.entry(&line.day).or_default();
        if line.out { day.1 += line.minor } else { day.0 += line.minor }
    }
    let mut client = BillingClient::new(place.together.by("billing", people::finance()));
    for (date, (came, went)) in by_day {
        let day = client.get_bank_day(GetBankDayRequest { date: date.to_owned() }).await.unwrap().into_inner();
        let minor = |money: &Option<proto::common::v1::Money>| money.as_ref().map_or(0, |money| money.amount_minor);
        if (minor(&day.statement_in), minor(&day.statement_out)) != (came, went) {
            broken.push(format!("{date}: {came} came and {went} went, the statement says {day:?}"));
        }
        for left in day.differences.iter().filter(|left| !split.contains(&left.reference)) {
            broken.push(format!("{date}: {left:?}"));
        }
    }
}
