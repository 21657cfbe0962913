//! Uploading, downloading and removing a document. A file passes through in pieces; it is never held whole.

use std::time::Duration;

use axum::extract::Path;
use proto::applications::v1::{
    DownloadDocumentRequest, RemoveDocumentRequest, UploadDocumentRequest, UploadStart, upload_document_request::Part,
};

use crate::download::Download;
use crate::edge;
use crate::pages::{Answer, to};
use crate::posted::{Posted, TOKEN};
use crate::problem::Problem;
use crate::upload::{SHORT, Upload, broken_field, fed, feed, pieces, text};
use crate::visit::Visit;

pub(super) async fn upload(Path(number): Path<i64>, upload: Upload) -> Answer {
    let Upload { visit, mut multipart } = upload;
    let mut start = UploadStart { number, ..UploadStart::default() };
    let mut back = format!("/applications/{number}");
    let mut trusted = false;
    while let Some(mut field) = multipart.next_field().await.map_err(|fault| Problem::of_status(fault.status()))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            if !trusted {
                return Err(Problem::form_foreign());
            }
            start.file_name = field.file_name().unwrap_or_default().to_owned();
            if start.file_name.is_empty() {
                return Err(Problem::at("file", "FILE_EMPTY"));
            }
            let (first, code) = (start.clone(), start.code);
            let (pieces, whole) = pieces();
            let longer = Duration::from_secs(visit.app.config.limits.upload_seconds);
            let request = visit.long_request(whole, longer);
            let mut applications = visit.app.services.applications();
            let call = applications.upload_document(request);
            let message = |part| UploadDocumentRequest { part: Some(part) };
            let piece = |data| message(Part::Data(data));
            let feeding = feed(&mut field, pieces, message(Part::Start(first)), piece, broken_field);
            let answer = fed(call, feeding).await?;
            if let Err(status) = answer {
                let problem = Problem::from(status).refusal()?;
                let reason = problem.violations.first().map_or(&problem.code, |violation| &violation.code);
                return Ok(to(&format!("{back}?refused={reason}&paper={code}#documents-{code}")));
            }
            return Ok(to(&format!("{back}?saved#documents-{code}")));
        }
        let value = text(&mut field, SHORT).await?;
        match name.as_str() {
            TOKEN => {
                visit.check_token(&value)?;
                trusted = true;
            }
            "person" => start.person_id = value,
            "code" => {
                start.code = value.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
            }
            "back" => back = own_page(&value, number).unwrap_or(back),
            _ => {}
        }
    }
    Err(Problem::at("file", "FILE_EMPTY"))
}

/// The refusal of an upload that the page is asked to show: a stable code and the paper's, nothing else.
pub(in crate::pages) fn refused(visit: &Visit) -> Option<Problem> {
    let (reason, paper) = (visit.query.get("refused"), visit.query.get("paper"));
    let plain =
        |text: &str, sign: fn(&u8) -> bool| !text.is_empty() && text.len() <= 64 && text.as_bytes().iter().all(sign);
    let known = plain(reason, |sign| sign.is_ascii_uppercase() || *sign == b'_')
        && plain(paper, |sign| sign.is_ascii_alphanumeric() || *sign == b'_');
    known.then(|| Problem::at(&format!("documents-{paper}"), reason))
}

/// A page of this application, the applicant's or the staff's, and nothing else.
fn own_page(path: &str, number: i64) -> Option<String> {
    let own = format!("/applications/{number}");
    if path.strip_prefix("/staff").is_some_and(|rest| rest == own) {
        return Some(path.to_owned());
    }
    let rest = path.strip_prefix(&own)?;
    let plain = rest.is_empty() || rest.starts_with('/');
    (plain && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-')))
        .then(|| path.to_owned())
}

pub(super) async fn remove(Path((number, document)): Path<(i64, String)>, posted: Posted) -> Answer {
    let request = posted.command(RemoveDocumentRequest { number, version: posted.version(), document_id: document });
    posted.visit.app.services.applications().remove_document(request).await?;
    let back = own_page(posted.fields.get("back"), number).unwrap_or_else(|| format!("/applications/{number}"));
    Ok(to(&format!("{back}#documents")))
}

pub(super) async fn download(visit: Visit, Path((number, document_id)): Path<(i64, String)>) -> Answer {
    let longer = Duration::from_secs(edge::DOWNLOAD_SECONDS);
    let request = visit.long_request(DownloadDocumentRequest { number, document_id }, longer);
    let chunks = visit.app.services.applications().download_document(request).await?.into_inner();
    Download::open(chunks).await?.linked(&visit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_the_same_application_only() {
        assert!(own_page("/applications/7/lines/lin_1/persons/itm_2", 7).is_some());
        assert!(own_page("/applications/7", 7).is_some());
        assert!(own_page("/staff/applications/7", 7).is_some());
        assert!(own_page("/staff/applications/71", 7).is_none());
        assert!(own_page("/applications/70", 7).is_none());
        assert!(own_page("//evil.example", 7).is_none());
        assert!(own_page("/applications/7/../../x?y", 7).is_none());
    }
}
