//! Every page renders, in three languages, with its headers; refusals come back with what was typed.

use gateway::Audience;
use http::{Method, StatusCode};

use crate::browser::World;
use chassis::testing::refuse;

/// An address of the samples for a route's pattern.
fn address(path: &str) -> String {
    let number = match path {
        _ if path.contains("/payer") || path.contains("/invoice") => "3",
        _ if path.starts_with("/booking") || path.contains("overview") => "4",
        _ if path.starts_with("/staff") => "5",
        _ => "1",
    };
    let line = if path.ends_with("/form") { "lin_2" } else { "lin_1" };
    path.replace("{number}", number)
        .replace("{line}", line)
        .replace("/editions/{id}", "/editions/2")
        .replace("/accounting/{file}", "/accounting/documents.csv")
        .replace("/lists/{file}", "/lists/cases.csv")
        .replace("/reports/{file}", "/reports/states.xlsx")
        .replace("/acts/{kind}", "/acts/hand_over")
        .replace("{text}", "application_approved")
        .replace("{kind}", "service")
        .replace("{code}", "INVB1S")
        .replace("{person}", "itm_1")
        .replace("{saved}", "sav_1")
        .replace("{attempt}", "att_1")
        .replace("{id}", "inv_1")
        .replace("{document}", "doc_1")
        .replace("{appointment}", "apt_1")
        .replace("{file}", "forms.toml")
        .replace("{hash}", "x")
        .replace("{name}", "portal.css")
}

#[tokio::test]
async fn every_page_renders_in_every_language() {
    let world = World::start();
    let mut seen = 0;
    for route in gateway::routes() {
        // Files are asked for by links that were made for them.
        let file = route.path.contains("{document}") || route.path.contains("/acts/{kind}/");
        let page_route = route.method == Method::GET && !route.path.starts_with("/api/") && !file;
        if !page_route || route.audience == Audience::Program {
            continue;
        }
        let session = if route.audience == Audience::Staff { "staff-1" } else { "applicant-1" };
        for language in ["en", "ru", "kk"] {
            let page = world.get(&address(&route.path), &format!("portal={session}; lang={language}")).await;
            let fine = page.status.is_success() || page.status.is_redirection();
            assert!(fine, "{} in {language}: {} {}", route.path, page.status, page.text);
            assert_eq!(page.header("x-content-type-options"), "nosniff", "{}", route.path);
            assert!(page.header("content-security-policy").starts_with("default-src 'none'"), "{}", route.path);
            if page.header("content-type").starts_with("text/html") {
                seen += 1;
                assert!(page.text.contains(&format!("<html lang=\"{language}\">")), "{}", route.path);
                assert!(page.text.contains("+7 7172 64-73-40"), "help stands in the footer of {}", route.path);
                assert!(!page.text.contains("<script>alert"), "{} escapes", route.path);
                assert!(
                    !page.text.contains("style=\"") && !page.text.contains("onclick"),
                    "{} has no inline code",
                    route.path
                );
                assert_eq!(page.header("cache-control"), "no-store", "{}", route.path);
            }
        }
    }
    assert!(seen > 80, "{seen} pages");
}

#[tokio::test]
async fn the_list_shows_what_the_guide_shows() {
    let world = World::start();
    let page = world.get("/applications", "portal=applicant-1; lang=en").await;
    for text in [
        "My Applications",
        "New Application",
        "Created Date",
        "Business visa B1, B2, B3 – Single entry",
        "12.06.2024 7:12 PM",
        "Awaiting for Payment",
        "Awaiting to Receive Documents",
        "Items per page:",
        "1 – 4 of 4",
        "Go To:",
    ] {
        assert!(page.text.contains(text), "{text} is missing");
    }
    let invoice = world.get("/applications/3/invoice", "portal=applicant-1; lang=en").await;
    for text in ["P-O/2024/188", "13.06.2024", "13.07.2024", "10,000.00", "Payer IIN", "Terms&amp;Conditions", "400481"]
    {
        let found = invoice.text.contains(text) || invoice.text.contains(&text.replace("&amp;", "&#38;"));
        assert!(found, "{text} is missing");
    }
}

