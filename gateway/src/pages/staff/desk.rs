//! "File for a client": staff find the account of a person at the desk, or open one, and open a draft in his name.

use askama::Template;
use proto::applications::v1::{ApplicationSummary, Catalogue, CreateApplicationRequest, ListWorkRequest};
use proto::common::v1::{ConsentText, PageRequest};
use proto::identity::v1::{AccountKind, Client, FindClientRequest, GetConsentTextRequest, OpenClientAccountRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::applications::catalogue;
use crate::pages::{Answer, Choice, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::text::Language;
use crate::visit::Visit;

/// Drafts shown on the page.
const DRAFTS: u32 = 50;

/// How far the clerk is.
enum Stage {
    Find,
    /// There is no account: one can be opened.
    Open,
    Choose(Client),
}

#[derive(Template)]
#[template(path = "staff/desk.html")]
struct DeskPage {
    frame: Frame,
    form: Form,
    stage: Stage,
    /// An account was opened a moment ago.
    opened: bool,
    catalogue: Catalogue,
    consent: ConsentText,
    locales: Vec<Choice>,
    /// Drafts filed at the desk that wait to be submitted.
    drafts: Vec<ApplicationSummary>,
}

impl DeskPage {
    async fn new(visit: &Visit, form: Form, stage: Stage) -> Result<Self, Problem> {
        let page = Some(PageRequest { page: 1, size: DRAFTS });
        let work = visit.ask(ListWorkRequest { page, search: String::new(), list: "desk".to_owned() });
        let drafts = visit.app.services.applications().list_work(work).await?.into_inner().applications;
        let asked = visit.ask(GetConsentTextRequest {});
        let consent = match stage {
            Stage::Open => visit.app.services.identity().get_consent_text(asked).await?.into_inner(),
            Stage::Find | Stage::Choose(_) => ConsentText::default(),
        };
        let catalogue = match stage {
            Stage::Choose(_) => catalogue(visit).await?,
            Stage::Find | Stage::Open => Catalogue::default(),
        };
        let locales = Language::ALL.into_iter().map(|language| Choice::new(language.tag(), language.name())).collect();
        let frame = Frame::new(visit, "staff-desk");
        Ok(Self { frame, form, stage, opened: false, catalogue, consent, locales, drafts })
    }

    fn kind_of_case(&self) -> &str {
        self.catalogue.types.first().map_or("", |kind| kind.code.as_str())
    }
}

pub(super) async fn show(visit: Visit) -> Answer {
    let form = Form::new(&visit, Fields::default());
    Ok(html(&DeskPage::new(&visit, form, Stage::Find).await?))
}

pub(super) async fn find(posted: Posted) -> Answer {
    let visit = &posted.visit;
    let asked = FindClientRequest { email: posted.fields.text("email"), account_id: String::new() };
    match visit.app.services.identity().find_client(posted.command(asked)).await {
        Ok(found) => choose(visit, found.into_inner(), false).await,
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let unknown = problem.violations.iter().any(|violation| violation.code == "CLIENT_UNKNOWN");
            let stage = if unknown { Stage::Open } else { Stage::Find };
            let mut fields = posted.fields.clone();
            if unknown {
                fields.set("kind", "person");
                fields.set("locale", visit.language().tag());
            }
            let form = Form::refused(visit, fields, problem.clone());
            Ok(html_refused(&DeskPage::new(visit, form, stage).await?, &problem))
        }
    }
}

async fn choose(visit: &Visit, client: Client, opened: bool) -> Answer {
    let form = Form::new(visit, Fields::default());
    Ok(html(&DeskPage { opened, ..DeskPage::new(visit, form, Stage::Choose(client)).await? }))
}

pub(super) async fn open(posted: Posted) -> Answer {
    let (visit, fields) = (&posted.visit, &posted.fields);
    let company = fields.get("kind") == "company";
    let company_text = |name: &str| if company { fields.text(name) } else { String::new() };
    let form = OpenClientAccountRequest {
        kind: if company { AccountKind::Company } else { AccountKind::Person }.into(),
        email: fields.text("email"),
        given_name: fields.text("given_name"),
        surname: fields.text("surname"),
        phone: fields.text("phone"),
        locale: fields.text("locale"),
        company_name: company_text("company_name"),
        bin: company_text("bin"),
        consent_version: if fields.has("consent") { fields.number("consent_version") } else { 0 },
        client_address: visit.client_address.clone(),
    };
    match visit.app.services.identity().open_client_account(posted.command(form)).await {
        Ok(made) => choose(visit, made.into_inner(), true).await,
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&DeskPage::new(visit, form, Stage::Open).await?, &problem))
        }
    }
}

pub(super) async fn create(posted: Posted) -> Answer {
    let visit = &posted.visit;
    let account_id = posted.fields.text("client");
    let request = posted.command(CreateApplicationRequest {
        r#type: posted.fields.text("type"),
        services: posted.fields.all("service"),
        owner_account_id: account_id.clone(),
    });
    if account_id.is_empty() {
        return Ok(to("/staff/desk"));
    }
    match visit.app.services.applications().create_application(request).await {
        Ok(made) => Ok(to(&format!("/applications/{}", made.into_inner().number))),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let asked = FindClientRequest { email: String::new(), account_id };
            let client = visit.app.services.identity().find_client(visit.ask(asked)).await?.into_inner();
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&DeskPage::new(visit, form, Stage::Choose(client)).await?, &problem))
        }
    }
}
