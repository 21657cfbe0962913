//! Days and holidays as files: out as a table, in as one. What was brought in stands on the page again when it is refused.

use proto::booking::v1::{ImportDaysRequest, SaveHolidaysRequest};

use super::{done, hours_of};
use crate::fields::Fields;
use crate::pages::{Answer, attachment};
use crate::posted::{KEY, Posted, TOKEN};
use crate::problem::Problem;
use crate::upload::{SHORT, Upload, bytes, text};
use crate::visit::Visit;

const HEADING: &str = "date,opens,closes,lunch_from,lunch_to,note";

/// The days of their own that are still to come.
pub(super) async fn export(visit: Visit) -> Answer {
    let hours = hours_of(&visit, visit.query.text("office")).await?;
    let mut table = format!("{HEADING}\n");
    for day in hours.days {
        let opening = day.opening.unwrap_or_default();
        let note = day.note.replace(['\n', '\r'], " ");
        let hours = if opening.open {
            [opening.opens, opening.closes, opening.lunch_from, opening.lunch_to].join(",")
        } else {
            "closed,,,".to_owned()
        };
        table.push_str(&format!("{},{hours},{note}\n", day.date));
    }
    Ok(attachment("days.csv", "text/csv", table))
}

pub(super) async fn import(upload: Upload) -> Answer {
    let posted = read(upload, "table").await?;
    let fields = &posted.fields;
    let request = posted.command(ImportDaysRequest {
        version: posted.version(),
        table: fields.get("table").to_owned(),
        note: fields.text("note"),
        displace: fields.has("displace"),
        office_id: fields.text("office"),
    });
    let answer = posted.visit.app.services.booking().import_days(request).await;
    done(posted, answer, "days").await
}

/// A file of holidays: as the portal gives it out, or with commas between date and word.
pub(super) async fn holidays(upload: Upload) -> Answer {
    let mut posted = read(upload, "holidays").await?;
    let plain: Vec<String> =
        posted.fields.get("holidays").lines().map(|line| line.replacen([',', ';'], " ", 1)).collect();
    posted.fields.set("holidays", plain.join("\n"));
    let fields = &posted.fields;
    let request = posted.command(SaveHolidaysRequest {
        version: posted.version(),
        holidays: fields.get("holidays").to_owned(),
        note: fields.text("note"),
        displace: fields.has("displace"),
        office_id: fields.text("office"),
    });
    let answer = posted.visit.app.services.booking().save_holidays(request).await;
    done(posted, answer, "holidays").await
}

/// The fields; a file takes the place of what was typed.
async fn read(upload: Upload, typed: &str) -> Result<Posted, Problem> {
    let Upload { visit, mut multipart } = upload;
    let (mut fields, mut trusted) = (Fields::default(), false);
    let limit = visit.app.config.limits.upload_bytes_max;
    while let Some(mut field) = multipart.next_field().await.map_err(|fault| Problem::of_status(fault.status()))? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            TOKEN => {
                visit.check_token(&text(&mut field, SHORT).await?)?;
                trusted = true;
            }
            _ if !trusted => return Err(Problem::form_foreign()),
            "file" => {
                let file = bytes(&mut field, limit).await?;
                if !file.is_empty() {
                    fields.set(typed, String::from_utf8_lossy(&file).trim_start_matches('\u{feff}').to_owned());
                }
            }
            _ if name == typed => {
                let written = text(&mut field, limit).await?;
                if !fields.has(typed) {
                    fields.set(typed, written);
                }
            }
            "version" | "office" | "note" | "displace" | KEY => fields.set(&name, text(&mut field, SHORT).await?),
            _ => {}
        }
    }
    if trusted { Ok(Posted { visit, fields }) } else { Err(Problem::form_foreign()) }
}
