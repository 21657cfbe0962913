//! What every page has around its own content (title, navigation, language, who is signed in), and how pages write times, sums and
//! three-language texts.
#![expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::ref_option,
    clippy::unused_self,
    reason = "templates hand over references and reach only methods"
)]

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use proto::applications::v1::{ItemState, PaymentStatus, State};
use proto::common::v1::{LocalizedText, Money};

use crate::assets;
use crate::kept::LINK;
use crate::money;
use crate::state::App;
use crate::text::{Language, Texts};
use crate::visit::Visit;

/// Address, text and the roles that a link of the staff's menu is for.
const STAFF_LINKS: [(&str, &str, &[&str]); 19] = [
    ("/staff", "staff-work", &["manager", "supervisor", "finance"]),
    ("/staff/desk", "staff-desk", &["manager", "supervisor"]),
    ("/staff/payments", "staff-payments", &["manager", "supervisor", "finance"]),
    ("/staff/refunds", "staff-refunds", &["supervisor", "finance"]),
    ("/staff/bank-days", "staff-bank-days", &["supervisor", "finance"]),
    ("/staff/mismatches", "staff-mismatches", &["manager", "supervisor", "finance"]),
    ("/staff/accounting", "staff-accounting", &["supervisor", "finance"]),
    ("/staff/invoice-settings", "staff-invoice-settings", &["finance", "admin"]),
    ("/staff/reports", "staff-reports", &["manager", "supervisor", "finance"]),
    ("/staff/day-sheet", "staff-day-sheet", &["manager", "supervisor"]),
    ("/staff/hours", "staff-hours", &["manager", "supervisor", "admin"]),
    ("/staff/participants", "staff-participants", &["manager", "supervisor", "finance", "admin"]),
    ("/staff/catalogue", "staff-catalogue", &["manager", "supervisor", "finance", "admin"]),
    ("/staff/team", "staff-team", &["supervisor", "admin"]),
    ("/staff/deliveries", "staff-deliveries", &["manager", "supervisor"]),
    ("/staff/messages", "staff-messages", &["admin"]),
    ("/staff/service-accounts", "staff-service-accounts", &["admin"]),
    ("/staff/parked", "staff-parked", &["admin"]),
    ("/staff/breach", "staff-breach", &["admin"]),
];

#[derive(Clone)]
pub struct Frame {
    app: App,
    pub t: Texts,
    pub title: String,
    /// Address of this page, for the current item of the navigation and for coming back after a change of language.
    pub path: String,
    pub csrf: String,
    /// Name of the account; empty when signed out.
    pub account_name: String,
    pub is_staff: bool,
    /// Own messages that are not read.
    pub unread: u64,
    roles: Vec<String>,
    account_id: String,
    /// Names of the staff by account, where the page shows some.
    colleagues: HashMap<String, String>,
}

pub struct NavLink {
    pub href: String,
    pub label: String,
    pub current: bool,
    /// Leads to another site.
    pub outside: bool,
}

impl Frame {
    /// A page titled by a key.
    pub fn new(visit: &Visit, title_key: &str) -> Self {
        Self::titled(visit, visit.texts.get(title_key))
    }

    /// A page titled by a text.
    pub fn titled(visit: &Visit, title: String) -> Self {
        let account = visit.account();
        let name = account.map_or_else(String::new, |account| {
            let person = format!("{} {}", account.given_name, account.surname);
            if person.trim().is_empty() { account.company_name.clone() } else { person.trim().to_owned() }
        });
        Self {
            app: visit.app.clone(),
            t: visit.texts.clone(),
            title,
            path: visit.path.clone(),
            csrf: visit.csrf.clone(),
            account_name: name,
            is_staff: visit.is_staff(),
            unread: visit.unread,
            account_id: account.map(|account| account.id.clone()).unwrap_or_default(),
            roles: account.map(|account| account.roles.clone()).unwrap_or_default(),
            colleagues: HashMap::new(),
        }
    }

    /// A link to a paper of an application; it ends after a while.
    pub fn paper(&self, number: &i64, document: &str) -> String {
        self.file(format!("/applications/{number}/documents/{document}"))
    }

    /// The same, to be shown within a page.
    pub fn shown_paper(&self, number: &i64, document: &str) -> String {
        format!("{}&view", self.paper(number, document))
    }

