//! Whether a copy of a document of the money is genuine: anyone who holds it compares what the portal says.

use askama::Template;
use axum::extract::Path;
use http::StatusCode;
use proto::billing::v1::{VerifiedDocument, VerifyDocumentRequest};
use tonic::Code;

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "public/verify.html")]
struct VerifyPage {
    frame: Frame,
    form: Form,
    /// Something was looked for.
    asked: bool,
    found: Option<VerifiedDocument>,
}

pub(super) async fn ask(visit: Visit) -> Answer {
    let code = visit.query.text("code");
    show(visit, code).await
}

pub(super) async fn of(visit: Visit, Path(code): Path<String>) -> Answer {
    show(visit, code).await
}

async fn show(visit: Visit, code: String) -> Answer {
    let asked = !code.trim().is_empty();
    let found = if asked {
        let request = visit.ask(VerifyDocumentRequest { code: code.clone() });
        match visit.app.services.billing().verify_document(request).await {
            Ok(answer) => Some(answer.into_inner()),
            Err(status) if status.code() == Code::NotFound => None,
            Err(status) => return Err(status.into()),
        }
    } else {
        None
    };
    let form = Form::new(&visit, Fields::of(&[("code", &code)]));
    let lost = asked && found.is_none();
    let mut page = html(&VerifyPage { frame: Frame::new(&visit, "verify-title"), form, asked, found });
    if lost {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(page)
}
