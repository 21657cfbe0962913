//! Naughty texts in every field of an application: they are kept whole, and come back unharmed and unexecuted on pages,
//! in the API, in mails and on paper; or they are refused at their field.

use portal as _;
use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};
use testkit::{api::Api, journey as j, poll, world::World};

/// Texts that have brought down or fooled some program or other.
const NAUGHTY: [&str; 14] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' OR 1=1; DROP TABLE application; --",
    "{{ 7 * 7 }} ${7*7} #{7*7} <%= 7 %>",
    "#set page(fill: red) #read(\"/etc/passwd\")",
    "$(reboot) `id` | cat /etc/passwd",
    "../../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "%s%n%x %00 \\0 \\u0000",
    "ﷺ Ω≈ç√∫˜µ≤ 田中さん Ұқыпты Ёлка 🏳️‍🌈",
    "مرحبا ‏اختبار‏",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙a̷͇l̵go",
    "null undefined NaN true -1e309",
    "-- {\"a\":[1,2",
];

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A page as a browser of the same account gets it.
async fn page(who: &Client, base: &str, path: &str) -> String {
    let answer = who.get(format!("{base}{path}")).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.text().await.unwrap()
}

async fn browser(base: &str, email: &str) -> Client {
    let who = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
    let login = who.get(format!("{base}/login")).send().await.unwrap().text().await.unwrap();
    let token = login.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let key = uuid::Uuid::new_v4().to_string();
    let form = [
        ("form_token", token.as_str()),
        ("form_key", key.as_str()),
        ("email", email),
        ("password", testkit::world::PASSWORD),
    ];
    let answer = who.post(format!("{base}/login")).header("origin", base).form(&form).send().await.unwrap();
    assert!(answer.status().is_redirection(), "{}", answer.status());
    who
}

/// What a browser shows for a text.
fn escaped(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '<' => "&#60;".to_owned(),
            '>' => "&#62;".to_owned(),
            '&' => "&#38;".to_owned(),
            '"' => "&#34;".to_owned(),
            '\'' => "&#39;".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn naughty_texts_come_back_unharmed_and_unexecuted() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let email = text(&who.get("/account").await.ok()["email"]).to_owned();
    let manager = world.demo("manager").await;
    let (own, staff) = (browser(&world.api.base, &email).await, browser(&world.api.base, "manager@demo.example").await);
    for naughty in NAUGHTY {
        let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
        let number = j::number(&draft);
        // Whatever a field does not take is refused there, and nothing of it is kept.
        let contact = json!({ "contact": { "given_name": naughty, "surname": naughty, "email": naughty,
            "phone": naughty, "address": naughty } });
        let refused = who.put_at(&format!("/applications/{number}/contact"), j::version(&draft), contact).await;
        if !refused.status.is_success() {
            assert_eq!(refused.status.as_u16(), 422, "{naughty}: {:?}", refused.body);
        }
        let draft = j::get(&who, number).await;
        let contact = json!({ "contact": { "given_name": "Nora", "surname": "Lind", "email": "nora@mail.example",
            "phone": "+77012345678", "address": naughty } });
        let draft = who.put_at(&format!("/applications/{number}/contact"), j::version(&draft), contact).await.ok();
        let (line, person) = (&draft["lines"][0], &draft["lines"][0]["persons"][0]);
        let mut values = person["values"].clone();
        for key in ["purpose", "birth_place", "passport_authority", "stay_cities"] {
            values[key] = json!(naughty);
        }
        let path = format!("/applications/{number}/persons/{}", text(&person["id"]));
        let body = json!({ "line_id": line["id"], "values": values });
        let draft = who.put_at(&path, j::version(&draft), body).await.ok();
        let kept = &draft["lines"][0]["persons"][0]["values"];
        let kept = [&draft["contact"]["address"], &kept["purpose"], &kept["birth_place"], &kept["stay_cities"]];
        // Spaces at the ends and marks of direction may go; nothing else.
        let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200f}').collect::<String>();
        for value in kept {
            assert_eq!(plain(text(value)), plain(naughty), "in the API");
        }
        let shown = text(&draft["contact"]["address"]);
        j::submit(&who, &draft).await;
        let seen = j::step(&manager, number, "claim", json!({})).await;
        assert_eq!(text(&seen["contact"]["address"]), shown);
        for (who, path) in [
            (&own, format!("/applications/{number}/overview")),
            (&staff, format!("/staff/applications/{number}")),
            (&staff, format!("/staff?list=all&search={number}")),
        ] {
            let html = page(who, &world.api.base, &path).await;
            for live in ["<script>alert", "<img src=x", "onerror=alert(1)>"] {
                assert!(!html.contains(live), "{path} shows {live} alive");
            }
            if !path.contains("search") {
                assert!(html.contains(&escaped(shown)), "{path} shows {naughty} otherwise");
            }
        }
    }
    // On paper and in mails: a payer of that name.
    let naughty = "#read(\"/etc/passwd\") <b>Zoë</b> $x$ \\ *Ә*";
    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let number = j::number(&j::submit(&who, &draft).await);
    j::approve(&world, number).await;
    let path = format!("/applications/{number}/billing");
    poll::until("what there is to pay", || who.get(&path), |seen| seen.status.is_success()).await;
    let mut payer = j::payer();
    payer["city"] = json!(naughty);
    payer["district"] = json!(naughty);
    let invoice = who.post(&format!("/applications/{number}/invoices"), json!({ "payer": payer })).await;
    assert!(invoice.status.is_success(), "{:?}", invoice.body);
    let pdf = pdf_text(&who, text(&invoice.body["id"])).await;
    assert!(pdf.contains("P-O/") && !pdf.contains("root:"), "{pdf}");
    world.end().await;
}

async fn pdf_text(who: &Api, invoice: &str) -> String {
    let (status, bytes) = who.download(&format!("/invoices/{invoice}/pdf?locale=en")).await;
    assert!(status.is_success(), "{status}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("invoice.pdf");
    std::fs::write(&file, bytes).unwrap();
    let printed = std::process::Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output().unwrap();
    assert!(printed.status.success());
    String::from_utf8_lossy(&printed.stdout).into_owned()
}
