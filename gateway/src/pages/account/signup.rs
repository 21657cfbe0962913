//! "Sign up now": the data-entry form for a person or a company.

use askama::Template;
use proto::common::v1::ConsentText;
use proto::identity::v1::{AccountKind, GetConsentTextRequest, SignUpRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/signup.html")]
struct SignupPage {
    frame: Frame,
    form: Form,
    consent: ConsentText,
}

/// The text that is consented to; without identity the form is of no use.
async fn consent(visit: &Visit) -> Result<ConsentText, Problem> {
    let asked = visit.ask(GetConsentTextRequest {});
    Ok(visit.app.services.identity().get_consent_text(asked).await?.into_inner())
}

pub(super) async fn show(visit: Visit) -> Answer {
    Ok(html(&SignupPage {
        frame: Frame::new(&visit, "sign-up"),
        form: Form::new(&visit, Fields::of(&[("kind", "person")])),
        consent: consent(&visit).await?,
    }))
}

pub(super) async fn sign_up(posted: Posted) -> Answer {
    let fields = &posted.fields;
    // The second entry never leaves the form, so it is compared here.
    let outcome = if fields.get("password") == fields.get("password_again") {
        let company = fields.get("kind") == "company";
        let company_text = |name: &str| {
            if company { fields.text(name) } else { String::new() }
        };
        let message = SignUpRequest {
            kind: if company { AccountKind::Company } else { AccountKind::Person }.into(),
            email: fields.text("email"),
            password: fields.get("password").to_owned(),
            given_name: fields.text("given_name"),
            surname: fields.text("surname"),
            phone: fields.text("phone"),
            locale: posted.visit.language().tag().to_owned(),
            company_name: company_text("company_name"),
            bin: company_text("bin"),
            client_address: posted.visit.client_address.clone(),
            device: posted.visit.device.clone(),
            consent_version: if fields.has("consent") { fields.number("consent_version") } else { 0 },
        };
        let request = posted.command(message);
        posted.visit.app.services.identity().sign_up(request).await.map_err(Problem::from)
    } else {
        Err(Problem::at("password_again", "PASSWORDS_DIFFER"))
    };
    match outcome {
        Ok(session) => Ok(super::enter(&posted.visit, &session.into_inner(), "/?welcome").await),
        Err(problem) => {
            let problem = problem.refusal()?;
            let page = SignupPage {
                frame: Frame::new(&posted.visit, "sign-up"),
                consent: consent(&posted.visit).await?,
                form: Form::refused(&posted.visit, posted.fields, problem.clone()),
            };
            Ok(html_refused(&page, &problem))
        }
    }
}
