//! The portal's own inbox.

use askama::Template;
use axum::extract::Path;
use proto::notifications::v1::{GetMessageRequest, ListMessagesRequest, Message};

use super::pager::{self, Pager};
use super::{Answer, html};
use crate::frame::Frame;
use crate::routes::{Audience, Route, get};
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![get(Audience::Account, "/messages", list), get(Audience::Account, "/messages/{id}", show)]
}

#[derive(Template)]
#[template(path = "messages/list.html")]
struct MessagesPage {
    frame: Frame,
    messages: Vec<Message>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "messages/message.html")]
struct MessagePage {
    frame: Frame,
    message: Message,
    number: String,
    paragraphs: Vec<String>,
}

async fn list(visit: Visit) -> Answer {
    let request = visit.ask(ListMessagesRequest { page: Some(pager::wanted(&visit)) });
    let list = visit.app.services.notifications().list_messages(request).await?.into_inner();
    Ok(html(&MessagesPage {
        frame: Frame::new(&visit, "messages"),
        messages: list.messages,
        pager: Pager::new(&visit, list.page, &[]),
    }))
}

async fn show(visit: Visit, Path(message_id): Path<String>) -> Answer {
    let request = visit.ask(GetMessageRequest { message_id });
    let message = visit.app.services.notifications().get_message(request).await?.into_inner();
    Ok(html(&MessagePage {
        frame: Frame::titled(&visit, message.subject.clone()),
        number: message.application_number.to_string(),
        paragraphs: message.body.split("\n\n").map(str::to_owned).collect(),
        message,
    }))
}