    /// A link to the receipt of a transfer, to be shown.
    pub fn receipt(&self, number: &i64, receipt: &str) -> String {
        format!("{}&view", self.file(format!("/applications/{number}/receipts/{receipt}")))
    }

    /// A link to a printed act in a language.
    pub fn act(&self, number: &i64, kind: &str, locale: &str) -> String {
        format!("{}&locale={locale}", self.file(format!("/applications/{number}/acts/{kind}/pdf")))
    }

    /// A link to a paper of the own account.
    pub fn account_paper(&self, document: &str) -> String {
        self.file(format!("/account/documents/{document}"))
    }

    fn file(&self, path: String) -> String {
        let minutes = i64::from(self.app.config.limits.file_link_minutes);
        let until = self.app.sources.now().micros().saturating_add(minutes.saturating_mul(60_000_000));
        let pass = self.app.kept_key.seal_link(&self.app.sources, &self.account_id, &path, until);
        format!("{path}?{LINK}={pass}")
    }

    /// The page with its colleagues' names.
    pub fn with_colleagues(self, colleagues: HashMap<String, String>) -> Self {
        Self { colleagues, ..self }
    }

    pub fn language(&self) -> Language {
        self.t.language()
    }

    pub fn languages(&self) -> [Language; 3] {
        Language::ALL
    }

