//! What a personal manager does, and who took the papers, as messages.

use chassis::{Error, db::Source};
use proto::applications::v1 as pb;

use crate::{
    domain::{case::Case, hand_out::HandOut, manager_task::Task},
    store,
};

/// The personal manager's tasks, those that nobody has written down yet among them, and who he is.
pub(super) async fn managed(db: &impl Source, case: &Case, message: &mut pb::Application) -> Result<(), Error> {
    let rows = store::manager_task::of(db, case.number.get()).await?;
    for (line, shown) in case.lines.iter().zip(&mut message.lines).filter(|(line, _)| line.personal_manager) {
        let id = line.id.to_string();
        shown.tasks = Task::ALL
            .iter()
            .map(|task| {
                let row = rows.iter().find(|row| row.line_id == id && row.task == task.code());
                pb::ManagerTask {
                    task: task.code().to_owned(),
                    due_on: row.map(|row| row.due_on.clone()).unwrap_or_default(),
                    done_on: row.map(|row| row.done_on.clone()).unwrap_or_default(),
                }
            })
            .collect();
    }
    let known = store::personal_manager::of(db, case.number.get()).await?;
    // Whoever had the case before is its personal manager no more.
    let present = |one: &store::personal_manager::Model| {
        case.assigned_to.is_none_or(|account| account.to_string() == one.account_id)
    };
    message.personal_manager_name = known.filter(present).map(|one| one.name).unwrap_or_default();
    Ok(())
}

/// Who recorded it is the centre's own matter.
pub(super) fn hand_out(given: &HandOut, staff: bool) -> pb::HandOut {
    pb::HandOut {
        person_item_id: given.item.map(|item| item.to_string()).unwrap_or_default(),
        way: given.way.code().to_owned(),
        recipient_name: given.recipient.name.clone(),
        document_kind: given.recipient.document_kind.clone(),
        document_number: given.recipient.document_number.clone(),
        delivered_on: given.delivered_on.map(|day| day.to_string()).unwrap_or_default(),
        address: given.recipient.address.clone(),
        at_micros: given.at.micros(),
        recorded_by: if staff { given.by.clone() } else { String::new() },
    }
}
