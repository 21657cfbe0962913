//! The pages as a browser without scripts gets and posts them: cookies, and each form's hidden fields.

use std::{collections::BTreeMap, sync::Mutex};

use reqwest::{RequestBuilder, StatusCode, header};

use crate::world::PASSWORD;

/// One browser's cookies.
pub struct Pages {
    pub base: String,
    http: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A page, or what stands instead of one.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    /// Where a redirect leads.
    pub location: String,
    pub text: String,
}

/// Names and values that a form posts.
pub type Typed = Vec<(String, String)>;

impl Page {
    /// The hidden fields of the form that is posted there.
    #[track_caller]
    pub fn hidden(&self, action: &str) -> Typed {
        let start = self.text.find(&format!("action=\"{action}\""));
        let form = &self.text[start.unwrap_or_else(|| panic!("no form is posted to {action}:\n{}", self.text))..];
        let form = form.split("</form>").next().unwrap();
        form.split("<input type=\"hidden\" name=\"")
            .skip(1)
            .map(|rest| {
                let (name, rest) = rest.split_once("\" value=\"").unwrap();
                (name.to_owned(), rest.split('"').next().unwrap().to_owned())
            })
            .collect()
    }

    /// Whether a field of the page holds this value.
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.text
            .split("<input")
            .filter_map(|rest| rest.split('>').next())
            .any(|tag| tag.contains(&format!("name=\"{name}\"")) && tag.contains(&format!("value=\"{value}\"")))
    }
}

/// Puts typed values in place of what a form holds, or beside it.
#[must_use]
pub fn typed(mut form: Typed, values: &[(&str, &str)]) -> Typed {
    form.retain(|(name, _)| !values.iter().any(|(typed, _)| typed == name));
    form.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    form
}

impl Pages {
    pub fn new(base: &str) -> Self {
        chassis::auth::ed25519::install();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { base: base.trim_end_matches('/').to_owned(), http, cookies: Mutex::default() }
    }

    /// Somebody signed in.
    pub async fn sign_in(base: &str, email: &str) -> Self {
        let pages = Self::new(base);
        let login = pages.get("/login").await;
        let form = typed(login.hidden("/login"), &[("email", email), ("password", PASSWORD)]);
        let answer = pages.post("/login", &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        pages
    }

    /// What the browser says of itself.
    pub fn cookie(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.http.get(format!("{}{path}", self.base))).await
    }

    pub async fn post(&self, path: &str, form: &[(String, String)]) -> Page {
        let request = self.http.post(format!("{}{path}", self.base)).header(header::ORIGIN, &self.base);
        self.send(request.form(form)).await
    }

    /// Posts a form with a file in it.
    pub async fn upload(&self, path: &str, form: &[(String, String)], (name, content): (&str, &str)) -> Page {
        let file = reqwest::multipart::Part::text(content.to_owned()).file_name(name.to_owned());
        let fields = form.iter().cloned();
        let form = fields.fold(reqwest::multipart::Form::new(), |form, (name, value)| form.text(name, value));
        let request = self.http.post(format!("{}{path}", self.base)).header(header::ORIGIN, &self.base);
        self.send(request.multipart(form.part("file", file))).await
    }

    /// The session ends elsewhere, while a page is open.
    pub async fn end_session(&self, page: &Page, action: &str) {
        let mut form = page.hidden(action);
        form.retain(|(name, _)| name == "form_token" || name == "form_key");
        assert_eq!(self.post("/logout", &form).await.status, StatusCode::SEE_OTHER);
    }

    async fn send(&self, request: RequestBuilder) -> Page {
        let response = request.header(header::COOKIE, self.cookie()).send().await.unwrap();
        for given in response.headers().get_all(header::SET_COOKIE) {
            let pair = given.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        let location = response.headers().get(header::LOCATION);
        let location = location.map(|place| place.to_str().unwrap().to_owned()).unwrap_or_default();
        Page { status: response.status(), location, text: response.text().await.unwrap() }
    }
}
