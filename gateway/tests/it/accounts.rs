//! Pages behind the links of letters, and the account's own.

use chassis::testing::refuse;
use http::StatusCode;
use proto::identity::v1 as identity;

use crate::browser::World;

/// Would have found: a program that looks through mail and uses the link up by following it.
#[tokio::test]
async fn following_a_link_changes_nothing_and_its_button_does() {
    let world = World::start();
    world
        .fakes
        .on("identity.Identity/VerifyEmail", |_: identity::VerifyEmailRequest| Ok(identity::VerifyEmailResponse {}));
    world.fakes.on("identity.Identity/ConfirmEmailChange", |_: identity::ConfirmEmailChangeRequest| {
        Ok(identity::ConfirmEmailChangeResponse {})
    });
    for (path, rpc) in [("/verify-email", "VerifyEmail"), ("/confirm-email", "ConfirmEmailChange")] {
        let page = world.get(&format!("{path}?token=s3cret"), "visitor=v1; lang=en").await;
        assert_eq!((page.status, page.hidden("token").as_str()), (StatusCode::OK, "s3cret"));
        assert_eq!(world.fakes.seen(rpc).0, 0);
        assert_eq!(page.header("referrer-policy"), "same-origin", "no other site learns the link");
        let (token, key) = (page.hidden("form_token"), page.hidden("form_key"));
        let fields = [("form_token", token.as_str()), ("form_key", key.as_str()), ("token", "s3cret")];
        let answer = world.post(path, "visitor=v1; lang=en", &fields).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, &*format!("{path}?done")));
        assert_eq!(world.fakes.seen(rpc).0, 1);
        let done = world.get(&format!("{path}?done"), "visitor=v1; lang=en").await;
        assert!(done.text.contains("is confirmed"));
    }
}

/// Would have found: a dead end where a link has been used already.
#[tokio::test]
async fn a_dead_link_says_so_and_leads_to_a_new_one() {
    let world = World::start();
    let dead = || refuse("LINK_UNKNOWN", &[]);
    world.fakes.on("identity.Identity/VerifyEmail", move |_: identity::VerifyEmailRequest| {
        Err::<identity::VerifyEmailResponse, _>(dead())
    });
    world.fakes.on("identity.Identity/ResetPassword", move |_: identity::ResetPasswordRequest| {
        Err::<identity::ResetPasswordResponse, _>(dead())
    });
    for (path, again) in [("/verify-email", "/account"), ("/reset-password", "/forgot-password")] {
        let page = world.get(&format!("{path}?token=old"), "visitor=v1; lang=en").await;
        let token = page.hidden("form_token");
        let fields = [
            ("form_token", token.as_str()),
            ("token", "old"),
            ("password", "violet-teapot-1"),
            ("password_again", "violet-teapot-1"),
        ];
        let page = world.post(path, "visitor=v1; lang=en", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains("used already, has expired"), "{}", page.text);
        assert!(page.text.contains(&format!("href=\"{again}\"")) && !page.text.contains("violet-teapot"));
    }
    // Without its secret a link is told to be incomplete before anything is typed.
    for path in ["/verify-email", "/reset-password", "/confirm-email"] {
        assert!(world.get(path, "visitor=v1; lang=en").await.text.contains("Ask for a new link"), "{path}");
    }
}