#[tokio::test]
async fn a_submitted_application_greets_with_the_guides_dialog() {
    let world = World::start();
    let page = world.get("/applications/2/overview?submitted", "portal=applicant-1; lang=en").await;
    assert!(page.text.contains(
        "Your application has been successfully submitted to the Expat Centre managers for processing. Please await their response. Status - NEW!"
    ));
}

#[tokio::test]
async fn a_refusal_keeps_what_was_typed_and_stands_at_its_field() {
    let world = World::start();
    world.fakes.on("identity.Identity/SignUp", |_: proto::identity::v1::SignUpRequest| {
        Err::<proto::identity::v1::Session, _>(refuse(
            "INPUT_INVALID",
            &[("email", "EMAIL_IN_USE"), ("phone", "PHONE_MALFORMED")],
        ))
    });
    let form = world.get("/signup", "visitor=v1; lang=en").await;
    let fields = [
        ("form_token", form.hidden("form_token")),
        ("form_key", form.hidden("form_key")),
        ("email", "taken@example.org".to_owned()),
        ("given_name", "Құралай \"Q\"".to_owned()),
        ("password", "correct horse battery".to_owned()),
        ("password_again", "correct horse battery".to_owned()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = world.post("/signup", "visitor=v1; lang=en", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("There is a problem") && page.text.contains("href=\"#email\""));
    assert!(page.text.contains("already an account with this e-mail"));
    assert!(page.text.contains("value=\"taken@example.org\"") && page.text.contains("Құралай"));
    assert!(!page.text.contains("correct horse"), "a password is never sent back");
    assert_ne!(page.hidden("form_key"), form.hidden("form_key"), "the key is fresh");
    let (calls, _, key) = world.fakes.seen("SignUp");
    assert_eq!((calls, key), (1, form.hidden("form_key")));
}

#[tokio::test]
async fn saving_an_unchanged_application_writes_nothing() {
    let world = World::start();
    let cookies = "portal=applicant-1; lang=en";
    let form = world.get("/applications/1", cookies).await;
    let token = form.hidden("form_token");
    let fields = [
        ("form_token", token.as_str()),
        ("version", "7"),
        ("membership", "member"),
        ("bin", "151240022476"),
        ("line", "INVB1S"),
        ("quantity.INVB1S", "2"),
        ("line", "EMPALL"),
        ("quantity.EMPALL", "1"),
        ("given_name", "Әйгерім"),
        ("surname", "<script>alert(1)</script>"),
        ("email", "aigerim@example.org"),
        ("phone", "+77011234567"),
        ("action", "next"),
    ];
    let page = world.post("/applications/1", cookies, &fields).await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/applications/1/review"));
    assert_eq!((world.fakes.seen("SaveServices").0, world.fakes.seen("SaveContact").0), (0, 0));
}

#[tokio::test]
async fn the_way_to_the_bank_has_its_own_policy_and_leads_nowhere_else() {
    let world = World::start();
    let cookies = "portal=applicant-1; lang=en";
    let form = world.get("/applications/3/invoice", cookies).await;
    let token = form.hidden("form_token");
    let fields = [("form_token", token.as_str()), ("invoice", "inv_1"), ("terms_accepted", "yes")];
    let page = world.post("/applications/3/pay", cookies, &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-security-policy").contains("script-src 'self' http://localhost:8090"));
    assert!(page.text.contains("data-script=\"http://localhost:8090/payform/payment-api.js\""));
    assert!(!page.text.contains("evil.example"), "only configured bank hosts are linked");
    assert!(!page.text.contains("href=\"\""), "without a page of the bank's the way leads back to the invoice");
    assert!(!page.text.contains("\"><script>"));
}

#[tokio::test]
async fn a_refused_file_is_told_at_its_paper() {
    let world = World::start();
    world.fakes.on("applications.Applications/UploadDocument", |_: proto::applications::v1::UploadDocumentRequest| {
        Err::<proto::applications::v1::UploadDocumentResponse, _>(refuse("INPUT_INVALID", &[("file", "FILE_TYPE")]))
    });
    let cookies = "portal=applicant-1; lang=en";
    let token = world.get("/applications/1", cookies).await.hidden("form_token");
    let part =
        |name: &str, value: &str| format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let file = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.exe\"\r\n\r\nMZ\r\n--b--\r\n";
    let upload = |token: &str| {
        let body =
            [&part("form_token", token), &part("code", "company_charter"), &part("back", "/applications/1"), file]
                .concat();
        let request = http::Request::post("/applications/1/documents")
            .header("cookie", cookies)
            .header("origin", "http://127.0.0.1:8080")
            .header("content-type", "multipart/form-data; boundary=b")
            .body(axum::body::Body::from(body));
        world.send(request.expect("request"))
    };
    assert_eq!(upload("wrong").await.status, StatusCode::FORBIDDEN);
    let answer = upload(&token).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = world.get(answer.header("location"), cookies).await;
    assert!(
        page.text.contains("Upload a PDF, JPG or PNG.") && page.text.contains("href=\"#documents-company_charter\"")
    );
}

#[tokio::test]
async fn a_refused_message_is_kept_where_it_was_typed() {
    let world = World::start();
    world.fakes.on("applications.Applications/PostMessage", |_: proto::applications::v1::PostMessageRequest| {
        Err::<proto::applications::v1::Thread, _>(refuse("INPUT_INVALID", &[("text", "TEXT_TOO_LONG")]))
    });
    for (path, to, cookies) in [
        ("/applications/2/overview", "/applications/2/messages", "portal=applicant-1; lang=en"),
        ("/staff/applications/5", "/staff/applications/5/messages", "portal=staff-1; lang=en"),
    ] {
        let form = world.get(path, cookies).await;
        assert!(form.text.contains("Please bring\n&#60;script&#62;") && form.text.contains("New"), "{}", form.text);
        assert_eq!(form.text.contains("Called &#60;b&#62;twice"), path.starts_with("/staff"), "notes are the staff's");
        let token = form.hidden("form_token");
        let fields = [("form_token", token.as_str()), ("message", "Where do I come?")];
        let page = world.post(to, cookies, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains("href=\"#message\"") && page.text.contains("Where do I come?</textarea>"));
    }
}

#[tokio::test]
async fn a_mark_is_answered_where_it_stands_and_staff_see_what_changed() {
    let world = World::start();
    world.fakes.on("applications.Applications/ReplyToMark", |_: proto::applications::v1::ReplyToMarkRequest| {
        Err::<proto::applications::v1::Application, _>(refuse("INPUT_INVALID", &[("text", "TEXT_TOO_LONG")]))
    });
    let cookies = "portal=applicant-1; lang=en";
    let form = world.get("/applications/6/overview", cookies).await;
    assert!(form.text.contains("another number on the copy") && form.text.contains("Why it stays"));
    let token = form.hidden("form_token");
    let field = "lines[lin_1].persons[itm_1].passport_number";
    let fields = [("form_token", token.as_str()), ("version", "7"), ("field", field), ("reply", "It is the new one")];
    let page = world.post("/applications/6/marks", cookies, &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let control = "reply-lines-lin_1-persons-itm_1-passport_number";
    assert!(page.text.contains(&format!("href=\"#{control}\"")), "{}", page.text);
    assert!(page.text.contains(&format!("id=\"{control}\"")) && page.text.contains("It is the new one</textarea>"));
    let staff = world.get("/staff/applications/5", "portal=staff-1; lang=en").await;
    for text in ["What changed after the return", "03.02.1990", "04.02.1990", "EXAMPLE JOHN – Date of birth"] {
        assert!(staff.text.contains(text), "{text} is missing");
    }
}
