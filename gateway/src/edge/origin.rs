//! Where an unsafe request comes from: beside the token in the form, the browser's own word for it.

use http::HeaderMap;

/// True when the headers say that a page of ours sent the request, or say nothing at all (no browser: then the token alone decides).
/// `Origin: null` and another site's name are refused.
pub fn same_origin(headers: &HeaderMap, origin: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        let fine = matches!(site.as_bytes(), b"same-origin" | b"none");
        if !fine {
            return false;
        }
    }
    match headers.get(http::header::ORIGIN) {
        Some(named) => named.as_bytes() == origin.as_bytes(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_our_own_pages_may_post() {
        let ours = "https://portal.example";
        assert!(same_origin(&headers(&[("origin", ours), ("sec-fetch-site", "same-origin")]), ours));
        assert!(same_origin(&headers(&[]), ours));
        assert!(!same_origin(&headers(&[("origin", "null")]), ours));
        assert!(!same_origin(&headers(&[("origin", "https://evil.example")]), ours));
        assert!(!same_origin(&headers(&[("sec-fetch-site", "cross-site")]), ours));
        assert!(!same_origin(&headers(&[("sec-fetch-site", "same-site"), ("origin", ours)]), ours));
    }
}
