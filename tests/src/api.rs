//! A client of `/api/v1`, as a program would write it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Who calls, and where.
#[derive(Clone)]
pub struct Api {
    pub base: String,
    pub token: Option<String>,
    http: reqwest::Client,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {:#}", self.status, self.body);
        self.body
    }

    /// The code of a refusal.
    #[track_caller]
    pub fn refused(&self) -> &str {
        assert!(!self.status.is_success(), "not refused: {:#}", self.body);
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The code that stands at a field.
    pub fn at(&self, field: &str) -> Option<&str> {
        self.body["violations"].as_array()?.iter().find(|violation| violation["field"] == field)?["code"].as_str()
    }
}

impl Api {
    pub fn new(base: &str) -> Self {
        chassis::auth::ed25519::install();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_mins(1))
            .build()
            .unwrap();
        Self { base: base.trim_end_matches('/').to_owned(), token: None, http }
    }

    /// Signs in and keeps the access token.
    pub async fn sign_in(&self, email: &str, password: &str) -> Self {
        let pair = self.post("/tokens", json!({ "email": email, "password": password })).await.ok();
        Self { token: pair["access_token"].as_str().map(str::to_owned), ..self.clone() }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None, None).await
    }

    /// A command with a fresh key.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), Some(&uuid::Uuid::new_v4().to_string()), None).await
    }

    /// A command on a version.
    pub async fn post_at(&self, path: &str, version: i64, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), Some(&uuid::Uuid::new_v4().to_string()), Some(version)).await
    }

    pub async fn put_at(&self, path: &str, version: i64, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body), None, Some(version)).await
    }

    /// Any request. A connection that breaks answers status 599.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
        version: Option<i64>,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}/api/v1{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request).await
    }

    /// Uploads a file's bytes.
    pub async fn upload(&self, number: i64, person_id: &str, code: &str, name: &str, content: Vec<u8>) -> Answer {
        let path = format!("/applications/{number}/documents");
        self.send_file(&path, &[("code", code), ("file_name", name), ("person_id", person_id)], content).await
    }

    /// A file as the body itself.
    pub async fn send_file(&self, path: &str, query: &[(&str, &str)], content: Vec<u8>) -> Answer {
        let mut request = self
            .http
            .post(format!("{}/api/v1{path}", self.base))
            .query(query)
            .header("content-type", "application/octet-stream")
            .header("idempotency-key", uuid::Uuid::new_v4().to_string())
            .body(content);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        answer(request).await
    }

    /// A file's bytes and its media type.
    pub async fn download(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let mut request = self.http.get(format!("{}/api/v1{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        (response.status(), response.bytes().await.unwrap().to_vec())
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    match request.send().await {
        Ok(response) => {
            let status = response.status();
            let text = response.text().await.unwrap_or_default();
            Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
        }
        Err(error) => Answer { status: StatusCode::from_u16(599).unwrap(), body: Value::String(error.to_string()) },
    }
}
