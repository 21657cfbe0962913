//! The sandbox bank's page, as a payer without JavaScript uses it.

use reqwest::Client;

/// A card that pays.
pub const PAYS: &str = "4405639704015096";
/// A card without money on it.
pub const POOR: &str = "4405639700002007";
/// A card that is charged another sum than was asked.
pub const WRONG_SUM: &str = "4405639700009002";

/// Opens the payment link, fills the card form in, and returns the address of "Close".
pub async fn pay(link: &str, card: &str) -> String {
    try_pay(link, card).await.unwrap()
}

/// The same where the bank may die meanwhile; trying again is safe, and a payment that is made shows its result.
pub async fn try_pay(link: &str, card: &str) -> reqwest::Result<String> {
    let browser = Client::builder().cookie_store(true).build()?;
    let page = browser.get(link).send().await?;
    let address = page.url().clone();
    let html = page.text().await?;
    if let Some(close) = close(&html) {
        return Ok(address.join(&close).unwrap().to_string());
    }
    let action = attribute(&html, "<form", "action").unwrap_or_else(|| panic!("no form on the bank's page:\n{html}"));
    let target = address.join(&action).unwrap();
    let mut fields: Vec<(String, String)> = hidden(&html);
    for (name, value) in [("pan", card), ("expiry", "12/35"), ("cvc", "123"), ("name", "EXAMPLE PAYER")] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    let result = browser.post(target).form(&fields).send().await?;
    let address = result.url().clone();
    let html = result.text().await?;
    let close = close(&html).unwrap_or_else(|| panic!("no \"Close\" on the bank's page:\n{html}"));
    Ok(address.join(&close).unwrap().to_string())
}

/// Where "Close" leads.
fn close(html: &str) -> Option<String> {
    html.split("<a ")
        .find(|part| part.contains(">Close<") || part.contains(">Закрыть<") || part.contains(">Жабу<"))
        .and_then(|part| attribute(&format!("<a {part}"), "<a", "href"))
}

fn attribute(html: &str, tag: &str, name: &str) -> Option<String> {
    let rest = &html[html.find(tag)?..];
    let rest = &rest[..rest.find('>')?];
    let start = rest.find(&format!("{name}=\""))? + name.len() + 2;
    let rest = &rest[start..];
    Some(rest[..rest.find('"')?].replace("&#38;", "&").replace("&amp;", "&"))
}

fn hidden(html: &str) -> Vec<(String, String)> {
    html.split("<input")
        .skip(1)
        .filter(|part| part.contains("type=\"hidden\""))
        .filter_map(|part| {
            let part = format!("<input{part}");
            Some((attribute(&part, "<input", "name")?, attribute(&part, "<input", "value").unwrap_or_default()))
        })
        .collect()
}
