//! The own account: name, phone, language of messages.

use askama::Template;
use proto::common::v1::Consent;
use proto::identity::v1::{Account, GetAccountRequest, ListConsentsRequest, UpdateAccountRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, Choice, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::text::Language;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/profile.html")]
struct ProfilePage {
    frame: Frame,
    form: Form,
    account: Account,
    locales: Vec<Choice>,
    /// What the owner consented to; nothing for staff.
    consents: Vec<Consent>,
    saved: bool,
    /// The key of what else was done a moment ago.
    done: &'static str,
}

async fn page(visit: &Visit, form: impl FnOnce(&Account) -> Form) -> Result<ProfilePage, Problem> {
    let request = visit.ask(GetAccountRequest {});
    let account = visit.app.services.identity().get_account(request).await?.into_inner();
    let asked = visit.ask(ListConsentsRequest {});
    let consents = visit.app.services.identity().list_consents(asked).await?.into_inner().consents;
    Ok(ProfilePage {
        consents,
        frame: Frame::new(visit, "account"),
        form: form(&account),
        account,
        locales: Language::ALL.into_iter().map(|language| Choice::new(language.tag(), language.name())).collect(),
        saved: visit.query.has("saved"),
        done: match () {
            () if visit.query.has("password") => "password-was-changed",
            () if visit.query.has("letter") => "verification-sent",
            () if visit.query.has("phone") => "phone-was-changed",
            () => "",
        },
    })
}

fn known(account: &Account) -> Fields {
    Fields::of(&[
        ("given_name", account.given_name.as_str()),
        ("surname", &account.surname),
        ("phone", &account.phone),
        ("locale", &account.locale),
    ])
}

pub(super) async fn show(visit: Visit) -> Answer {
    let page = page(&visit, |account| Form::new(&visit, known(account))).await?;
    Ok(html(&page))
}

/// The page with a refusal of something else that is asked for on it.
pub(super) async fn refused(posted: &Posted, problem: Problem) -> Answer {
    let problem = problem.refusal()?;
    let page = page(&posted.visit, |account| Form::refused(&posted.visit, known(account), problem.clone())).await?;
    Ok(html_refused(&page, &problem))
}

pub(super) async fn save(posted: Posted) -> Answer {
    let request = posted.command(UpdateAccountRequest {
        given_name: posted.fields.text("given_name"),
        surname: posted.fields.text("surname"),
        phone: posted.fields.text("phone"),
        locale: posted.fields.text("locale"),
    });
    match posted.visit.app.services.identity().update_account(request).await {
        Ok(account) => {
            if let Some(session) = &posted.visit.session {
                posted.visit.app.sessions.forget(session);
            }
            let waits = !account.into_inner().phone_pending.is_empty();
            Ok(to(if waits { "/account/phone" } else { "/account?saved" }))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, |_| form).await?, &problem))
        }
    }
}
