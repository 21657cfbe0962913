//! The operator's own colours and logo over the portal's: read once at the start, served beside the other assets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context as _;
use ring::digest;
use serde::Deserialize;

use crate::state::hex;

/// Tokens of the stylesheet that an operator may give another colour.
const TOKENS: [&str; 8] = ["accent", "accent-strong", "on-accent", "accent-wash", "link", "ground", "paper", "focus"];
/// Bytes of a logo at most.
const LOGO_MAX: u64 = 512 * 1024;

/// Settings of the brand.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// Colours by token, `#0b5d57`.
    pub colours: BTreeMap<String, String>,
    /// The same where the reader's device asks for a dark page.
    pub colours_dark: BTreeMap<String, String>,
    /// An SVG or PNG file; empty: the portal's own mark.
    pub logo_file: String,
}

/// A file of the brand, as it is served.
pub struct File {
    pub name: &'static str,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
    pub hash: String,
}

impl File {
    fn new(name: &'static str, media_type: &'static str, bytes: Vec<u8>) -> Self {
        let hash = hex(digest::digest(&digest::SHA256, &bytes).as_ref()).chars().take(16).collect();
        Self { name, media_type, bytes, hash }
    }

    pub fn href(&self) -> String {
        format!("/static/{}/{}", self.hash, self.name)
    }
}

impl Brand {
    /// What can't be used of the settings.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (place, colours) in [("colours", &self.colours), ("colours_dark", &self.colours_dark)] {
            for (token, colour) in colours {
                let plain = colour.strip_prefix('#').is_some_and(|digits| {
                    matches!(digits.len(), 3 | 6) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
                });
                if !TOKENS.contains(&token.as_str()) {
                    faults.push(format!("gateway.brand.{place}: no token is called {token}"));
                }
                if !plain {
                    faults.push(format!("gateway.brand.{place}.{token}: a colour is written #0b5d57"));
                }
            }
        }
        if !self.logo_file.is_empty() && media_type(&self.logo_file).is_none() {
            faults.push("gateway.brand.logo_file: must be an .svg or .png".to_owned());
        }
        faults
    }

    /// Its stylesheet, where a colour is set.
    pub fn stylesheet(&self) -> Option<File> {
        let mut text = rule(&self.colours);
        if !self.colours_dark.is_empty() {
            let _ = write!(text, "@media (prefers-color-scheme: dark) {{ {} }}\n", rule(&self.colours_dark).trim_end());
        }
        (!text.is_empty()).then(|| File::new("brand.css", "text/css; charset=utf-8", text.into_bytes()))
    }

    /// Its logo, where it has one.
    ///
    /// # Errors
    /// The file can't be read or is too large.
    pub fn logo(&self) -> anyhow::Result<Option<File>> {
        let Some(media_type) = media_type(&self.logo_file) else { return Ok(None) };
        let named = || format!("gateway.brand.logo_file: {}", self.logo_file);
        anyhow::ensure!(
            std::fs::metadata(&self.logo_file).with_context(named)?.len() <= LOGO_MAX,
            "{}: too large",
            named()
        );
        let bytes = std::fs::read(&self.logo_file).with_context(named)?;
        let name = if media_type == "image/png" { "logo.png" } else { "logo.svg" };
        Ok(Some(File::new(name, media_type, bytes)))
    }
}

fn rule(colours: &BTreeMap<String, String>) -> String {
    if colours.is_empty() {
        return String::new();
    }
    let tokens: Vec<String> = colours.iter().map(|(token, colour)| format!("--{token}: {colour};")).collect();
    format!(":root {{ {} }}\n", tokens.join(" "))
}

fn media_type(file: &str) -> Option<&'static str> {
    match file.rsplit('.').next()?.to_ascii_lowercase().as_str() {
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_can_say_nothing_but_a_colour() {
        let brand = |token: &str, colour: &str| Brand {
            colours: BTreeMap::from([(token.to_owned(), colour.to_owned())]),
            ..Brand::default()
        };
        assert!(brand("accent", "#0b5d57").faults().is_empty());
        for (token, colour) in [("accent", "red; } body { display: none"), ("accent", "#12345"), ("shadow", "#000")] {
            assert_eq!(brand(token, colour).faults().len(), 1, "{token} {colour}");
        }
        let text = String::from_utf8(brand("link", "#123").stylesheet().unwrap().bytes).unwrap();
        assert_eq!(text, ":root { --link: #123; }\n");
        assert!(Brand::default().stylesheet().is_none());
    }
}