#[tokio::test]
async fn the_client_of_a_forgotten_password_is_told_as_the_edge_saw_it() {
    let world = World::start();
    world.fakes.on("identity.Identity/RequestPasswordReset", |request: identity::RequestPasswordResetRequest| {
        assert_eq!(request.email, "a@example.org");
        Ok(identity::RequestPasswordResetResponse {})
    });
    let page = world.get("/login", "visitor=v1; lang=en").await;
    assert!(page.text.contains("href=\"/forgot-password\""));
    let token = page.hidden("form_token");
    let fields = [("form_token", token.as_str()), ("email", " a@example.org ")];
    let answer = world.post("/forgot-password", "visitor=v1; lang=en", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/forgot-password?sent"));
}

#[tokio::test]
async fn refusals_of_the_accounts_pages_stand_at_their_fields() {
    let world = World::start();
    world.fakes.on("identity.Identity/ChangePassword", |_: identity::ChangePasswordRequest| {
        Err::<identity::ChangePasswordResponse, _>(refuse("INPUT_INVALID", &[("old_password", "PASSWORD_WRONG")]))
    });
    world.fakes.on("identity.Identity/RequestEmailChange", |_: identity::RequestEmailChangeRequest| {
        Err::<identity::RequestEmailChangeResponse, _>(refuse("INPUT_INVALID", &[("password", "PASSWORD_WRONG")]))
    });
    world.fakes.on("identity.Identity/RequestEmailVerification", |_: identity::RequestEmailVerificationRequest| {
        Err::<identity::RequestEmailVerificationResponse, _>(refuse("LETTERS_SLOWED", &[]))
    });
    let cookies = "portal=applicant-1; lang=en";
    let page = world.get("/account", cookies).await;
    assert!(page.text.contains("not confirmed") && page.text.contains("Send the letter again"));
    let token = page.hidden("form_token");
    let fields = [("form_token", token.as_str()), ("new_password", "a"), ("new_password_again", "b")];
    let differ = world.post("/account/password", cookies, &fields).await;
    assert!(differ.text.contains("href=\"#new_password_again\"") && differ.text.contains("The two passwords differ"));
    for (path, field) in [("/account/password", "old_password"), ("/account/email", "password")] {
        let refused = world.post(path, cookies, &[("form_token", token.as_str()), ("email", "n@example.org")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(&format!("href=\"#{field}\"")), "{path}: {}", refused.text);
        assert!(refused.text.contains("This is not your present password."));
    }
    let slowed = world.post("/account/verification", cookies, &[("form_token", token.as_str())]).await;
    assert!(slowed.text.contains("asked for too often") && slowed.text.contains("+77011234567"));
}

/// Would have found: a page that offers to end the session one is in, or to take one's own roles.
#[tokio::test]
async fn sessions_and_colleagues_are_ended_and_never_oneself() {
    let world = World::start();
    world.fakes.on("identity.Identity/EndSession", |request: identity::EndSessionRequest| {
        assert_eq!(request.session_id, "ses_2");
        Ok(identity::EndSessionResponse {})
    });
    world.fakes.on("identity.Identity/EndOtherSessions", |_: identity::EndOtherSessionsRequest| {
        Ok(identity::EndOtherSessionsResponse { count: 1 })
    });
    world.fakes.on("identity.Identity/ChangeRoles", |request: identity::ChangeRolesRequest| {
        if request.roles.is_empty() {
            return Err(refuse("INPUT_INVALID", &[("roles", "ROLE_UNKNOWN")]));
        }
        assert_eq!((request.account_id.as_str(), request.roles.len()), ("acc_2", 2));
        Ok(identity::ChangeRolesResponse {})
    });
    world.fakes.on("identity.Identity/EnableAccount", |_: identity::EnableAccountRequest| {
        Ok(identity::EnableAccountResponse {})
    });
    world.fakes.on("identity.Identity/EndAccountSessions", |_: identity::EndAccountSessionsRequest| {
        Ok(identity::EndAccountSessionsResponse {})
    });
    let cookies = "portal=applicant-1; lang=en";
    let page = world.get("/account/sessions", cookies).await;
    assert!(page.text.contains("/account/sessions/ses_2/end") && !page.text.contains("/account/sessions/ses_1/end"));
    let token = page.hidden("form_token");
    for path in ["/account/sessions/ses_2/end", "/account/sessions/end-others"] {
        let answer = world.post(path, cookies, &[("form_token", token.as_str())]).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/account/sessions?ended"));
    }
    let cookies = "portal=staff-1; lang=en";
    let page = world.get("/staff/team", cookies).await;
    assert!(page.text.contains("/staff/team/acc_2/roles") && page.text.contains("/staff/team/acc_3/enable"));
    assert!(!page.text.contains("/staff/team/acc_1/"), "nothing about the own account");
    let token = page.hidden("form_token");
    let fields = [("form_token", token.as_str()), ("role_of", "manager"), ("role_of", "finance")];
    for path in ["/staff/team/acc_2/roles", "/staff/team/acc_3/enable", "/staff/team/acc_2/end-sessions"] {
        let answer = world.post(path, cookies, &fields).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/staff/team?done"), "{path}");
    }
    let refused = world.post("/staff/team/acc_2/roles", cookies, &[("form_token", token.as_str())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Would have found: answers kept unasked, those that were typed lost for want of room, a stranger's choice in the address.
#[tokio::test]
async fn saved_persons_and_payers_fill_forms_in_and_are_kept_when_asked() {
    let world = World::start();
    let cookies = "portal=applicant-1; lang=en";
    let place = "/applications/1/lines/lin_1/persons/new";
    let page = world.get(place, cookies).await;
    assert!(page.text.contains("Choose a saved person") && !page.text.contains("TK1234567"));
    assert!(page.text.contains("name=\"keep\" value=\"yes\">"), "the tick is not set: {}", page.text);
    let filled = world.get(&format!("{place}?from=sav_1"), cookies).await;
    assert!(filled.text.contains("value=\"HARPER &#60;b&#62;\""), "{}", filled.text);
    let unknown = world.get(&format!("{place}?from=sav_9"), cookies).await;
    assert_eq!((unknown.status, unknown.text.contains("HARPER &#60;b&#62;\"")), (StatusCode::OK, false));
    world.fakes.on("applications.Applications/SavePerson", |_: proto::applications::v1::SavePersonRequest| {
        Ok(proto::applications::v1::Application::default())
    });
    world.fakes.on("identity.Identity/StoreSavedPerson", |request: identity::StoreSavedPersonRequest| {
        // Who has the same passport is the same person.
        assert_eq!((request.saved_person_id.as_str(), request.version), ("sav_1", 3));
        assert_eq!(request.values.keys().collect::<Vec<_>>(), ["passport_number", "surname"]);
        Ok(identity::StoredAnswers { id: "sav_1".to_owned(), version: 4 })
    });
    let token = page.hidden("form_token");
    let typed = [
        ("form_token", token.as_str()),
        ("surname", "HARPER"),
        ("passport_number", "TK1234567"),
        ("employer", "Example Ltd."),
        ("keep", "yes"),
    ];
    for (fields, kept) in [(&typed[..4], 0), (&typed[..], 1)] {
        assert_eq!(world.post(place, cookies, fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world.fakes.seen("StoreSavedPerson").0, kept);
    }
    // One payer is kept, and no more may be: told before the invoice is issued.
    let place = "/applications/3/payer";
    let page = world.get(&format!("{place}?from=sav_1"), cookies).await;
    assert!(page.text.contains("Save this payer") && page.text.contains("value=\"Astana\""), "{}", page.text);
    let typed = [("form_token", token.as_str()), ("surname", "Ahmetov"), ("identity_number", "N1"), ("keep", "yes")];
    let full = world.post(place, cookies, &typed).await;
    assert_eq!((full.status, world.fakes.seen("IssueInvoice").0), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    assert!(full.text.contains("No more than 1 can be saved") && full.text.contains("Ahmetov"), "{}", full.text);
}

#[tokio::test]
async fn a_saved_person_is_edited_from_the_version_that_was_seen() {
    let world = World::start();
    world.fakes.on("identity.Identity/StoreSavedPerson", |request: identity::StoreSavedPersonRequest| {
        assert_eq!(request.version, 3);
        Err::<identity::StoredAnswers, _>(refuse("INPUT_INVALID", &[("surname", "TEXT_TOO_LONG")]))
    });
    world.fakes.on("identity.Identity/RemoveSavedPayer", |request: identity::RemoveSavedPayerRequest| {
        assert_eq!(request.saved_payer_id, "sav_1");
        Ok(identity::RemoveSavedPayerResponse {})
    });
    let cookies = "portal=applicant-1; lang=en";
    let page = world.get("/account/persons/sav_1", cookies).await;
    let (token, version) = (page.hidden("form_token"), page.hidden("version"));
    let fields = [("form_token", token.as_str()), ("version", version.as_str()), ("surname", "TYPED")];
    let refused = world.post("/account/persons/sav_1", cookies, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("href=\"#surname\"") && refused.text.contains("TYPED"), "{}", refused.text);
    assert_eq!(world.get("/account/persons/sav_2", cookies).await.status, StatusCode::NOT_FOUND);
    let removed = world.post("/account/payers/sav_1/remove", cookies, &[("form_token", token.as_str())]).await;
    assert_eq!(removed.header("location"), "/account/payers?removed");
}

/// Would have found: a file that is cut short and looks whole, one that a browser shows instead of saving, a list's second
/// page left out.
#[tokio::test]
async fn ones_data_is_one_whole_file() {
    use proto::applications::v1 as apps;
    use proto::common::v1::PageInfo;
    let world = World::start();
    world.fakes.on("applications.Applications/ListApplications", |request: apps::ListApplicationsRequest| {
        let page = request.page.unwrap_or_default().page;
        let numbers = if page == 1 { vec![1, 3] } else { vec![4] };
        let summary = |number| apps::ApplicationSummary { number, ..apps::ApplicationSummary::default() };
        let applications = numbers.into_iter().map(summary).collect();
        Ok(apps::ListApplicationsResponse { applications, page: Some(PageInfo { page, size: 100, total: 101 }) })
    });
    world.fakes.on("billing.Billing/GetBillable", |request: proto::billing::v1::GetBillableRequest| {
        if request.application_number == 1 {
            return Err(tonic::Status::not_found("none"));
        }
        Ok(proto::billing::v1::Billable { closed: true, ..proto::billing::v1::Billable::default() })
    });
    let cookies = "portal=applicant-1; lang=en";
    let token = world.get("/account/data", cookies).await.hidden("form_token");
    let answer = world.post("/account/data", cookies, &[("form_token", token.as_str())]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"portal-data.json\"");
    let file: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(file["account"]["email"], "aigerim@example.org");
    let numbers: Vec<_> =
        file["applications"].as_array().unwrap().iter().map(|one| &one["application"]["number"]).collect();
    assert_eq!(numbers, [1, 3, 4]);
    assert!(file["applications"][0]["billing"].is_null() && file["applications"][1]["billing"]["closed"] == true);
    assert_eq!((file["invoices"].as_array().unwrap().len(), file["messages"].as_array().unwrap().len()), (1, 1));
    world.fakes.on("identity.Identity/TakeOwnData", |_: identity::TakeOwnDataRequest| {
        Err::<identity::OwnData, _>(refuse("OWN_DATA_SLOWED", &[]))
    });
    let slowed = world.post("/account/data", cookies, &[("form_token", token.as_str())]).await;
    assert_eq!(slowed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(slowed.text.contains("several times just now"), "{}", slowed.text);
}

#[tokio::test]
async fn an_account_is_closed_with_its_password_and_the_browser_forgets_it() {
    let world = World::start();
    world.fakes.on("identity.Identity/CloseAccount", |request: identity::CloseAccountRequest| {
        match request.password.as_str() {
            "right" => Ok(identity::CloseAccountResponse {}),
            _ => Err(refuse("INPUT_INVALID", &[("password", "PASSWORD_WRONG")])),
        }
    });
    let cookies = "portal=applicant-1; lang=en";
    let page = world.get("/account/close", cookies).await;
    assert!(page.text.contains("stay with the centre") && page.text.contains("erased at once"), "{}", page.text);
    let token = page.hidden("form_token");
    let wrong = world.post("/account/close", cookies, &[("form_token", token.as_str()), ("password", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("href=\"#password\""), "{}", wrong.text);
    let done = world.post("/account/close", cookies, &[("form_token", token.as_str()), ("password", "right")]).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/login?closed"));
    assert!(done.header("set-cookie").starts_with("portal=;"), "{}", done.header("set-cookie"));
    assert!(world.get("/login?closed", "lang=en").await.text.contains("Your account is closed"));
    let staff = world.get("/account/close", "portal=staff-1; lang=en").await;
    assert!(staff.text.contains("Ask an administrator") && !staff.text.contains("name=\"password\""));
}

/// Would have found: an upload from another site, a refusal that leads away from the page.
#[tokio::test]
async fn papers_of_the_account_are_uploaded_and_refused_at_their_place() {
    let world = World::start();
    world.fakes.on("identity.Identity/UploadAccountDocument", |_: identity::UploadAccountDocumentRequest| {
        Err::<identity::AccountDocument, _>(refuse("INPUT_INVALID", &[("file", "FILE_TYPE")]))
    });
    let cookies = "portal=applicant-1; lang=en";
    let page = world.get("/account/documents", cookies).await;
    assert!(page.text.contains("passport &#60;1&#62;.pdf") && page.text.contains("2.5 MB"), "{}", page.text);
    let token = page.hidden("form_token");
    let upload = |token: &str| {
        let part = |name: &str, value: &str| {
            format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let file = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.exe\"\r\n\r\nMZ\r\n--b--\r\n";
        let body = [&part("form_token", token), &part("code", "id_copy"), file].concat();
        let request = http::Request::post("/account/documents")
            .header("cookie", cookies)
            .header("origin", "http://127.0.0.1:8080")
            .header("content-type", "multipart/form-data; boundary=b")
            .body(axum::body::Body::from(body));
        world.send(request.expect("request"))
    };
    assert_eq!(upload("wrong").await.status, StatusCode::FORBIDDEN);
    let refused = upload(&token).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("href=\"#documents-id_copy\"") && refused.text.contains("Upload a PDF, JPG or PNG."));
    assert!(world.get("/signup", "lang=en").await.text.contains("add documents to your account"));
}
