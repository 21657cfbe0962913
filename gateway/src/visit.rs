//! One request of a browser: who, in which language, with which form token. It says nothing about what they may do.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use proto::identity::v1::Account;
use proto::notifications::v1::CountUnreadMessagesRequest;

use crate::cookies::Cookies;
use crate::edge::{ClientAddress, same_origin};
use crate::fields::Fields;
use crate::kept::LINK;
use crate::problem::Problem;
use crate::routes::Audience;
use crate::sessions::SignedIn;
use crate::state::App;
use crate::text::{Language, Texts};

/// How long a page waits for the number of unread messages.
const UNREAD_WITHIN: std::time::Duration = std::time::Duration::from_millis(300);

/// An anonymous id given to a browser by this very answer.
#[derive(Clone)]
pub struct NewVisitor(pub String);

#[derive(Clone)]
pub struct Visit {
    pub app: App,
    pub texts: Texts,
    pub csrf: String,
    pub path: String,
    pub query: Fields,
    pub client_address: String,
    /// Browser and system in plain words.
    pub device: String,
    pub session: Option<String>,
    /// Own messages that are not read; asked for as a page is read.
    pub unread: u64,
    signed_in: Option<Arc<SignedIn>>,
    /// Session or visitor id that form tokens are bound to.
    holder: String,
}

/// How many messages wait to be read. A page goes on without the number when nobody tells it at once.
async fn unread(app: &App, token: &str) -> u64 {
    let request = crate::services::request(CountUnreadMessagesRequest {}, Some(token), None);
    let mut notifications = app.services.notifications();
    let answer = tokio::time::timeout(UNREAD_WITHIN, notifications.count_unread_messages(request)).await;
    answer.ok().and_then(Result::ok).map_or(0, |answer| answer.into_inner().count)
}

impl Visit {
    pub fn language(&self) -> Language {
        self.texts.language()
    }

    pub fn account(&self) -> Option<&Account> {
        self.signed_in.as_ref().map(|signed_in| &signed_in.account)
    }

    /// True when the account holds a role other than the applicant's; it only decides which links are shown.
    pub fn is_staff(&self) -> bool {
        self.account().is_some_and(|account| account.roles.iter().any(|role| role != "applicant"))
    }

    pub fn has_role(&self, role: &str) -> bool {
        self.account().is_some_and(|account| account.roles.iter().any(|found| found == role))
    }

    /// The token that calls in the visitor's name carry; empty when nobody is signed in.
    pub fn token(&self) -> String {
        self.signed_in.as_ref().map(|signed_in| signed_in.token.clone()).unwrap_or_default()
    }

    /// A read in the visitor's name.
    pub fn ask<M>(&self, message: M) -> tonic::Request<M> {
        self.command(message, None)
    }

    /// A command in the visitor's name.
    pub fn command<M>(&self, message: M, key: Option<&str>) -> tonic::Request<M> {
        let token = self.signed_in.as_ref().map(|signed_in| signed_in.token.as_str());
        crate::services::request(message, token, key)
    }

    /// A call that moves a file.
    pub fn long_request<M>(&self, message: M, longer: std::time::Duration) -> tonic::Request<M> {
        let token = self.signed_in.as_ref().map(|signed_in| signed_in.token.as_str());
        crate::services::long_request(message, token, longer)
    }

    /// The account whose page this is, sealed; empty when nobody is signed in.
    pub fn sealed_account(&self) -> String {
        self.account().map(|account| self.app.kept_key.seal_owner(&self.app.sources, &account.id)).unwrap_or_default()
    }

    /// Today in the centre's zone, ISO.
    pub fn today(&self) -> String {
        let now = jiff::Timestamp::from_microsecond(self.app.sources.now().micros()).unwrap_or_default();
        now.to_zoned(self.app.zone.clone()).date().to_string()
    }

    /// Whether the link to a file that was followed here holds still.
    pub fn file_link_holds(&self) -> Result<(), Problem> {
        let account = self.account().map_or("", |account| &account.id);
        let now = self.app.sources.now().micros();
        if self.app.kept_key.link_holds(self.query.get(LINK), account, &self.path, now) {
            Ok(())
        } else {
            Err(Problem::new(StatusCode::GONE, "FILE_LINK_EXPIRED"))
        }
    }

    /// The same visit under a session that has just begun.
    pub async fn entered(&self, session: &str) -> Self {
        Self {
            signed_in: self.app.sessions.find(&self.app, session).await.ok().flatten(),
            csrf: self.app.form_key.token(session),
            session: Some(session.to_owned()),
            holder: session.to_owned(),
            ..self.clone()
        }
    }

    pub fn check_origin(&self, headers: &HeaderMap) -> Result<(), Problem> {
        if same_origin(headers, &self.app.config.origin()) { Ok(()) } else { Err(Problem::form_foreign()) }
    }

    pub fn check_token(&self, token: &str) -> Result<(), Problem> {
        if self.app.form_key.accepts(&self.holder, token) { Ok(()) } else { Err(Problem::form_foreign()) }
    }

    /// Reads the request. With a service away, a public page goes on as if signed out; others do not.
    pub async fn read(app: &App, parts: &Parts, audience: Audience) -> Result<Self, Problem> {
        let headers = &parts.headers;
        let cookies = Cookies::new(app.config.is_https());
        let session = cookies.session(headers);
        let signed_in = match &session {
            None => None,
            Some(session) => match app.sessions.find(app, session).await {
                Ok(signed_in) => signed_in,
                Err(_) if audience == Audience::Public => None,
                Err(problem) => return Err(problem),
            },
        };
        if signed_in.is_none() && matches!(audience, Audience::Account | Audience::Staff) {
            return Err(Problem::not_signed_in());
        }
        let language = Cookies::language(headers)
            .and_then(|tag| Language::from_tag(&tag))
            .or_else(|| Language::from_tag(&signed_in.as_ref()?.account.locale))
            .or_else(|| Language::from_accept_language(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?))
            .unwrap_or_default();
        let holder = session
            .clone()
            .or_else(|| parts.extensions.get::<NewVisitor>().map(|visitor| visitor.0.clone()))
            .or_else(|| cookies.visitor(headers))
            .unwrap_or_default();
        let client_address = parts
            .extensions
            .get::<ClientAddress>()
            .map(|address| address.behind_proxy(headers).to_string())
            .unwrap_or_default();
        let unread = match &signed_in {
            Some(signed_in) if parts.method == Method::GET && !parts.uri.path().starts_with("/api/") => {
                unread(app, &signed_in.token).await
            }
            Some(_) | None => 0,
        };
        Ok(Self {
            app: app.clone(),
            unread,
            texts: Texts::of(language),
            csrf: app.form_key.token(&holder),
            path: parts.uri.path().to_owned(),
            query: Fields::parse(parts.uri.query().unwrap_or_default().as_bytes()),
            client_address,
            device: crate::device::of(headers),
            session,
            signed_in,
            holder,
        })
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let audience = parts.extensions.get::<Audience>().copied().unwrap_or(Audience::Account);
        Self::read(app, parts, audience).await
    }
}
