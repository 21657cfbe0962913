//! Who gets in: forms of other pages and sessions, other origins, signed-out visitors, unknown addresses, the bank's callback.

use axum::body::Body;
use http::{Request, StatusCode};
use tonic::Status;

use crate::browser::World;

#[tokio::test]
async fn a_form_needs_its_own_sessions_token() {
    let world = World::start();
    let own = world.get("/account", "portal=applicant-1; lang=en").await.hidden("form_token");
    let other = world.get("/account", "portal=applicant-2; lang=en").await.hidden("form_token");
    assert_ne!(own, other);
    for token in [other.as_str(), "", "x"] {
        let page = world.post("/account", "portal=applicant-1; lang=en", &[("form_token", token)]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.text.contains("no longer valid"));
    }
    assert_eq!(world.fakes.seen("UpdateAccount").0, 0);
}

#[tokio::test]
async fn another_site_cannot_post() {
    let world = World::start();
    let token = world.get("/account", "portal=applicant-1").await.hidden("form_token");
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        let request = Request::post("/account")
            .header("cookie", "portal=applicant-1")
            .header(name, value)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("form_token={token}")));
        assert_eq!(world.send(request.expect("request")).await.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
}

#[tokio::test]
async fn whoever_is_signed_out_signs_in_and_comes_back() {
    let world = World::start();
    for cookies in ["", "portal=ended"] {
        let page = world.get("/applications/3/payer", cookies).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/login?next=application-3"));
    }
    let form = world.get("/login?next=application-3", "visitor=v1").await;
    let token = form.hidden("form_token");
    assert_eq!(form.hidden("next"), "application-3");
    for (next, address) in
        [("application-3", "/applications/3"), ("//evil.example", "/applications"), ("", "/applications")]
    {
        let fields = [("form_token", token.as_str()), ("next", next), ("email", "a@example.org"), ("password", "x")];
        let page = world.post("/login", "visitor=v1", &fields).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, address));
        assert_eq!(page.header("set-cookie"), "portal=applicant-new; Path=/; HttpOnly; SameSite=Lax");
    }
}

#[tokio::test]
async fn errors_are_pages_with_all_headers_and_a_way_back() {
    let world = World::start();
    for (path, status) in [("/nowhere", StatusCode::NOT_FOUND), ("/applications/999", StatusCode::NOT_FOUND)] {
        let page = world.get(path, "portal=applicant-1; lang=ru").await;
        assert_eq!(page.status, status);
        assert!(page.text.contains("Страница не найдена") && page.text.contains("href=\"/\""));
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert!(!page.header("x-request-id").is_empty() || path == "/nowhere");
    }
    let page = world.post("/applications", "portal=applicant-1", &[]).await;
    assert_eq!((page.status, page.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
    world.fakes.on(
        "applications.Applications/ListApplications",
        |_: proto::applications::v1::ListApplicationsRequest| {
            Err::<proto::applications::v1::ListApplicationsResponse, _>(Status::unavailable("secret detail"))
        },
    );
    let page = world.get("/applications", "portal=applicant-1; lang=en").await;
    assert_eq!((page.status, page.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    assert!(!page.text.contains("secret detail"));
}

#[tokio::test]
async fn a_session_is_exchanged_once_for_many_requests() {
    let world = World::start();
    let requests = (0..20).map(|_| world.get("/applications", "portal=applicant-1"));
    let pages = futures::future::join_all(requests).await;
    assert!(pages.iter().all(|page| page.status == StatusCode::OK));
    assert_eq!(world.fakes.seen("ExchangeSession").0, 1);
    assert_eq!(world.fakes.seen("ListApplications").1, "Bearer token-of-applicant-1");
}

#[tokio::test]
async fn the_language_is_switched_by_a_cookie_and_leads_back() {
    let world = World::start();
    let page = world.get("/about", "visitor=v1").await;
    let token = page.hidden("form_token");
    for (back, location) in [("/about", "/about"), ("//evil.example", "/"), ("https://evil.example", "/")] {
        let fields = [("form_token", token.as_str()), ("language", "kk"), ("back", back)];
        let page = world.post("/language", "visitor=v1", &fields).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, location));
        assert!(page.header("set-cookie").starts_with("lang=kk;"));
    }
}

#[tokio::test]
async fn the_banks_callback_needs_no_form_but_has_its_size() {
    let world = World::start();
    let send = |size: usize| {
        let mut request = Request::post("/bank/callback/att_1")
            .header("content-type", "application/json")
            .body(Body::from(vec![b' '; size]))
            .expect("request");
        request.extensions_mut().insert(gateway::ClientAddress(std::net::IpAddr::from([127, 0, 0, 1])));
        world.send(request)
    };
    assert_eq!(send(100).await.status, StatusCode::OK);
    assert_eq!(send(70_000).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(world.fakes.seen("RecordCallback").0, 1);
}
