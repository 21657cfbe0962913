//! The own account: name, phone, language of messages.

use askama::Template;
use proto::identity::v1::{Account, GetAccountRequest, UpdateAccountRequest};

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
    saved: bool,
}

async fn page(visit: &Visit, form: impl FnOnce(&Account) -> Form) -> Result<ProfilePage, Problem> {
    let request = visit.ask(GetAccountRequest {});
    let account = visit.app.services.identity().get_account(request).await?.into_inner();
    Ok(ProfilePage {
        frame: Frame::new(visit, "account"),
        form: form(&account),
        account,
        locales: Language::ALL.into_iter().map(|language| Choice::new(language.tag(), language.name())).collect(),
        saved: visit.query.has("saved"),
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let page = page(&visit, |account| {
        let known = [
            ("given_name", account.given_name.as_str()),
            ("surname", &account.surname),
            ("phone", &account.phone),
            ("locale", &account.locale),
        ];
        Form::new(&visit, Fields::of(&known))
    })
    .await?;
    Ok(html(&page))
}

pub(super) async fn save(posted: Posted) -> Answer {
    let request = posted.command(UpdateAccountRequest {
        given_name: posted.fields.text("given_name"),
        surname: posted.fields.text("surname"),
        phone: posted.fields.text("phone"),
        locale: posted.fields.text("locale"),
    });
    match posted.visit.app.services.identity().update_account(request).await {
        Ok(_) => {
            if let Some(session) = &posted.visit.session {
                posted.visit.app.sessions.forget(session);
            }
            Ok(to("/account?saved"))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, |_| form).await?, &problem))
        }
    }
}
