//! What is written on a case, as its reader may see it.

use chassis::{Error, db::Source};
use kernel::Actor;
use proto::applications::v1 as pb;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    app::Ports,
    domain::{case::Case, thread::Side},
    store::{self, message, note},
};

/// Messages for everybody who sees the case whole; notes and names for the staff.
pub(crate) async fn told(db: &impl Source, ports: &Ports, actor: &Actor, case: &Case) -> Result<pb::Thread, Error> {
    let (sealer, number) = (&ports.context.sealer, case.number.get());
    let side = Side::of(case, actor).map(|(side, _)| side);
    let staff = side == Some(Side::Staff);
    let thread = store::thread::load(db, number).await?;
    let mut messages = Vec::new();
    if thread.messages > 0 {
        let rows = message::Entity::find()
            .filter(message::Column::Number.eq(number))
            .order_by_asc(message::Column::Ordinal)
            .all(db)
            .await?;
        for row in rows {
            messages.push(pb::CaseMessage {
                at_micros: row.at,
                by_staff: row.by_staff,
                author: if staff { row.author } else { String::new() },
                text: sealer.open_text(&store::message_place(number, row.ordinal), &row.text_sealed)?,
                unread: false,
            });
        }
    }
    if let Some(side) = side {
        // Unread are the last ones of the other side.
        let of_others = messages.iter_mut().rev().filter(|message| message.by_staff == (side == Side::Applicant));
        for message in of_others.take(thread.unread_by(side) as usize) {
            message.unread = true;
        }
    }
    let mut notes = Vec::new();
    if staff && thread.notes > 0 {
        let rows = note::Entity::find()
            .filter(note::Column::Number.eq(number))
            .order_by_asc(note::Column::Ordinal)
            .all(db)
            .await?;
        for row in rows {
            let text = sealer.open_text(&store::note_place(number, row.ordinal), &row.text_sealed)?;
            notes.push(pb::CaseNote { at_micros: row.at, author: row.author, text });
        }
    }
    Ok(pb::Thread { number, messages, notes })
}
