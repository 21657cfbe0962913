//! The desk, the export for a breach, and consents, as pages.

use chassis::testing::refuse;
use http::StatusCode;
use proto::applications::v1 as apps;
use proto::identity::v1 as identity;

use crate::browser::World;

const STAFF: &str = "portal=staff-1; lang=en";

/// Would have found: an address typed twice, a service chosen in vain, a client who is lost with a refusal.
#[tokio::test]
async fn staff_find_or_open_an_account_and_file_for_it() {
    let world = World::start();
    world.fakes.on("identity.Identity/FindClient", |asked: identity::FindClientRequest| {
        if asked.email == "new@example.org" {
            return Err(refuse("INPUT_INVALID", &[("email", "CLIENT_UNKNOWN")]));
        }
        Ok(client())
    });
    world.fakes.on("identity.Identity/OpenClientAccount", |form: identity::OpenClientAccountRequest| {
        if form.consent_version == 0 {
            Err(refuse("INPUT_INVALID", &[("consent", "CONSENT_MISSING")]))
        } else {
            Ok(client())
        }
    });
    world.fakes.on("applications.Applications/CreateApplication", |asked: apps::CreateApplicationRequest| {
        assert_eq!(asked.owner_account_id, "acc_7");
        if asked.services.is_empty() {
            return Err(refuse("INPUT_INVALID", &[("services", "SERVICES_NONE")]));
        }
        Ok(apps::Application { number: 140, ..apps::Application::default() })
    });
    let page = world.get("/staff/desk", STAFF).await;
    let token = page.hidden("form_token");
    let unknown = world.post("/staff/desk", STAFF, &[("form_token", &token), ("email", "new@example.org")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.text.contains("No client has an open account") && unknown.text.contains("Open an account"));
    assert!(unknown.text.contains("value=\"new@example.org\"") && unknown.text.contains("I consent to the processing"));
    let entered = [
        ("form_token", token.as_str()),
        ("email", "new@example.org"),
        ("given_name", "Kenji"),
        ("consent_version", "1"),
    ];
    let unsigned = world.post("/staff/desk/account", STAFF, &entered).await;
    assert_eq!(unsigned.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsigned.text.contains("href=\"#consent\"") && unsigned.text.contains("value=\"Kenji\""));
    let signed: Vec<_> = entered.into_iter().chain([("consent", "yes")]).collect();
    let opened = world.post("/staff/desk/account", STAFF, &signed).await;
    assert!(opened.text.contains("The account is open") && opened.text.contains("Kenji Watanabe"), "{}", opened.text);
    let none = [("form_token", token.as_str()), ("client", "acc_7"), ("type", "expat_centre")];
    let refused = world.post("/staff/desk/application", STAFF, &none).await;
    assert!(refused.text.contains("href=\"#services\"") && refused.text.contains("Kenji Watanabe"));
    let chosen: Vec<_> = none.into_iter().chain([("service", "INVB1S")]).collect();
    let made = world.post("/staff/desk/application", STAFF, &chosen).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, "/applications/140"));
}

fn client() -> identity::Client {
    identity::Client {
        account_id: "acc_7".to_owned(),
        name: "Kenji Watanabe".to_owned(),
        email: "kenji@example.org".to_owned(),
        ..identity::Client::default()
    }
}

#[tokio::test]
async fn whom_a_breach_concerns_comes_as_a_file() {
    let world = World::start();
    world.fakes.on("applications.Applications/ExportReads", |asked: apps::ExportReadsRequest| {
        assert_eq!(asked.to_micros - asked.from_micros, 2 * 24 * 3600 * 1_000_000, "the last day counts whole");
        Ok(apps::ExportReadsResponse {
            reads: vec![apps::ReadRecord {
                number: 102,
                owner_account_id: "acc_7".to_owned(),
                reader: "user:acc_2".to_owned(),
                what: "DOCUMENT_READ".to_owned(),
                document_code: "passport_copy".to_owned(),
                times: 2,
                persons: 1,
                ..apps::ReadRecord::default()
            }],
        })
    });
    world.fakes.on("identity.Identity/ListAccountHolders", |_: identity::ListAccountHoldersRequest| {
        let name = "=Watanabe, Kenji".to_owned();
        Ok(identity::ListAccountHoldersResponse { holders: vec![identity::Client { name, ..client() }] })
    });
    let page = world.get("/staff/breach", STAFF).await;
    let token = page.hidden("form_token");
    let asked = |from: &'static str, to: &'static str| {
        [("form_token", token.clone()), ("from_date", from.to_owned()), ("to_date", to.to_owned())]
    };
    let post = |fields: [(&'static str, String); 3]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.clone())).collect();
        let world = &world;
        async move {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            world.post("/staff/breach", STAFF, &fields).await
        }
    };
    let wrong = post(asked("yesterday", "2026-11-02")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("href=\"#from_date\"") && wrong.text.contains("value=\"2026-11-02\""));
    let file = post(asked("2026-11-01", "2026-11-02")).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "text/csv"));
    let row = file.text.lines().nth(1).unwrap_or_default();
    assert!(
        row.starts_with("acc_7,\"'=Watanabe, Kenji\",,kenji@example.org,102,1,DOCUMENT_READ,passport_copy"),
        "{row}"
    );
    let denied = world.get("/staff/breach", "portal=applicant-1; lang=en").await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_consent_is_ticked_where_its_text_stands() {
    let world = World::start();
    let review = world.get("/applications/1/review", "portal=applicant-1; lang=en").await;
    assert!(review.text.contains("Every person has consented") && review.text.contains("I have read and accept"));
    let profile = world.get("/account", "portal=applicant-1; lang=en").await;
    assert!(profile.text.contains("from 192.0.*.*") && profile.text.contains("30 days after the account is closed"));
    let signup = world.get("/signup", "visitor=v1; lang=ru").await;
    assert!(signup.text.contains("name=\"consent\"") && signup.hidden("consent_version") == "1");
}
