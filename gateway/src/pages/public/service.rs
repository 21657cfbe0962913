//! What one service needs: price, papers, questions, time; and the way to begin.
#![expect(clippy::unused_self, reason = "templates hand over references and reach only methods")]

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{CatalogueService, DocumentRequirement, Form, GetCatalogueRequest};

use crate::frame::{Frame, local};
use crate::pages::{Answer, html, words};
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "public/service.html")]
struct ServicePage {
    frame: Frame,
    service: CatalogueService,
    /// Questions of its form; empty without one.
    questions: Vec<String>,
}

impl ServicePage {
    /// When a paper is needed.
    fn need(&self, paper: &DocumentRequirement) -> String {
        let key = if paper.when.is_some() {
            "paper-where-it-applies"
        } else if paper.required {
            "paper-required"
        } else if paper.required_of_members {
            "paper-members"
        } else {
            "paper-optional"
        };
        self.frame.t.get(key)
    }
}

pub(super) async fn show(visit: Visit, Path(code): Path<String>) -> Answer {
    let request = visit.ask(GetCatalogueRequest {});
    let catalogue = visit.app.services.applications().get_catalogue(request).await?.into_inner();
    let mut services = catalogue.categories.into_iter().flat_map(|category| category.services);
    let service = services.find(|service| service.code == code).ok_or_else(Problem::not_found)?;
    let asked = |form: &&Form| form.code == service.form_code && form.version == service.form_version;
    let questions = catalogue.forms.iter().find(asked).map_or_else(Vec::new, |form| {
        form.fields.iter().map(|field| local(field.label.as_ref(), visit.language())).collect()
    });
    let title = local(service.path.as_ref(), visit.language());
    Ok(html(&ServicePage { frame: Frame::titled(&visit, title), service, questions }))
}