    pub fn signed_in(&self) -> bool {
        !self.account_name.is_empty()
    }

    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|found| found == role)
    }

    pub fn portal_name(&self) -> &str {
        &self.app.config.centre.portal_name
    }

    pub fn logo(&self) -> &str {
        &self.app.config.centre.logo_text
    }

    /// The operator's own stylesheet and logo, where there are.
    pub fn brand(&self, name: &str) -> Option<String> {
        self.app.brand.iter().find(|file| file.name.starts_with(name)).map(crate::brand::File::href)
    }

    pub fn help_email(&self) -> &str {
        &self.app.config.centre.help_email
    }

    pub fn help_phones(&self) -> &[String] {
        &self.app.config.centre.help_phones
    }

    /// Who works on a case, by account. Without a name (identity is away) the end of the account's id.
    pub fn colleague(&self, id: &str) -> String {
        if id.is_empty() {
            return "–".to_owned();
        }
        if let Some(name) = self.staff_name(id) {
            return name;
        }
        if id.starts_with("system:") {
            return self.t.get("actor-system");
        }
        let known = id.strip_prefix("acc_").filter(|rest| rest.len() > 6 && rest.is_ascii());
        known
            .and_then(|rest| rest.get(rest.len().saturating_sub(6)..))
            .map_or_else(|| id.to_owned(), |end| format!("…{end}"))
    }

    /// The name of an actor (`acc_…` or `user:acc_…`) if he is of the staff.
    pub fn staff_name(&self, actor: &str) -> Option<String> {
        let id = actor.strip_prefix("user:").unwrap_or(actor);
        if id == self.account_id {
            return Some(self.t.get("you"));
        }
        self.colleagues.get(id).cloned()
    }

    /// A phone number as a `tel:` address wants it.
    pub fn tel(&self, phone: &str) -> String {
        phone.chars().filter(|sign| sign.is_ascii_digit() || *sign == '+').collect()
    }

    pub fn nav(&self) -> Vec<NavLink> {
        self.app
            .config
            .nav
            .iter()
            .map(|item| NavLink {
                current: self.is_current(&item.href),
                outside: !item.href.starts_with('/'),
                label: item.label(self.language()).to_owned(),
                href: item.href.clone(),
            })
            .collect()
    }

    fn is_current(&self, href: &str) -> bool {
        if href == "/" {
            return self.path == "/";
        }
        self.path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The staff's menu: what each role works with. The services decide again on every page.
    pub fn staff_links(&self) -> Vec<NavLink> {
        let links = STAFF_LINKS.iter().filter(|(_, _, roles)| roles.iter().any(|role| self.has_role(role)));
        links
            .map(|(href, key, _)| NavLink {
                current: if *href == "/staff" { self.path == "/staff" } else { self.is_current(href) },
                outside: false,
                label: self.t.get(key),
                href: (*href).to_owned(),
            })
            .collect()
    }

    /// Address of a file of ours, with its content's hash.
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    /// `06.12.2024 7:12 PM` in the centre's zone; empty for none.
    pub fn time(&self, micros: &i64) -> String {
        self.stamp(*micros, "%d.%m.%Y %-I:%M %p")
    }

    /// The last day of a term that ends with it, as `13.06.2024`.
    pub fn last_day(&self, until_micros: &i64) -> String {
        self.stamp(until_micros.saturating_sub(1), "%d.%m.%Y")
    }

    /// The day of a moment in the centre's zone, as `13.06.2024`.
    pub fn day(&self, micros: &i64) -> String {
        self.stamp(*micros, "%d.%m.%Y")
    }

    /// `7:12 PM` in the centre's zone.
    pub fn clock(&self, micros: &i64) -> String {
        self.stamp(*micros, "%-I:%M %p")
    }

    fn stamp(&self, micros: i64, format: &str) -> String {
        match Timestamp::from_microsecond(micros) {
            Ok(time) if micros != 0 => time.to_zoned(self.app.zone.clone()).strftime(format).to_string(),
            _ => String::new(),
        }
    }

    /// An ISO date as `13.06.2024`; anything else as it is.
    pub fn date(&self, iso: &str) -> String {
        iso.parse::<Date>().map_or_else(|_| iso.to_owned(), |date| date.strftime("%d.%m.%Y").to_string())
    }

    /// An ISO date with its day of the week.
    pub fn weekday(&self, iso: &str) -> String {
        iso.parse::<Date>().map_or_else(
            |_| iso.to_owned(),
            |date| {
                let key = format!("weekday-{}", date.weekday().to_monday_one_offset());
                format!("{}, {}", self.t.get(&key), date.strftime("%d.%m.%Y"))
            },
        )
    }

    /// `10 000 KZT`; empty for none.
    pub fn money(&self, money: &Option<Money>) -> String {
        money.as_ref().map_or_else(String::new, |money| money::spaced(money, self.language()))
    }

    pub fn invoice_total(&self, money: &Option<Money>) -> String {
        money.as_ref().map_or_else(String::new, |money| money::invoice_total(money, self.language()))
    }

    pub fn invoice_line(&self, money: &Option<Money>) -> String {
        money.as_ref().map_or_else(String::new, |money| money::invoice_line(money, self.language()))
    }

    /// The reader's language of a three-language text.
    pub fn local(&self, text: &Option<LocalizedText>) -> String {
        local(text.as_ref(), self.language())
    }

    /// A service's path without its category, where that stands above it.
    pub fn behind_category(&self, path: &Option<LocalizedText>) -> String {
        let path = self.local(path);
        path.split_once(" / ").map_or(path.clone(), |(_, rest)| rest.to_owned())
    }

    pub fn localized(&self, text: &LocalizedText) -> String {
        local(Some(text), self.language())
    }

    /// Label of an application's state.
    pub fn state(&self, state: &i32) -> String {
        self.label("", State::try_from(*state).unwrap_or_default().as_str_name())
    }

    /// Label of a payment status.
    pub fn payment(&self, status: &i32) -> String {
        self.label("", PaymentStatus::try_from(*status).unwrap_or_default().as_str_name())
    }

    /// Label of a person item's state.
    pub fn item_state(&self, state: &i32) -> String {
        self.label("", ItemState::try_from(*state).unwrap_or_default().as_str_name())
    }

    /// A text under a key that the code makes up, such as a state's; an unknown code is shown as it is.
    pub fn label(&self, prefix: &str, code: &str) -> String {
        let plain = code.to_ascii_lowercase().replace('_', "-");
        if plain.is_empty() {
            return String::new();
        }
        let key = if prefix.is_empty() { plain } else { format!("{prefix}-{plain}") };
        self.t.maybe(&key, &[]).unwrap_or_else(|| {
            tracing::warn!(key, "a code has no label");
            code.to_ascii_lowercase().replace('_', " ")
        })
    }
}

/// A text in the reader's language, else in English.
pub fn local(text: Option<&LocalizedText>, language: Language) -> String {
    let Some(text) = text else {
        return String::new();
    };
    let chosen = match language {
        Language::En => &text.en,
        Language::Ru => &text.ru,
        Language::Kk => &text.kk,
    };
    if chosen.is_empty() { text.en.clone() } else { chosen.clone() }
}
