//! The three cookies: session, visitor (an anonymous id that form tokens are bound to before sign-in) and language.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// Cookie names; `__Host-` where the portal is reached over https.
#[derive(Clone, Copy)]
pub struct Cookies {
    https: bool,
}

impl Cookies {
    pub fn new(https: bool) -> Self {
        Self { https }
    }

    fn session_name(self) -> &'static str {
        if self.https { "__Host-portal" } else { "portal" }
    }

    fn visitor_name(self) -> &'static str {
        if self.https { "__Host-visitor" } else { "visitor" }
    }

    pub fn session(self, headers: &HeaderMap) -> Option<String> {
        opaque(find(headers, self.session_name())?)
    }

    pub fn visitor(self, headers: &HeaderMap) -> Option<String> {
        opaque(find(headers, self.visitor_name())?)
    }

    pub fn language(headers: &HeaderMap) -> Option<String> {
        find(headers, "lang").map(str::to_owned)
    }

    /// A session cookie lives as long as the browser; the session behind it ends by itself.
    pub fn set_session(self, headers: &mut HeaderMap, session: &str) {
        self.set(headers, self.session_name(), session, "");
    }

    pub fn clear_session(self, headers: &mut HeaderMap) {
        self.set(headers, self.session_name(), "", "; Max-Age=0");
    }

    pub fn set_visitor(self, headers: &mut HeaderMap, visitor: &str) {
        self.set(headers, self.visitor_name(), visitor, "");
    }

    /// The reader's language, for a year.
    pub fn set_language(self, headers: &mut HeaderMap, tag: &str) {
        self.set(headers, "lang", tag, "; Max-Age=31536000");
    }

    fn set(self, headers: &mut HeaderMap, name: &str, value: &str, rest: &str) {
        let secure = if self.https { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{rest}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(SET_COOKIE, cookie);
        }
    }
}

fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, value)| *found == name && !value.is_empty())
        .map(|(_, value)| value)
}

/// Ids of ours are short and plain; anything else in their place counts as none.
fn opaque(value: &str) -> Option<String> {
    let plain = value.len() <= 256
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    plain.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_attributes_follow_the_scheme() {
        let mut headers = HeaderMap::new();
        Cookies::new(true).set_session(&mut headers, "abc");
        let text = headers.get(SET_COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(text, "__Host-portal=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=1; portal=s_1; lang=kk"));
        assert_eq!(Cookies::new(false).session(&headers).as_deref(), Some("s_1"));
        assert_eq!(Cookies::new(true).session(&headers), None);
        assert_eq!(Cookies::language(&headers).as_deref(), Some("kk"));
    }
}
