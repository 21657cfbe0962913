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
