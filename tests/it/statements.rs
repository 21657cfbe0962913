//! A statement of the account over the whole portal, by a program and on the page: a bad file changes nothing and says where it
//! is wrong, a good one is matched, the same one again doubles nothing.

use base64::Engine as _;
use serde_json::{Value, json};
use testkit::{
    World,
    api::{Answer, Api},
    journey as j,
    pages::{Pages, typed},
    poll,
};

async fn send(finance: &Api, file: &str) -> Answer {
    let content = base64::engine::general_purpose::STANDARD.encode(file);
    finance.post("/payments/statements", json!({ "file_name": "day.csv", "content": content })).await
}

fn counts(told: &Value) -> [i64; 5] {
    ["matched", "recorded", "proposed", "unmatched", "known"].map(|name| told[name].as_i64().unwrap_or(0))
}

/// Would have found: half of a bad file in the books, a fault without its line, money that is counted again with each file.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_taken_in_whole_or_not_at_all_and_once() {
    let world = World::start().await;
    let (who, number) = j::approved(&world, &[("INVB1S", 1)]).await;
    let invoice = j::invoice(&who, number).await;
    let billing = || async { who.get(&format!("/applications/{number}/billing")).await.ok() };
    let (reference, minor) =
        (invoice["reference_number"].as_str().unwrap(), invoice["total"]["amount_minor"].as_i64().unwrap());
    let zone = kernel::Zone::parse("Asia/Almaty").unwrap();
    let today = zone.date(chassis::clock::Sources::system().now());
    let (former, today) = (today.yesterday().unwrap().to_string(), today.to_string());
    let good = format!("{today};PD-1;;{}.00;Nora Lind;for {reference}", minor / 100);
    let header = "date;reference;debit;credit;sender;purpose";
    let bad = format!("{header}\n{good}\n{today};PD-2;;ten;Nora Lind;for {reference}\n");

    let finance = world.demo("finance").await;
    assert_eq!(send(&finance, &bad).await.at("rows[2]"), Some("STATEMENT_SUM"));
    assert_eq!(send(&who, &bad).await.status.as_u16(), 403);
    let path = format!("/staff/bank-days?date={today}");
    let desk = Pages::sign_in(world.public_url(), "finance@demo.example").await;
    let former = format!("/staff/bank-days?date={former}");
    let form = typed(desk.get(&former).await.hidden("/staff/statements"), &[]);
    let refused = desk.upload("/staff/statements", &form, ("day.csv", &bad)).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.text.contains("error-summary") && refused.text.contains("Row 3"), "{}", refused.text);
    let kept = |form: &[(String, String)]| form.iter().find(|(name, _)| name == "date").cloned();
    assert_eq!(kept(&refused.hidden("/staff/statements")), kept(&form), "the day that was looked at");
    let day = format!("/payments/bank-days?date={today}");
    assert_eq!(finance.get(&day).await.ok()["lines"], json!([]), "nothing of it is in the books");
    assert_eq!(billing().await["evidence"], json!([]));

    let whole = format!("{header}\n{good}\n{today};PD-3;;5.00;;interest\n");
    let form = desk.get(&path).await.hidden("/staff/statements");
    let taken = desk.upload("/staff/statements", &form, ("day.csv", &whole)).await;
    assert!(taken.location.contains("recorded=1") && taken.location.contains("unmatched=1"), "{taken:?}");
    let said = desk.get(&taken.location).await;
    assert!(said.text.contains("PD-1") && said.text.contains("role=\"status\""), "{}", said.text);
    let table = desk.get(&format!("{path}&csv")).await.text;
    assert!(table.contains(",line_in,") && table.contains(",PD-1,"), "{table}");
    for again in [1, 2] {
        assert_eq!(counts(&send(&finance, &whole).await.ok()), [0, 0, 0, 0, 2], "the same file, {again}");
    }
    let seen = billing().await;
    assert_eq!(seen["evidence"].as_array().unwrap().len(), 1, "{seen}");
    let day = finance.get(&day).await.ok();
    assert_eq!(day["lines"].as_array().unwrap().len(), 2);
    // What the demo's people have paid today stands on no statement; of this case nothing differs.
    let differs =
        |fits: &dyn Fn(&Value) -> bool| day["differences"].as_array().unwrap().iter().filter(|one| fits(one)).count();
    assert_eq!(
        (differs(&|one| one["kind"] == "line_unmatched"), differs(&|one| one["application_number"] == number)),
        (1, 0)
    );
    j::confirm(&world.demo("manager").await, number).await;
    poll::until("the payment", billing, |seen| seen["payment_status"] == "PAYMENT_STATUS_PAID").await;
    j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    world.end().await;
}
