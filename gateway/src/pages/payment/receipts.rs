//! Receipts of bank transfers: up from the payer's page or the payment desk, and down again.

use std::time::Duration;

use axum::extract::Path;
use proto::billing::v1::{DownloadReceiptRequest, ReceiptStart, UploadReceiptRequest, upload_receipt_request::Part};

use super::invoice::InvoicePage;
use crate::download::Download;
use crate::edge;
use crate::fields::Fields;
use crate::form::Form;
use crate::money;
use crate::pages::applications::load;
use crate::pages::{Answer, html_refused, to};
use crate::posted::TOKEN;
use crate::problem::Problem;
use crate::upload::{SHORT, Upload, broken_field, fed, feed, pieces, text};
use crate::visit::Visit;

/// What came of an upload: whose it was, what was typed, and the refusal.
pub(in crate::pages) struct Sent {
    pub visit: Visit,
    pub fields: Fields,
    pub refused: Option<Problem>,
}

/// Sends a receipt on. Sum and day stand before the file in the form, so that they are known when it comes.
pub(in crate::pages) async fn send(number: i64, upload: Upload) -> Result<Sent, Problem> {
    let Upload { visit, mut multipart } = upload;
    let mut fields = Fields::default();
    let mut trusted = false;
    while let Some(mut field) = multipart.next_field().await.map_err(|fault| Problem::of_status(fault.status()))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let value = text(&mut field, SHORT).await?;
            if name == TOKEN {
                visit.check_token(&value)?;
                trusted = true;
            } else {
                fields.set(&name, value);
            }
            continue;
        }
        if !trusted {
            return Err(Problem::form_foreign());
        }
        let file_name = field.file_name().unwrap_or_default().to_owned();
        if file_name.is_empty() {
            break;
        }
        let start = ReceiptStart {
            application_number: number,
            amount: money::typed(fields.get("amount")),
            paid_on: fields.text("paid_on"),
            file_name,
        };
        let (pieces, whole) = pieces();
        let longer = Duration::from_secs(visit.app.config.limits.upload_seconds);
        let request = visit.long_request(whole, longer);
        let mut billing = visit.app.services.billing();
        let call = billing.upload_receipt(request);
        let message = |part| UploadReceiptRequest { part: Some(part) };
        let piece = |data| message(Part::Data(data));
        let feeding = feed(&mut field, pieces, message(Part::Start(start)), piece, broken_field);
        let answer = fed(call, feeding).await?;
        let refused = match answer {
            Ok(_) => None,
            Err(status) => Some(Problem::from(status).refusal()?),
        };
        return Ok(Sent { visit, fields, refused });
    }
    if !trusted {
        return Err(Problem::form_foreign());
    }
    Ok(Sent { visit, fields, refused: Some(Problem::at("file", "FILE_EMPTY")) })
}

pub(super) async fn upload(Path(number): Path<i64>, upload: Upload) -> Answer {
    let Sent { visit, fields, refused } = send(number, upload).await?;
    let Some(problem) = refused else { return Ok(to(&format!("/applications/{number}/invoice?saved#receipts"))) };
    let application = load(&visit, number).await?;
    let billable = super::billable(&visit, number).await?;
    let form = Form::refused(&visit, fields, problem.clone());
    Ok(html_refused(&InvoicePage::new(&visit, &application, billable, form)?, &problem))
}

pub(super) async fn download(visit: Visit, Path((number, document)): Path<(i64, String)>) -> Answer {
    let longer = Duration::from_secs(edge::DOWNLOAD_SECONDS);
    let message = DownloadReceiptRequest { application_number: number, receipt_id: document };
    let request = visit.long_request(message, longer);
    let chunks = visit.app.services.billing().download_receipt(request).await?.into_inner();
    Download::open(chunks).await?.linked(&visit)
}
