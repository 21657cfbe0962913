//! The bank over HTTP, as a merchant and a payer meet it.

#![expect(clippy::indexing_slicing, reason = "a missing JSON field reads as null, and fails the test")]

mod world;

use sandbox_bank::{Amount, CARDS, Fault, FaultKind, MOVES, Point, PostLink, Scenario, Status};
use serde_json::json;

use crate::world::{Test, World};

#[tokio::test]
async fn a_card_pays_and_the_merchant_is_told() -> Test {
    let mut world = World::new(None).await?;
    let page = world.pay_page("100000101", "10000").await?;
    assert!(page.body.contains("Pay 10\u{a0}000\u{a0}KZT"), "{}", page.body);
    assert_eq!(world.status("100000101").await?["transaction"]["statusName"], "NEW");

    let result = world.fill(&page, "4405639704015096").await?;
    assert!(result.body.contains("Close") && result.body.contains("/back/ok"), "{}", result.body);
    let status = world.status("100000101").await?;
    assert_eq!(status["resultCode"], "100");
    assert_eq!(status["transaction"]["statusName"], "CHARGE");
    assert_eq!(status["transaction"]["orgAmount"], json!(10000));
    assert_eq!(status["transaction"]["reasonCode"], "00");

    let notice = world.notice().await?;
    assert_eq!(notice["code"], "ok");
    assert_eq!(notice["invoiceId"], "100000101");
    assert_eq!(notice["secret_hash"], "our-secret");
    assert_eq!(notice["id"], status["transaction"]["id"]);

    // A form sent twice, and the page opened again, change nothing.
    let again = world.fill(&page, "4405639700002007").await?;
    assert!(again.body.contains("/back/ok"));
    let history = world.logged("/transactions/0/history").await?;
    assert_eq!(history.as_array().map(Vec::len), Some(3));
    world.end().await
}

#[tokio::test]
async fn refunds_in_part_and_whole() -> Test {
    let world = World::new(None).await?;
    let page = world.pay_page("100000102", "1000.50").await?;
    world.fill(&page, "5522042705066736").await?;
    let id = world.status("100000102").await?["transaction"]["id"].clone();
    let refund = format!("/operation/{}/refund", id.as_str().unwrap_or_default());

    assert_eq!(world.operate(&format!("{refund}?amount=9")).await?, 400);
    assert_eq!(world.operate(&format!("{refund}?amount=2000")).await?, 400);
    assert_eq!(world.operate(&format!("{refund}?amount=300&externalID=r-1")).await?, 200);
    let status = world.status("100000102").await?["transaction"].clone();
    assert_eq!(status["amount"], json!(700.5));
    assert_eq!(status["payoutAmount"], json!(300));
    assert_eq!(status["orgAmount"], json!(1000.5));

    // The work is done, the answer is lost: only the status tells.
    let lost = Fault { at: Point::Refund, kind: FaultKind::Http500, times: 1, delay_ms: 0, after: true };
    world.bank().set_scenario(Scenario { faults: vec![lost], ..Scenario::default() })?;
    assert_eq!(world.operate(&refund).await?, 500);
    assert_eq!(world.status("100000102").await?["transaction"]["statusName"], "REFUND");
    assert_eq!(world.operate(&refund).await?, 400);
    assert_eq!(world.logged("/transactions/0/refunded").await?, "1000.50");
    world.end().await
}

#[tokio::test]
async fn declines_codes_and_late_charges() -> Test {
    let mut world = World::new(None).await?;
    let page = world.pay_page("100000103", "500").await?;
    let result = world.fill(&page, "4405639700002007").await?;
    assert!(result.body.contains("484") && result.body.contains("/back/failed"));
    assert_eq!(world.notice().await?["reasonCode"], 484);
    assert_eq!(world.status("100000103").await?["transaction"]["statusName"], "REJECT");

    let page = world.pay_page("100000104", "500").await?;
    let code = world.fill(&page, "4405639700001009").await?;
    assert_eq!(world.status("100000104").await?["transaction"]["statusName"], "3D");
    let wrong = world.send_code(&code, "000000").await?;
    assert!(wrong.body.contains("The code is wrong"));
    assert!(world.send_code(&code, "123456").await?.body.contains("/back/ok"));
    assert_eq!(world.notice().await?["secure"], "yes");

    world.bank().set_scenario(Scenario { later_ms: 200, ..Scenario::default() })?;
    let page = world.pay_page("100000105", "500").await?;
    let result = world.fill(&page, "4405639700008004").await?;
    assert!(result.body.contains("being processed"));
    assert_eq!(world.notice().await?["reasonCode"], 454);
    assert_eq!(world.notice().await?["reasonCode"], 0);
    assert_eq!(world.status("100000105").await?["transaction"]["statusName"], "CHARGE");

    let page = world.pay_page("100000106", "500").await?;
    world.fill(&page, "4405639700010000").await?;
    let bonus = world.status("100000106").await?["transaction"].clone();
    assert_eq!((&bonus["amount"], &bonus["amountBonus"]), (&json!(450), &json!(50)));

    let unknown = world.status("100000199").await?;
    assert_eq!(unknown["resultCode"], "102");
    assert!(unknown.get("transaction").is_none());
    world.end().await
}

