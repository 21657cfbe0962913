//! Money that goes back: asked for, looked at, decided on by another person, paid out; and what any sequence of events
//! leaves in the ledger.

use billing::Billing;
use chassis::testing::{Alone, Coverage, people, refusal};
use proto::{
    billing::v1::{
        Billable, DecideRefundRequest, ExecuteRefundRequest, HoldForCancellationRequest, ListPaymentsRequest,
        ListRefundsRequest, PaymentStatus, PaymentStatusChanged, RefundChanged, RefundCommand, RefundLine,
        RequestRefundRequest,
    },
    booking::v1::HolidaysChanged,
};

use super::{
    Client, NUMBER, TOTAL, approved, billable, cancelled, charge, client,
    desk::{confirming, declining},
    issuing, payer, reserving, tenge,
    transfers::{accounts, balances, recording},
};

pub fn asking(kind: &str) -> RequestRefundRequest {
    let texts = ["the service was not provided", "Example Example", "Altyn Bank", "KZ149491100000810569", "ATYNKZKA"];
    let [reason, holder, bank, iban, bic] = texts.map(str::to_owned);
    RequestRefundRequest {
        application_number: NUMBER,
        kind: kind.to_owned(),
        lines: Vec::new(),
        reason,
        holder,
        bank,
        iban,
        bic,
        letter_number: String::new(),
    }
}

/// So many persons of the line.
pub fn lines(quantity: u32) -> RequestRefundRequest {
    RequestRefundRequest { lines: vec![RefundLine { number: 1, quantity }], ..asking("lines") }
}

fn last(found: &Billable) -> String {
    found.refunds.last().unwrap().id.clone()
}

pub fn reviewing(found: &Billable) -> RefundCommand {
    RefundCommand { application_number: NUMBER, version: found.version, refund_id: last(found) }
}

pub fn deciding(found: &Billable, approve: bool, reason: &str) -> DecideRefundRequest {
    let refund_id = last(found);
    DecideRefundRequest {
        application_number: NUMBER,
        version: found.version,
        refund_id,
        approve,
        reason: reason.into(),
    }
}

pub fn executing(found: &Billable, order: &str) -> ExecuteRefundRequest {
    ExecuteRefundRequest {
        application_number: NUMBER,
        version: found.version,
        refund_id: last(found),
        order_number: order.to_owned(),
        order_date: "2026-11-23".to_owned(),
    }
}

/// A world in which three persons of one line are paid for.
pub async fn paid(coverage: &Coverage) -> (Alone, Client) {
    let world = Alone::start::<Billing>(coverage).await;
    let mut fact = approved(NUMBER);
    fact.lines[0].quantity = 3;
    fact.lines[0].amount = tenge(3 * TOTAL);
    fact.total = tenge(3 * TOTAL);
    world.tell(NUMBER, 9, &fact).await;
    let mut applicant = client(&world, people::applicant());
    let invoice = applicant.issue_invoice(issuing(payer())).await.unwrap().into_inner();
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    world.tell("att_1", 2, &charge(&invoice, "att_1", "op-1", 3 * TOTAL)).await;
    let mut finance = client(&world, people::finance());
    assert_eq!(refusal(applicant.request_refund(asking("full")).await), ["PAYMENT_UNDER_WAY"]);
    let pending = billable(&mut finance).await;
    finance.confirm_payment(confirming(pending.version)).await.unwrap();
    (world, applicant)
}

/// Would have found: a refund's last day by the file of the start although a holiday was added since.
pub async fn the_last_day_goes_by_the_holidays_that_were_told(coverage: &Coverage) {
    let (world, mut applicant) = paid(coverage).await;
    let holidays = format!("{}2026-12-01 holiday\n", kernel::calendar::KZ);
    world.tell("holidays", 3, &HolidaysChanged { holidays }).await;
    assert_eq!(world.step("read-calendar").await, 1);
    let asked = applicant.request_refund(lines(1)).await.unwrap().into_inner();
    assert_eq!(asked.refunds[0].due_date, "2027-02-01");
    world.end().await;
}

