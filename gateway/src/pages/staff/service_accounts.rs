//! Service accounts of internal teams: making one (its secret is shown once), ending one.

use askama::Template;
use axum::extract::Path;
use proto::identity::v1::{
    CreateServiceAccountRequest, ListServiceAccountsRequest, RevokeServiceAccountRequest, ServiceAccount,
};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "staff/service_accounts.html")]
struct ServiceAccountsPage {
    frame: Frame,
    form: Form,
    accounts: Vec<ServiceAccount>,
    secret: String,
    /// Id of the account that the secret belongs to.
    secret_of: String,
}

async fn page(visit: &Visit, form: Form) -> Result<ServiceAccountsPage, Problem> {
    let request = visit.ask(ListServiceAccountsRequest {});
    let list = visit.app.services.identity().list_service_accounts(request).await?.into_inner();
    Ok(ServiceAccountsPage {
        frame: Frame::new(visit, "staff-service-accounts"),
        form,
        accounts: list.service_accounts,
        secret: String::new(),
        secret_of: String::new(),
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let page = page(&visit, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

pub(super) async fn create(posted: Posted) -> Answer {
    let request = posted.command(CreateServiceAccountRequest {
        name: posted.fields.text("name"),
        scopes: posted.fields.get("scopes").split_whitespace().map(str::to_owned).collect(),
    });
    match posted.visit.app.services.identity().create_service_account(request).await {
        Ok(response) => {
            let made = response.into_inner();
            let mut page = page(&posted.visit, Form::new(&posted.visit, Fields::default())).await?;
            page.secret = made.secret;
            page.secret_of = made.service_account.map(|account| account.id).unwrap_or_default();
            Ok(html(&page))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, form).await?, &problem))
        }
    }
}

pub(super) async fn revoke(Path(id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(RevokeServiceAccountRequest { id });
    posted.visit.app.services.identity().revoke_service_account(request).await?;
    Ok(to("/staff/service-accounts"))
}
