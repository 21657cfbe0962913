//! The catalogue as files: taken away, and brought in, looked at before. What the files change travels with the page
//! between the two steps.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use proto::applications::v1::{
    CatalogueFiles, ExportCatalogueRequest, ImportCatalogueRequest, ImportCatalogueResponse,
};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::{KEY, Posted, TOKEN};
use crate::problem::Problem;
use crate::upload::{SHORT, Upload, text};
use crate::visit::Visit;

/// The files, by the names of their controls.
const FILES: [&str; 3] = ["catalogue", "forms", "offer"];

/// Bytes of one file.
const FILE_MAX: usize = 1024 * 1024;

#[derive(Template)]
#[template(path = "staff/catalogue_files.html")]
struct FilesPage {
    frame: Frame,
    form: Form,
    may_bring: bool,
    found: Option<ImportCatalogueResponse>,
    /// Texts that were looked at, by the names of their controls.
    held: Vec<(&'static str, String)>,
    done: bool,
}

fn page(visit: &Visit, form: Form, fields: &Fields, found: Option<ImportCatalogueResponse>) -> FilesPage {
    let held = FILES.into_iter().map(|name| (name, given(fields, name))).filter(|(_, text)| !text.is_empty());
    FilesPage {
        frame: Frame::new(visit, "catalogue-files"),
        form,
        may_bring: visit.has_role("admin"),
        held: held.collect(),
        found,
        done: visit.query.has("brought"),
    }
}

/// A file that was chosen counts before the text that the page held.
fn given(fields: &Fields, name: &str) -> String {
    fields.all(name).into_iter().rfind(|text| !text.trim().is_empty()).unwrap_or_default()
}

pub(in crate::pages::staff) async fn show(visit: Visit) -> Answer {
    let form = Form::new(&visit, Fields::default());
    Ok(html(&page(&visit, form, &Fields::default(), None)))
}

pub(in crate::pages::staff) async fn download(visit: Visit, Path(name): Path<String>) -> Result<Response, Problem> {
    let request = visit.ask(ExportCatalogueRequest {});
    let files = visit.app.services.applications().export_catalogue(request).await?.into_inner();
    let text = match name.as_str() {
        "catalogue.toml" => files.catalogue,
        "forms.toml" => files.forms,
        "offer.toml" => files.offer,
        _ => return Err(Problem::not_found()),
    };
    let headers = [
        (CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, text).into_response())
}

pub(in crate::pages::staff) async fn bring(upload: Upload) -> Answer {
    let posted = read(upload).await?;
    let (visit, fields) = (&posted.visit, &posted.fields);
    let apply = fields.get("action") == "apply";
    let request = ImportCatalogueRequest {
        files: Some(CatalogueFiles {
            catalogue: given(fields, "catalogue"),
            forms: given(fields, "forms"),
            offer: given(fields, "offer"),
        }),
        from_date: fields.text("from_date"),
        reason: fields.text("reason"),
        apply,
    };
    if FILES.into_iter().all(|name| given(fields, name).is_empty()) {
        let problem = Problem::at("catalogue", "FILE_EMPTY");
        let form = Form::refused(visit, fields.clone(), problem.clone());
        return Ok(html_refused(&page(visit, form, fields, None), &problem));
    }
    let mut applications = visit.app.services.applications();
    let request = if apply { posted.command(request) } else { visit.ask(request) };
    match applications.import_catalogue(request).await {
        Ok(_) if apply => Ok(to("/staff/catalogue-files?brought")),
        Ok(found) => {
            let form = Form::new(visit, fields.clone());
            Ok(html(&page(visit, form, fields, Some(found.into_inner()))))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(visit, fields.clone(), problem.clone());
            Ok(html_refused(&page(visit, form, fields, None), &problem))
        }
    }
}

async fn read(upload: Upload) -> Result<Posted, Problem> {
    let Upload { visit, mut multipart } = upload;
    let (mut fields, mut trusted) = (Fields::default(), false);
    while let Some(mut field) = multipart.next_field().await.map_err(|fault| Problem::of_status(fault.status()))? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            TOKEN => {
                visit.check_token(&text(&mut field, SHORT).await?)?;
                trusted = true;
            }
            _ if !trusted => return Err(Problem::form_foreign()),
            "from_date" | "reason" | "action" | KEY => fields.set(&name, text(&mut field, SHORT).await?),
            name if FILES.contains(&name) => fields.set(name, text(&mut field, FILE_MAX).await?.replace("\r\n", "\n")),
            _ => {}
        }
    }
    if !trusted {
        return Err(Problem::form_foreign());
    }
    Ok(Posted { visit, fields })
}
