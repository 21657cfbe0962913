//! Papers kept with the own account: uploaded, downloaded, removed.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use proto::identity::v1::{
    AccountDocument, AccountDocumentStart, DownloadAccountDocumentRequest, ListAccountDocumentsRequest,
    ListAccountDocumentsResponse, RemoveAccountDocumentRequest, UploadAccountDocumentRequest,
    upload_account_document_request::Part,
};

use crate::download::Download;
use crate::edge;
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::{Posted, TOKEN};
use crate::problem::Problem;
use crate::upload::{SHORT, Upload, broken_field, fed, feed, pieces, text};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/documents.html")]
struct DocumentsPage {
    frame: Frame,
    form: Form,
    kept: ListAccountDocumentsResponse,
    done: &'static str,
}

impl DocumentsPage {
    async fn read(visit: &Visit, form: Form) -> Result<Self, Problem> {
        let request = visit.ask(ListAccountDocumentsRequest {});
        let kept = visit.app.services.identity().list_account_documents(request).await?.into_inner();
        let done = match () {
            () if visit.query.has("saved") => "account-document-saved",
            () if visit.query.has("removed") => "account-document-removed",
            () => "",
        };
        Ok(Self { frame: Frame::new(visit, "account-documents"), form, kept, done })
    }

    fn files(&self, code: &str) -> Vec<&AccountDocument> {
        self.kept.documents.iter().filter(|document| document.code == code).collect()
    }
}

pub(super) async fn show(visit: Visit) -> Answer {
    let form = Form::new(&visit, Fields::default());
    Ok(html(&DocumentsPage::read(&visit, form).await?))
}

pub(super) async fn upload(upload: Upload) -> Answer {
    let Upload { visit, mut multipart } = upload;
    let (mut code, mut trusted) = (String::new(), false);
    while let Some(mut field) = multipart.next_field().await.map_err(|fault| Problem::of_status(fault.status()))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let value = text(&mut field, SHORT).await?;
            match name.as_str() {
                TOKEN => {
                    visit.check_token(&value)?;
                    trusted = true;
                }
                "code" => code = value,
                _ => {}
            }
            continue;
        }
        if !trusted {
            return Err(Problem::form_foreign());
        }
        let file_name = field.file_name().unwrap_or_default().to_owned();
        if file_name.is_empty() {
            return refused(&visit, &code, Problem::at("file", "FILE_EMPTY")).await;
        }
        let first = Part::Start(AccountDocumentStart { code: code.clone(), file_name });
        let (pieces, whole) = pieces();
        let longer = Duration::from_secs(visit.app.config.limits.upload_seconds);
        let request = visit.long_request(whole, longer);
        let mut identity = visit.app.services.identity();
        let message = |part| UploadAccountDocumentRequest { part: Some(part) };
        let feeding = feed(&mut field, pieces, message(first), |data| message(Part::Data(data)), broken_field);
        return match fed(identity.upload_account_document(request), feeding).await? {
            Ok(_) => Ok(to("/account/documents?saved")),
            Err(status) => refused(&visit, &code, Problem::from(status)).await,
        };
    }
    Err(Problem::at("file", "FILE_EMPTY"))
}

/// The page again, with the refusal at the paper that it is about.
async fn refused(visit: &Visit, code: &str, problem: Problem) -> Answer {
    let mut problem = problem.refusal()?;
    for violation in &mut problem.violations {
        violation.field = crate::pages::words::paper_control(code);
    }
    let form = Form::refused(visit, Fields::default(), problem.clone());
    Ok(html_refused(&DocumentsPage::read(visit, form).await?, &problem))
}

pub(super) async fn remove(Path(document_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(RemoveAccountDocumentRequest { document_id });
    posted.visit.app.services.identity().remove_account_document(request).await?;
    Ok(to("/account/documents?removed"))
}

pub(super) async fn download(visit: Visit, Path(document_id): Path<String>) -> Answer {
    let longer = Duration::from_secs(edge::DOWNLOAD_SECONDS);
    let request = visit.long_request(DownloadAccountDocumentRequest { document_id }, longer);
    let chunks = visit.app.services.identity().download_account_document(request).await?.into_inner();
    Download::open(chunks).await?.linked(&visit)
}
