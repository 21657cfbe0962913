//! One participant: what the registry knows, what has changed, and a change by hand.

use askama::Template;
use axum::extract::Path;
use proto::participants::v1::{GetParticipantRequest, Participant, ParticipantVersion, SaveParticipantRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::staff::colleagues;
use crate::pages::{Answer, Choice, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

const STATUSES: [&str; 6] = ["active", "suspended", "in_liquidation", "struck_off", "dissolved", "withdrawn"];

#[derive(Template)]
#[template(path = "staff/participant.html")]
struct RecordPage {
    frame: Frame,
    form: Form,
    participant: Participant,
    versions: Vec<ParticipantVersion>,
    statuses: Vec<Choice>,
    can_save: bool,
    saved: bool,
}

async fn page(visit: &Visit, bin: &str, form: Option<Form>) -> Result<RecordPage, Problem> {
    let asked = visit.ask(GetParticipantRequest { bin: bin.to_owned() });
    let mut registry = visit.app.services.participants();
    let (found, colleagues) = tokio::join!(registry.get_participant(asked), colleagues(visit));
    // A number that no participant can have is no page either.
    let found = match found {
        Ok(found) => found.into_inner(),
        Err(status) => {
            let problem = Problem::from(status);
            return Err(if problem.is_refusal() { Problem::not_found() } else { problem });
        }
    };
    let participant = found.participant.unwrap_or_default();
    let frame = Frame::titled(visit, participant.name.clone()).with_colleagues(colleagues);
    let statuses = STATUSES.map(|status| Choice::new(status, frame.label("participant", status))).to_vec();
    Ok(RecordPage {
        form: form.unwrap_or_else(|| Form::new(visit, known(&participant))),
        frame,
        participant,
        versions: found.versions,
        statuses,
        can_save: visit.has_role("supervisor") || visit.has_role("admin"),
        saved: visit.query.has("saved"),
    })
}

fn known(participant: &Participant) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in [
        ("name", &participant.name),
        ("status", &participant.status),
        ("status_since", &participant.status_since),
        ("legal_form", &participant.legal_form),
        ("registration_number", &participant.registration_number),
        ("registered_on", &participant.registered_on),
        ("licence_number", &participant.licence_number),
        ("address", &participant.address),
    ] {
        fields.set(name, value.as_str());
    }
    fields.set("activities", participant.activities.join("\n"));
    fields
}

pub(in crate::pages::staff) async fn show(visit: Visit, Path(bin): Path<String>) -> Answer {
    Ok(html(&page(&visit, &bin, None).await?))
}

pub(in crate::pages::staff) async fn save(Path(bin): Path<String>, posted: Posted) -> Answer {
    let fields = &posted.fields;
    let activities = fields.get("activities").lines().map(str::trim).filter(|line| !line.is_empty());
    let participant = Participant {
        bin: bin.clone(),
        name: fields.text("name"),
        status: fields.text("status"),
        status_since: fields.text("status_since"),
        former_names: Vec::new(),
        legal_form: fields.text("legal_form"),
        registration_number: fields.text("registration_number"),
        registered_on: fields.text("registered_on"),
        licence_number: fields.text("licence_number"),
        activities: activities.map(str::to_owned).collect(),
        address: fields.text("address"),
        version: posted.version(),
    };
    let request =
        posted.command(SaveParticipantRequest { participant: Some(participant), reason: fields.text("reason") });
    match posted.visit.app.services.participants().save_participant(request).await {
        Ok(_) => Ok(to(&format!("/staff/participants/{bin}?saved"))),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, &bin, Some(form)).await?, &problem))
        }
    }
}
