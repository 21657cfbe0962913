//! The catalogue as staff keep it: its entries by kind, and what waits for a second person.

pub(super) mod edition;
pub(super) mod entry;
pub(super) mod files;
mod sheet;

use askama::Template;
use proto::applications::v1::{Edition, ListEditionsRequest};

use super::colleagues;
use crate::frame::Frame;
use crate::pages::{Answer, html};
use crate::problem::Problem;
use crate::routes::{Audience, Body, Route, get, post};
use crate::visit::Visit;

/// Kinds of entries, in the menu's order.
const KINDS: [&str; 7] = ["service", "form", "document", "document_set", "category", "terms", "public_offer"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Staff, "/staff/catalogue", show),
        get(Audience::Staff, "/staff/catalogue-files", files::show),
        post(Audience::Staff, "/staff/catalogue-files", files::bring).body(Body::Upload),
        get(Audience::Staff, "/staff/catalogue-files/{file}", files::download),
        get(Audience::Staff, "/staff/catalogue/{kind}/{code}", entry::show),
        post(Audience::Staff, "/staff/catalogue/{kind}/{code}", entry::propose),
        get(Audience::Staff, "/staff/editions/{id}", edition::show),
        post(Audience::Staff, "/staff/editions/{id}", edition::decide),
    ]
}

/// An entry of the list.
struct Row {
    code: String,
    current: Edition,
    /// Editions whose day is still to come.
    ahead: usize,
    waiting: usize,
}

struct Tab {
    code: &'static str,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "staff/catalogue.html")]
struct CataloguePage {
    frame: Frame,
    kind: String,
    rows: Vec<Row>,
    waiting: Vec<Edition>,
    may_add: bool,
}

impl CataloguePage {
    fn kinds(&self) -> Vec<Tab> {
        KINDS
            .into_iter()
            .map(|code| Tab { code, label: self.frame.label("edition-kind", code), current: code == self.kind })
            .collect()
    }
}

pub(super) async fn editions(visit: &Visit, kind: &str, code: &str) -> Result<Vec<Edition>, Problem> {
    let request = visit.ask(ListEditionsRequest { kind: kind.to_owned(), code: code.to_owned() });
    Ok(visit.app.services.applications().list_editions(request).await?.into_inner().editions)
}

async fn show(visit: Visit) -> Answer {
    let asked = visit.query.text("kind");
    let kind = KINDS.into_iter().find(|kind| *kind == asked).unwrap_or("service");
    let editions = editions(&visit, kind, "").await?;
    let mut rows: Vec<Row> = Vec::new();
    // Newest first; an entry stands where its oldest edition does.
    for edition in editions.iter().rev() {
        let (ahead, waiting) = (edition.ahead, edition.state == "proposed");
        match rows.iter_mut().find(|row| row.code == edition.code) {
            Some(row) => {
                row.ahead += usize::from(ahead);
                row.waiting += usize::from(waiting);
                if edition.in_force {
                    row.current = edition.clone();
                }
            }
            None => rows.push(Row {
                code: edition.code.clone(),
                current: edition.clone(),
                ahead: usize::from(ahead),
                waiting: usize::from(waiting),
            }),
        }
    }
    rows.sort_by_key(|row| {
        editions.iter().filter(|edition| edition.code == row.code).map(|edition| edition.id).min().unwrap_or(i64::MAX)
    });
    let mut waiting = Vec::new();
    for kind in ["service", "terms"] {
        let proposed = self::editions(&visit, kind, "").await?;
        waiting.extend(proposed.into_iter().filter(|edition| edition.state == "proposed"));
    }
    Ok(html(&CataloguePage {
        frame: Frame::new(&visit, "staff-catalogue").with_colleagues(colleagues(&visit).await),
        kind: kind.to_owned(),
        rows,
        waiting,
        may_add: visit.has_role("admin") && !matches!(kind, "terms" | "public_offer"),
    }))
}
