//! The public catalogue: prices, papers needed, and a calculator where JavaScript runs.
#![expect(clippy::ref_option, clippy::unused_self, reason = "templates hand over references and reach only methods")]

use askama::Template;
use proto::applications::v1::{Catalogue, GetCatalogueRequest};
use proto::common::v1::Money;

use crate::frame::Frame;
use crate::pages::{Answer, html, words};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "public/expat_centre.html")]
struct ExpatCentrePage {
    frame: Frame,
    catalogue: Catalogue,
    walk_in_minor: i64,
}

impl ExpatCentrePage {
    fn minor(&self, money: &Option<Money>) -> i64 {
        minor(money)
    }
}

/// Tiyn of a sum; 0 for none.
fn minor(money: &Option<Money>) -> i64 {
    money.as_ref().map_or(0, |money| money.amount_minor)
}

/// What the navigation calls this page.
fn title(visit: &Visit) -> String {
    let centre = &visit.app.config.centre.centre_name;
    let item = visit.app.config.nav.iter().find(|item| item.href == "/expat-centre");
    item.map_or_else(|| centre.clone(), |item| item.label(visit.language()).to_owned())
}

pub(super) async fn show(visit: Visit) -> Answer {
    let request = visit.ask(GetCatalogueRequest {});
    let catalogue = visit.app.services.applications().get_catalogue(request).await?.into_inner();
    Ok(html(&ExpatCentrePage {
        walk_in_minor: minor(&catalogue.walk_in_price),
        catalogue,
        frame: Frame::titled(&visit, title(&visit)),
    }))
}
