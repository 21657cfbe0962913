//! The texts of messages: which counts, its versions, the draft with a preview in each language, a letter to try it, and the
//! day it counts from.

use askama::Template;
use axum::extract::Path;
use proto::notifications::v1::{
    GetTextRequest, LanguageText, ListTextsRequest, MessageText, PreviewTextRequest, PublishTextRequest,
    SaveTextDraftRequest, TextPreview, TextSummary, TextVersion,
};

use super::colleagues;
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::routes::{Audience, Route, get, post};
use crate::text::Language;
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Staff, "/staff/messages", list),
        get(Audience::Staff, "/staff/messages/{text}", show),
        post(Audience::Staff, "/staff/messages/{text}", save),
        post(Audience::Staff, "/staff/messages/{text}/test", test),
        post(Audience::Staff, "/staff/messages/{text}/publish", publish),
    ]
}

#[derive(Template)]
#[template(path = "staff/message_texts.html")]
struct TextsPage {
    frame: Frame,
    texts: Vec<TextSummary>,
}

async fn list(visit: Visit) -> Answer {
    let request = visit.ask(ListTextsRequest {});
    let texts = visit.app.services.notifications().list_texts(request).await?.into_inner().texts;
    Ok(html(&TextsPage { frame: Frame::new(&visit, "staff-messages"), texts }))
}

/// One language of the text that is shown, filled with sample values.
struct Shown {
    language: Language,
    preview: TextPreview,
}

/// A language of the form, and what its controls are called.
struct Written {
    language: Language,
    subject: String,
    body: String,
}

#[derive(Template)]
#[template(path = "staff/message_text.html")]
struct TextPage {
    frame: Frame,
    kind: String,
    form: Form,
    text: MessageText,
    /// The version whose preview stands there.
    version: u32,
    draft: Option<TextVersion>,
    written: Vec<Written>,
    shown: Vec<Shown>,
    sent: bool,
    saved: bool,
}

impl TextPage {
    fn is_draft(&self) -> bool {
        self.draft.as_ref().is_some_and(|draft| draft.version == self.version)
    }
}

async fn page(visit: &Visit, kind: String, mut form: Form) -> Result<TextPage, Problem> {
    let request = visit.ask(GetTextRequest { kind: kind.clone() });
    let text = visit.app.services.notifications().get_text(request).await?.into_inner();
    let draft = text.versions.iter().find(|version| version.state == "draft").cloned();
    let newest = draft.as_ref().map_or(text.version, |draft| draft.version);
    let asked = visit.query.get("version").parse().ok();
    let version = asked.filter(|asked| text.versions.iter().any(|known| known.version == *asked)).unwrap_or(newest);
    // Writing goes on from what is shown.
    let from = text.versions.iter().find(|known| known.version == version);
    for written in from.iter().flat_map(|known| &known.texts) {
        form.preset(&format!("{}.subject", written.locale), &written.subject);
        form.preset(&format!("{}.body", written.locale), &written.body);
    }
    form.preset("from_date", &visit.today());
    let mut shown = Vec::new();
    for language in Language::ALL {
        let locale = language.tag().to_owned();
        let request = visit.ask(PreviewTextRequest { kind: kind.clone(), version, locale });
        let preview = visit.app.services.notifications().preview_text(request).await?.into_inner();
        shown.push(Shown { language, preview });
    }
    let title = from
        .and_then(|known| known.texts.iter().find(|text| text.locale == visit.language().tag()))
        .map_or_else(|| kind.clone(), |text| text.subject.clone());
    Ok(TextPage {
        kind,
        frame: Frame::titled(visit, title).with_colleagues(colleagues(visit).await),
        form,
        version,
        draft,
        written: Language::ALL
            .iter()
            .map(|language| Written {
                language: *language,
                subject: format!("{}.subject", language.tag()),
                body: format!("{}.body", language.tag()),
            })
            .collect(),
        shown,
        sent: visit.query.has("sent"),
        saved: visit.query.has("saved"),
        text,
    })
}

async fn show(visit: Visit, Path(text): Path<String>) -> Answer {
    let page = page(&visit, text, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

async fn save(Path(kind): Path<String>, posted: Posted) -> Answer {
    let fields = &posted.fields;
    let language = |language: &Language| LanguageText {
        locale: language.tag().to_owned(),
        subject: fields.text(&format!("{}.subject", language.tag())),
        body: fields.get(&format!("{}.body", language.tag())).to_owned(),
    };
    let request = posted.command(SaveTextDraftRequest {
        kind: kind.clone(),
        draft_version: fields.number("draft_version"),
        written_at_micros: fields.number("written_at"),
        texts: Language::ALL.iter().map(language).collect(),
    });
    let answer = posted.visit.app.services.notifications().save_text_draft(request).await;
    done(posted, kind, answer.map(drop), "saved").await
}

async fn test(Path(kind): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(PreviewTextRequest {
        kind: kind.clone(),
        version: posted.fields.number("version"),
        locale: posted.fields.text("locale"),
    });
    let answer = posted.visit.app.services.notifications().send_test_text(request).await;
    done(posted, kind, answer.map(drop), "sent").await
}

async fn publish(Path(kind): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(PublishTextRequest {
        kind: kind.clone(),
        version: posted.fields.number("version"),
        from_date: posted.fields.text("from_date"),
        reason: posted.fields.text("reason"),
    });
    let answer = posted.visit.app.services.notifications().publish_text(request).await;
    done(posted, kind, answer.map(drop), "saved").await
}

async fn done(posted: Posted, kind: String, answer: Result<(), tonic::Status>, query: &str) -> Answer {
    match answer {
        Ok(()) => {
            let kind: String = kind.chars().filter(|sign| sign.is_ascii_lowercase() || *sign == '_').collect();
            Ok(to(&format!("/staff/messages/{kind}?{query}")))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, kind, form).await?, &problem))
        }
    }
}
