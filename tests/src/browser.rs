//! A person at a browser: headless Chromium driven by ChromeDriver, with JavaScript or without.

use std::{process::Stdio, time::Duration};

use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::Element,
    wd::{Capabilities, WebDriverCompatibleCommand, WindowHandle},
};
use serde_json::json;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::world::PASSWORD;

/// A browser with a driver of its own.
pub struct Browser {
    pub client: Client,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Opens one; `width` in CSS pixels, 360 for a phone.
    pub async fn open(javascript: bool, width: u32) -> Self {
        let port = chassis::ports::free().unwrap();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver is not installed: ./tests/run installs it");
        let profile = tempfile::tempdir().unwrap();
        let mut args = vec![
            "--headless=new".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--lang=en".to_owned(),
            // Chromium's own sandbox refuses to run as root.
            "--no-sandbox".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
            format!("--window-size={},3000", width.max(500)),
        ];
        if cfg!(debug_assertions) {
            args.push("--hide-scrollbars".to_owned());
        }
        let mut chrome = json!({ "args": args, "prefs": { "intl.accept_languages": "en" } });
        if width < 500 {
            chrome["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": width, "height": 3000, "pixelRatio": 1.0 } });
        }
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), chrome);
        let mut client = None;
        for _ in 0..200 {
            match ClientBuilder::new(hyper_connector())
                .capabilities(capabilities.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
            {
                Ok(connected) => {
                    client = Some(connected);
                    break;
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        let browser = Self { client: client.expect("ChromeDriver did not answer"), driver, _profile: profile };
        if !javascript {
            // Scripts are files of their own, never inline: a browser that gets none of them runs none. (ChromeDriver
            // itself can't click where scripts are switched off.)
            browser.client.issue_cmd(Devtools("Network.enable", json!({}))).await.unwrap();
            let blocked = json!({ "urls": ["*.js", "*.js?*"] });
            browser.client.issue_cmd(Devtools("Network.setBlockedURLs", blocked)).await.unwrap();
        }
        browser
    }

    pub async fn go(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The element, once it is there.
    pub async fn find(&self, css: &str) -> Element {
        match self.client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css(css)).await {
            Ok(found) => found,
            Err(error) => panic!("no {css} ({error}) on {}:\n{}", self.address().await, self.text().await),
        }
    }

    pub async fn fill(&self, name: &str, value: &str) {
        let css = format!("[name=\"{name}\"]:not([type=hidden])");
        let mut last = None;
        // A page that is just being replaced makes an element stale: it is looked for again.
        for _ in 0..50 {
            match self.try_fill(&css, value).await {
                Ok(()) => return,
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{name} can't be filled in: {last:?}");
    }

    async fn try_fill(&self, css: &str, value: &str) -> Result<(), fantoccini::error::CmdError> {
        let field = self.find(css).await;
        if field.tag_name().await? == "select" {
            field.select_by_value(value).await
        } else {
            field.clear().await?;
            field.send_keys(value).await
        }
    }

    pub async fn click(&self, css: &str) {
        let mut last = None;
        for _ in 0..50 {
            match self.find(css).await.click().await {
                Ok(()) => return,
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} can't be clicked: {last:?}");
    }

    /// Clicks the link or button that says exactly this.
    pub async fn press(&self, label: &str) {
        let path = format!(
            "//*[(self::a or self::button or self::summary) and normalize-space(translate(., '\u{a0}', ' '))='{}' and not(@tabindex='-1')]",
            label.replace('\u{a0}', " ")
        );
        let waited = self.client.wait().at_most(Duration::from_secs(20)).for_element(Locator::XPath(&path)).await;
        match waited {
            Ok(found) => found.click().await.unwrap_or_else(|error| panic!("\"{label}\" can't be clicked: {error}")),
            Err(error) => panic!("no \"{label}\" ({error}) on {}:\n{}", self.address().await, self.text().await),
        }
    }

    /// Fails unless the page's source holds it: a narrow screen shows a table's headings in another way.
    pub async fn holds(&self, words: &str) {
        let source = self.client.source().await.unwrap().replace("&amp;", "&");
        assert!(source.contains(words), "{} does not hold \"{words}\"", self.address().await);
    }

    /// Waits until the page says it just so many times.
    pub async fn says_times(&self, words: &str, times: usize) {
        for _ in 0..200 {
            if self.text().await.matches(words).count() == times {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} never says \"{words}\" {times} times:\n{}", self.address().await, self.text().await);
    }

    /// Waits until there are just so many of these.
    pub async fn count(&self, css: &str, count: usize) {
        for _ in 0..200 {
            if self.client.find_all(Locator::Css(css)).await.is_ok_and(|found| found.len() == count) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} never has {count} of {css}:\n{}", self.address().await, self.text().await);
    }

    /// What the page says.
    pub async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the page says it, loading it again meanwhile: facts take a moment.
    pub async fn says_soon(&self, words: &str) {
        let words = words.replace('\u{a0}', " ");
        for _ in 0..150 {
            if self.text().await.replace('\u{a0}', " ").contains(&words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            self.client.refresh().await.unwrap();
        }
        panic!("{} never says \"{words}\":\n{}", self.address().await, self.text().await);
    }

    /// Fails unless the page says it now (or within a moment after a click).
    pub async fn says(&self, words: &str) {
        let words = words.replace('\u{a0}', " ");
        for _ in 0..100 {
            if self.text().await.replace('\u{a0}', " ").contains(&words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} does not say \"{words}\":\n{}", self.address().await, self.text().await);
    }

    pub async fn address(&self) -> String {
        self.client.current_url().await.map(|url| url.to_string()).unwrap_or_default()
    }

    /// What stands in a field.
    pub async fn value(&self, name: &str) -> String {
        let field = self.find(&format!("[name=\"{name}\"]:not([type=hidden])")).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Another tab, which is then in front. Answers the one before.
    pub async fn open_tab(&self) -> WindowHandle {
        let before = self.client.window().await.unwrap();
        let tab = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(tab.handle).await.unwrap();
        before
    }

    /// Brings a tab to the front. Answers the one before.
    pub async fn turn_to(&self, tab: WindowHandle) -> WindowHandle {
        let before = self.client.window().await.unwrap();
        self.client.switch_to_window(tab).await.unwrap();
        before
    }

    /// Signs somebody in.
    pub async fn sign_in(&self, base: &str, email: &str) {
        self.go(&format!("{base}/login")).await;
        self.fill("email", email).await;
        self.fill("password", PASSWORD).await;
        self.click("form[action='/login'] button").await;
        self.find("form[action='/logout']").await;
    }

    /// Keeps a picture when `PORTAL_SCREENSHOTS` names a folder.
    pub async fn picture(&self, name: &str) {
        if let Ok(folder) = std::env::var("PORTAL_SCREENSHOTS") {
            let png = self.client.screenshot().await.unwrap();
            std::fs::write(format!("{folder}/{name}.png"), png).unwrap();
        }
    }

    pub async fn close(mut self) {
        let _ = self.client.clone().close().await;
        let _ = self.driver.kill().await;
    }
}

/// A command of the DevTools protocol.
#[derive(Debug)]
struct Devtools(&'static str, serde_json::Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.0, "params": self.1 }).to_string()))
    }
}

fn hyper_connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}
