//! The HTML of a letter: its paragraphs escaped, lines that are an address made a link. Nothing is loaded.

/// A whole page.
pub(super) fn page(subject: &str, body: &str) -> String {
    let paragraphs: String = body.split("\n\n").filter(|text| !text.trim().is_empty()).map(paragraph).collect();
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>{}</title></head><body>{paragraphs}</body></html>",
        escaped(subject)
    )
}

fn paragraph(text: &str) -> String {
    let lines: Vec<String> = text.trim().lines().map(line).collect();
    format!("<p>{}</p>", lines.join("<br>"))
}

fn line(text: &str) -> String {
    let shown = escaped(text);
    let is_address =
        (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace);
    if is_address { format!("<a href=\"{shown}\">{shown}</a>") } else { shown }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_never_markup() {
        let page = page("A <b>", "Dear <script>,\n\nOpen:\nhttps://portal.example/a?b=\"c\"&d");
        assert!(page.contains("<title>A &lt;b&gt;</title>"));
        assert!(page.contains("<p>Dear &lt;script&gt;,</p>"));
        assert!(page.contains("<p>Open:<br><a href=\"https://portal.example/a?b=&quot;c&quot;&amp;d\">"));
    }
}
