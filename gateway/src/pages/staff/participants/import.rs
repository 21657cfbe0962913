//! An import in two steps: what it would change, then the change itself. The rows travel with the page between them.

use askama::Template;
use proto::participants::v1::{ImportParticipantsRequest, ImportPreview};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::{KEY, Posted, TOKEN};
use crate::problem::Problem;
use crate::upload::{SHORT, Upload, bytes, text};
use crate::visit::Visit;

/// A call carries no more; a register of many thousand participants is smaller.
const FILE_MAX: usize = 3 * 1024 * 1024;

#[derive(Template)]
#[template(path = "staff/participant_import.html")]
struct ImportPage {
    frame: Frame,
    form: Form,
    preview: ImportPreview,
    counts: String,
    source: String,
    rows: String,
}

pub(in crate::pages::staff) async fn import(upload: Upload) -> Answer {
    let (posted, rows) = read(upload).await?;
    let (visit, fields) = (&posted.visit, &posted.fields);
    let digest = fields.get("digest").to_owned();
    let request = ImportParticipantsRequest {
        rows: Vec::new(),
        file: rows.clone(),
        source: fields.text("source"),
        preview_digest: digest.clone(),
    };
    let mut registry = visit.app.services.participants();
    let refused = if rows.len() > FILE_MAX {
        Problem::at("file", "FILE_TOO_LARGE")
    } else if digest.is_empty() {
        match registry.preview_import(visit.ask(request)).await {
            Ok(answer) => return Ok(html(&preview(visit, fields, answer.into_inner(), rows))),
            Err(status) => Problem::from(status).refusal()?,
        }
    } else {
        match registry.import_participants(posted.command(request)).await {
            Ok(answer) => {
                let done = answer.into_inner();
                let counts = format!("added={}&changed={}&unchanged={}", done.added, done.changed, done.unchanged);
                return Ok(to(&format!("/staff/participants?{counts}")));
            }
            Err(status) => Problem::from(status).refusal()?,
        }
    };
    let mut kept = fields.clone();
    if !kept.has("rows") && rows.len() <= FILE_MAX {
        kept.set("rows", String::from_utf8_lossy(&rows));
    }
    let form = Form::refused(visit, kept, refused.clone());
    Ok(html_refused(&super::page(visit, form).await?, &refused))
}

fn preview(visit: &Visit, fields: &Fields, preview: ImportPreview, rows: Vec<u8>) -> ImportPage {
    let counts = [("added", preview.added), ("changed", preview.changed), ("unchanged", preview.unchanged)]
        .map(|(name, count)| (name, count.to_string()));
    let counts: Vec<_> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ImportPage {
        frame: Frame::new(visit, "import-preview"),
        form: Form::new(visit, Fields::default()),
        counts: visit.texts.with("import-would", &counts),
        source: fields.text("source"),
        rows: String::from_utf8(rows).unwrap_or_default(),
        preview,
    }
}

/// The fields, and the rows as a file or as they were pasted.
async fn read(upload: Upload) -> Result<(Posted, Vec<u8>), Problem> {
    let Upload { visit, mut multipart } = upload;
    let (mut fields, mut file, mut trusted) = (Fields::default(), Vec::new(), false);
    while let Some(mut field) = multipart.next_field().await.map_err(|fault| Problem::of_status(fault.status()))? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            TOKEN => {
                visit.check_token(&text(&mut field, SHORT).await?)?;
                trusted = true;
            }
            _ if !trusted => return Err(Problem::form_foreign()),
            "file" => {
                let called = field.file_name().unwrap_or_default().to_owned();
                file = bytes(&mut field, visit.app.config.limits.upload_bytes_max).await?;
                if !file.is_empty() {
                    fields.set("source", called);
                }
            }
            "rows" => {
                let pasted = text(&mut field, visit.app.config.limits.upload_bytes_max).await?;
                if !pasted.is_empty() {
                    fields.set("rows", pasted);
                }
            }
            "source" | "digest" | KEY => fields.set(&name, text(&mut field, SHORT).await?),
            _ => {}
        }
    }
    if !trusted {
        return Err(Problem::form_foreign());
    }
    if file.is_empty() {
        file = fields.get("rows").trim().as_bytes().to_vec();
    }
    Ok((Posted { visit, fields }, file))
}