/// Would have found: money on the desk's list for ever although a payment order gave it back.
pub async fn what_came_too_much_leaves_the_desk_once_it_has_gone_back(coverage: &Coverage) {
    let (world, mut applicant) = paid(coverage).await;
    let (mut finance, mut supervisor) = (client(&world, people::finance()), client(&world, people::supervisor()));
    let invoice = billable(&mut finance).await.invoice.unwrap();
    world.tell("att_2", 2, &charge(&invoice, "att_2", "op-2", TOTAL)).await;
    let listed = async |finance: &mut Client| {
        finance.list_payments(ListPaymentsRequest::default()).await.unwrap().into_inner().payments.len()
    };
    assert_eq!(listed(&mut finance).await, 1);
    let asked = applicant.request_refund(asking("surplus")).await.unwrap().into_inner();
    let reviewed = finance.review_refund(reviewing(&asked)).await.unwrap().into_inner();
    assert_eq!(listed(&mut finance).await, 1);
    let approved = supervisor.decide_refund(deciding(&reviewed, true, "")).await.unwrap().into_inner();
    assert_eq!(listed(&mut finance).await, 0, "from then on it is on the list of refunds");
    finance.execute_refund(executing(&approved, "PO-7")).await.unwrap();
    assert_eq!(listed(&mut finance).await, 0);
    world.end().await;
}