#[tokio::test]
async fn a_hold_waits_for_the_merchant() -> Test {
    let world = World::new(None).await?;
    let page = world.pay_page("100000107", "500").await?;
    world.fill(&page, "4405639700011008").await?;
    let held = world.status("100000107").await?["transaction"].clone();
    assert_eq!(held["statusName"], "AUTH");
    let id = held["id"].as_str().unwrap_or_default();
    assert_eq!(world.operate(&format!("/operation/{id}/refund")).await?, 400);
    assert_eq!(world.operate(&format!("/operation/{id}/charge?amount=300")).await?, 200);
    assert_eq!(world.operate(&format!("/operation/{id}/cancel")).await?, 400);
    assert_eq!(world.status("100000107").await?["transaction"]["orgAmount"], json!(300));
    world.end().await
}

#[tokio::test]
async fn a_payment_link_needs_no_script() -> Test {
    let mut world = World::new(None).await?;
    let link = world.link("100000108", "10000").await?;
    let url = link["invoice_url"].as_str().unwrap_or_default();
    assert_eq!(world.link("100000108", "10000").await?["invoice_url"], url);
    let page = world.get(url).await?;
    world.fill(&page, "4405639704015096").await?;
    let notice = world.notice().await?;
    assert_eq!(notice["code"], "ok");
    assert!(notice.get("secret_hash").is_none());
    world.end().await
}

#[tokio::test]
async fn restart_keeps_the_books() -> Test {
    let folder = tempfile::tempdir()?;
    let world = World::new(Some(folder.path())).await?;
    world.bank().set_scenario(Scenario { post_link_delay_ms: 300, ..Scenario::default() })?;
    let page = world.pay_page("100000109", "10000").await?;
    world.fill(&page, "4405639704015096").await?;
    let before = world.status("100000109").await?;
    let mut world = world.restart().await?;
    assert_eq!(world.status("100000109").await?, before);
    assert_eq!(world.notice().await?["invoiceId"], "100000109");
    // The last six digits are taken for good.
    assert_eq!(world.payment_token("200000109", "10000").await?.0, 400);
    world.end().await
}

#[tokio::test]
async fn switches_and_refusals() -> Test {
    let mut world = World::new(None).await?;
    for (invoice, amount) in
        [("12345", "500"), ("1234567890123456", "500"), ("12345a", "500"), ("100000110", "9"), ("100000110", "500.001")]
    {
        assert_eq!(world.payment_token(invoice, amount).await?.0, 400, "{invoice} {amount}");
    }
    // Another sum than the token's.
    let (_, token) = world.payment_token("100000110", "500").await?;
    let page = world.open(&world.order("100000110", "501", &token)).await?;
    assert_eq!(page.status, 400);

    let busy = Fault { at: Point::Status, kind: FaultKind::Busy, times: 1, delay_ms: 0, after: false };
    let scenario = Scenario {
        post_link: PostLink::WrongSecret,
        charge_amount: Some(Amount(40_000)),
        faults: vec![busy],
        ..Scenario::default()
    };
    assert_eq!(world.set_scenario(&serde_json::to_value(&scenario)?).await?, 200);
    assert_eq!(world.set_scenario(&json!({"unknown": 1})).await?, 422);
    let page = world.pay_page("100000111", "500").await?;
    world.fill(&page, "4405639704015096").await?;
    assert_ne!(world.notice().await?["secret_hash"], "our-secret");
    assert_eq!(world.status("100000111").await?["resultCode"], "107");
    assert_eq!(world.status("100000111").await?["transaction"]["amount"], json!(400));

    let page = world.pay_page("100000112", "500").await?;
    let form = world.fill(&page, "4405639704015097").await?;
    assert_eq!(form.status, 422);
    assert!(form.body.contains("aria-invalid"));
    assert!(world.get("/admin").await?.body.contains("100000111"));
    world.end().await
}

#[test]
fn moves_are_few_and_final_states_final() {
    for (from, _, _) in MOVES {
        assert!(!matches!(from, Status::Cancel | Status::Refund | Status::Reject | Status::Failed));
    }
    let mut numbers: Vec<_> = CARDS.iter().map(|card| card.pan).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), CARDS.len());
}
