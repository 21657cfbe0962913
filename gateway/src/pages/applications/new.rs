//! "New Application": the dialog "Select application type", then the services, then "Create".

use askama::Template;
use proto::applications::v1::{ApplicationType, Catalogue, CreateApplicationRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "applications/new.html")]
struct TypePage {
    frame: Frame,
    types: Vec<ApplicationType>,
    /// Services already chosen in the catalogue.
    chosen: Vec<String>,
}

#[derive(Template)]
#[template(path = "applications/new_services.html")]
struct ServicesPage {
    frame: Frame,
    form: Form,
    catalogue: Catalogue,
}

pub(super) async fn choose_type(visit: Visit) -> Answer {
    Ok(html(&TypePage {
        types: super::catalogue(&visit).await?.types,
        chosen: visit.query.all("service"),
        frame: Frame::new(&visit, "select-application-type"),
    }))
}

pub(super) async fn choose_services(visit: Visit) -> Answer {
    let mut fields = Fields::default();
    fields.set("type", visit.query.get("type"));
    for service in visit.query.all("service") {
        fields.set("service", service);
    }
    Ok(html(&ServicesPage {
        catalogue: super::catalogue(&visit).await?,
        form: Form::new(&visit, fields),
        frame: Frame::new(&visit, "select-services"),
    }))
}

pub(super) async fn create(posted: Posted) -> Answer {
    let message = CreateApplicationRequest {
        r#type: posted.fields.text("type"),
        services: posted.fields.all("service"),
        owner_account_id: String::new(),
    };
    let request = posted.command(message);
    match posted.visit.app.services.applications().create_application(request).await {
        Ok(response) => Ok(to(&format!("/applications/{}", response.into_inner().number))),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let page = ServicesPage {
                catalogue: super::catalogue(&posted.visit).await?,
                form: Form::refused(&posted.visit, posted.fields, problem.clone()),
                frame: Frame::new(&posted.visit, "select-services"),
            };
            Ok(html_refused(&page, &problem))
        }
    }
}