/// Would have found: one pair of eyes, more given back than came, a person given back twice.
pub async fn one_person_of_three_gets_his_money_back(coverage: &Coverage) {
    let (world, mut applicant) = paid(coverage).await;
    let (mut finance, mut supervisor) = (client(&world, people::finance()), client(&world, people::supervisor()));
    // Without any account it may go back to the card; half an account is none.
    for (bic, faults) in [("", &["reason"][..]), ("?", &["reason", "holder", "bank", "iban", "bic"])] {
        let bic = bic.to_owned();
        let blank = RequestRefundRequest { application_number: NUMBER, kind: "full".into(), bic, ..Default::default() };
        let told = refusal(applicant.request_refund(blank).await);
        let at: Vec<_> = told.iter().filter_map(|fault| fault.split(" at ").nth(1)).collect();
        assert_eq!(at, faults);
    }
    for (request, fault) in [
        (asking("half"), "CHOICE_UNKNOWN at kind"),
        (lines(0), "REFUND_LINES at lines"),
        (lines(4), "REFUND_LINES at lines"),
        (asking("surplus"), "REFUND_NOTHING"),
    ] {
        assert_eq!(refusal(applicant.request_refund(request).await), [fault]);
    }
    assert_eq!(refusal(client(&world, people::stranger()).request_refund(lines(1)).await), ["NOT_FOUND"]);
    assert_eq!(refusal(finance.request_refund(lines(1)).await), ["TEXT_EMPTY at letter_number"]);
    let asked = applicant.request_refund(lines(1)).await.unwrap().into_inner();
    assert_eq!((asked.refunds[0].amount.clone(), asked.refunds[0].due_date.as_str()), (tenge(TOTAL), "2027-01-29"));
    assert_eq!(asked.refundable, tenge(2 * TOTAL));
    assert_eq!(refusal(applicant.request_refund(lines(1)).await), ["REFUND_OPEN"]);
    assert_eq!(refusal(applicant.list_refunds(ListRefundsRequest::default()).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(applicant.review_refund(reviewing(&asked)).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(supervisor.decide_refund(deciding(&asked, true, "")).await), ["REFUND_STATE"]);
    let reviewed = supervisor.review_refund(reviewing(&asked)).await.unwrap().into_inner();
    assert_eq!(refusal(supervisor.decide_refund(deciding(&reviewed, true, "")).await), ["FOUR_EYES"]);
    assert_eq!(refusal(finance.decide_refund(deciding(&reviewed, true, "")).await), ["NOT_PERMITTED"]);
    // A month of working days later it presses; another week and it presses hard.
    let mut other = client(&world, people::person(chassis::demo::APPLICANTS[1], &[kernel::Role::Supervisor]));
    let no = other.decide_refund(deciding(&reviewed, false, " ")).await;
    assert_eq!(refusal(no), ["REASON_MISSING at reason"]);
    let declined = other.decide_refund(deciding(&reviewed, false, "it was provided")).await.unwrap().into_inner();
    assert_eq!((declined.refunds[0].state.as_str(), declined.refundable), ("declined", tenge(3 * TOTAL)));
    world.pass_hours(1);
    let again = applicant.request_refund(lines(1)).await.unwrap().into_inner();
    let reviewed = finance.review_refund(reviewing(&again)).await.unwrap().into_inner();
    let approved = supervisor.decide_refund(deciding(&reviewed, true, "")).await.unwrap().into_inner();
    assert_eq!(approved.refunds[1].credit_note_number, "P-C/2026/1");
    assert_eq!(approved.invoice.as_ref().unwrap().state, "partly_credited");
    for (days, alarm) in [(0, ""), (45, ""), (1, "amber"), (13, "amber"), (1, "red")] {
        world.pass_hours(24 * days);
        let listed = finance.list_refunds(ListRefundsRequest::default()).await.unwrap().into_inner();
        assert_eq!(listed.refunds[0].alarm, alarm);
    }
    assert_eq!(refusal(finance.execute_refund(executing(&approved, " ")).await), ["TEXT_EMPTY at order_number"]);
    let late = ExecuteRefundRequest { order_date: "2099-01-01".into(), ..executing(&approved, "PO-1") };
    assert_eq!(refusal(finance.execute_refund(late).await), ["DATE_AHEAD at order_date"]);
    let done = finance.execute_refund(executing(&approved, "PO-1")).await.unwrap().into_inner();
    assert_eq!((done.payment_status(), done.refunds[1].state.as_str()), (PaymentStatus::PartlyRefunded, "done"));
    assert_eq!(balances(&world).await, accounts(&[("bank", 2 * TOTAL), ("revenue", -2 * TOTAL)]));
    // What is left, by letter.
    world.pass_hours(1);
    let letter = RequestRefundRequest { letter_number: "17".into(), ..asking("full") };
    let rest = finance.request_refund(letter).await.unwrap().into_inner();
    let reviewed = finance.review_refund(reviewing(&rest)).await.unwrap().into_inner();
    let approved = supervisor.decide_refund(deciding(&reviewed, true, "")).await.unwrap().into_inner();
    let done = finance.execute_refund(executing(&approved, "PO-2")).await.unwrap().into_inner();
    assert_eq!((done.payment_status(), done.refundable), (PaymentStatus::Refunded, tenge(0)));
    assert_eq!(done.invoice.unwrap().state, "credited");
    assert_eq!(balances(&world).await, accounts(&[]));
    let told: Vec<_> = world.published::<PaymentStatusChanged>().await.into_iter().map(|fact| fact.status).collect();
    assert_eq!(told, ["pending", "paid", "partly_refunded", "refunded"]);
    let told: Vec<_> = world.published::<RefundChanged>().await.into_iter().map(|fact| fact.state).collect();
    let one = ["requested", "approved", "done"];
    assert_eq!(told, [&["requested", "declined"][..], &one, &one].concat());
    let all = ListRefundsRequest { all: true, ..ListRefundsRequest::default() };
    assert_eq!(finance.list_refunds(all).await.unwrap().into_inner().refunds.len(), 3);
    world.end().await;
}

pub async fn a_cancelled_case_gives_back_what_has_come(coverage: &Coverage) {
    let (world, mut applicant) = paid(coverage).await;
    let mut applications = client(&world, people::service("applications"));
    let hold = HoldForCancellationRequest { application_number: NUMBER };
    assert_eq!(refusal(applications.hold_for_cancellation(hold).await), ["MONEY_RECEIVED"]);
    let mut finance = client(&world, people::finance());
    finance.record_transfer(recording("BD-1", 5)).await.unwrap();
    world.tell(NUMBER, 12, &cancelled(NUMBER)).await;
    let opened = billable(&mut applicant).await;
    assert_eq!(
        (opened.refunds[0].state.as_str(), opened.refunds[0].amount.clone()),
        ("requested", tenge(3 * TOTAL + 5))
    );
    assert_eq!(refusal(finance.review_refund(reviewing(&opened)).await), ["REFUND_ACCOUNT_MISSING"]);
    // Whoever it belongs to says where it goes.
    let told = applicant.request_refund(asking("full")).await.unwrap().into_inner();
    assert_eq!((told.refunds.len(), told.refunds[0].iban.as_str()), (1, "KZ149491100000810569"));
    let reviewed = finance.review_refund(reviewing(&told)).await.unwrap().into_inner();
    let mut supervisor = client(&world, people::supervisor());
    let approved = supervisor.decide_refund(deciding(&reviewed, true, "")).await.unwrap().into_inner();
    let done = finance.execute_refund(executing(&approved, "PO-1")).await.unwrap().into_inner();
    assert_eq!((done.payment_status(), done.unapplied), (PaymentStatus::Refunded, tenge(0)));
    assert_eq!(balances(&world).await, accounts(&[]));
    world.end().await;
}

/// Would have found: money that stays with the centre because a part of it had been asked for before the case was cancelled.
pub async fn what_a_refund_left_of_a_cancelled_case_goes_back_too(coverage: &Coverage) {
    let (world, mut applicant) = paid(coverage).await;
    let (mut finance, mut supervisor) = (client(&world, people::finance()), client(&world, people::supervisor()));
    applicant.request_refund(lines(1)).await.unwrap();
    world.tell(NUMBER, 12, &cancelled(NUMBER)).await;
    let open = billable(&mut finance).await;
    assert_eq!(open.refunds.len(), 1, "one at a time");
    let reviewed = finance.review_refund(reviewing(&open)).await.unwrap().into_inner();
    let granted = supervisor.decide_refund(deciding(&reviewed, true, "")).await.unwrap().into_inner();
    world.pass_hours(1);
    let done = finance.execute_refund(executing(&granted, "PO-1")).await.unwrap().into_inner();
    let told: Vec<_> = done.refunds.iter().map(|refund| (refund.state.as_str(), refund.amount.clone())).collect();
    assert_eq!(told, [("done", tenge(TOTAL)), ("requested", tenge(2 * TOTAL))]);
    world.end().await;
}

/// Whatever is done in whatever order, the ledger sums to nothing and no more goes back than came.
pub async fn no_sequence_of_events_gives_back_more_than_came(coverage: &Coverage) {
    for seed in 1..=4_u64 {
        let world = Alone::start::<Billing>(coverage).await;
        world.tell(NUMBER, 9, &approved(NUMBER)).await;
        let mut applicant = client(&world, people::applicant());
        let (mut finance, mut supervisor) = (client(&world, people::finance()), client(&world, people::supervisor()));
        let invoice = applicant.issue_invoice(issuing(payer())).await.unwrap().into_inner();
        let mut chance = seed;
        let mut draw = |below: u64| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (chance >> 33) % below
        };
        for step in 0..60_u64 {
            let now = billable(&mut finance).await;
            let refund = !now.refunds.is_empty();
            let sum = i64::try_from(1 + draw(9)).unwrap() * 150_000;
            match draw(10) {
                0 => {
                    world
                        .tell(
                            "att",
                            i64::try_from(step).unwrap() + 2,
                            &charge(&invoice, "att", &format!("op-{step}"), sum),
                        )
                        .await
                }
                1 => drop(finance.record_transfer(recording(&format!("BD-{step}"), sum)).await),
                2 => {
                    let part = proto::billing::v1::ConfirmPaymentRequest { part: true, ..confirming(now.version) };
                    drop(finance.confirm_payment(part).await);
                }
                3 => drop(finance.confirm_payment(confirming(now.version)).await),
                4 if draw(3) == 0 => drop(finance.decline_payment(declining(now.version, "no")).await),
                5 => drop(applicant.request_refund(asking(["full", "surplus"][usize::from(draw(2) == 0)])).await),
                6 if refund => drop(finance.review_refund(reviewing(&now)).await),
                7 if refund => drop(supervisor.decide_refund(deciding(&now, draw(3) > 0, "no")).await),
                8 if refund => drop(finance.execute_refund(executing(&now, "PO")).await),
                9 if step > 50 => world.tell(NUMBER, i64::try_from(step).unwrap() + 12, &cancelled(NUMBER)).await,
                _ => world.pass_hours(1),
            }
            let after = balances(&world).await;
            let of = |account: &str| after.iter().find(|(name, _)| name == account).map_or(0, |(_, balance)| *balance);
            assert!(of("bank") >= 0 && of("suspense") <= 0 && of("refunds") <= 0, "{seed} at {step}: {after:?}");
            let seen = billable(&mut finance).await;
            assert!(seen.refundable.unwrap().amount_minor >= 0, "{seed} at {step}");
        }
        world.end().await;
    }
}
