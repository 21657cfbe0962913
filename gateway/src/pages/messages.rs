//! The portal's own inbox.

use askama::Template;
use axum::extract::Path;
use proto::notifications::v1::{GetMessageRequest, ListMessagesRequest, MarkMessagesReadRequest, Message};

use super::pager::{self, Pager};
use super::{Answer, html, to};
use crate::frame::Frame;
use crate::posted::Posted;
use crate::routes::{Audience, Route, get, post};
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Account, "/messages", list),
        get(Audience::Account, "/messages/{id}", show),
        post(Audience::Account, "/messages/read", read_all),
    ]
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

/// All are read.
async fn read_all(posted: Posted) -> Answer {
    let request = posted.command(MarkMessagesReadRequest::default());
    posted.visit.app.services.notifications().mark_messages_read(request).await?;
    Ok(to("/messages"))
}

async fn show(mut visit: Visit, Path(message_id): Path<String>) -> Answer {
    let request = visit.ask(GetMessageRequest { message_id });
    let message = visit.app.services.notifications().get_message(request).await?.into_inner();
    if message.unread {
        let read = visit.ask(MarkMessagesReadRequest { message_ids: vec![message.id.clone()] });
        // The message is there to be read, whether or not its mark goes.
        if let Ok(left) = visit.app.services.notifications().mark_messages_read(read).await {
            visit.unread = left.into_inner().count;
        }
    }
    Ok(html(&MessagePage {
        frame: Frame::titled(&visit, message.subject.clone()),
        number: message.application_number.to_string(),
        paragraphs: message.body.split("\n\n").map(str::to_owned).collect(),
        message,
    }))
}
