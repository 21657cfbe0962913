//! The printed acts of a case: the originals that came to the centre, and the papers that were given out; as page and PDF, in
//! any of the three languages.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{Act, GetActRequest};

use crate::download::Download;
use crate::edge;
use crate::frame::Frame;
use crate::pages::{Answer, html};
use crate::text::Language;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "applications/acts.html")]
struct ActPage {
    frame: Frame,
    number: i64,
    act: Act,
}

/// The language that is asked for, else the reader's.
fn wanted(visit: &Visit) -> String {
    Language::from_tag(visit.query.get("locale")).unwrap_or(visit.language()).tag().to_owned()
}

pub(super) async fn show(visit: Visit, Path((number, kind)): Path<(i64, String)>) -> Answer {
    let request = visit.ask(GetActRequest { number, kind, locale: wanted(&visit) });
    let act = visit.app.services.applications().get_act(request).await?.into_inner();
    Ok(html(&ActPage { frame: Frame::titled(&visit, act.title.clone()), number, act }))
}

pub(super) async fn download(visit: Visit, Path((number, kind)): Path<(i64, String)>) -> Answer {
    let longer = Duration::from_secs(edge::DOWNLOAD_SECONDS);
    let request = visit.long_request(GetActRequest { number, kind, locale: wanted(&visit) }, longer);
    let chunks = visit.app.services.applications().download_act(request).await?.into_inner();
    Download::open(chunks).await?.linked(&visit)
}
