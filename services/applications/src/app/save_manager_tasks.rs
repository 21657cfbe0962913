//! What the personal manager has done for a line, and what is still to do.

use chassis::{Error, Tx};
use kernel::{Actor, ErrorCode as _};
use proto::applications::v1::{Application, ManagerTask, SaveManagerTasksRequest};

use super::{Ports, answer, handled_by, load_at, personal_manager};
use crate::{
    domain::{
        codes,
        manager_task::{Given, Task},
    },
    store,
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &SaveManagerTasksRequest,
    name: &str,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    let who = handled_by(&case, actor)?;
    let line = case.managed_line(&command.line_id)?.id.to_string();
    let now = ports.context.sources.now();
    let today = ports.context.zone.date(now);
    let mut given = Vec::new();
    for (index, task) in command.tasks.iter().enumerate() {
        let read = read(index, task)?;
        if read.done_on.is_some_and(|day| day > today) {
            return Err(Error::at(&format!("tasks[{index}].done_on"), codes::DATE_AHEAD));
        }
        given.push(read);
    }
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    for task in &given {
        store::manager_task::put(tx, command.number, &line, task).await?;
    }
    // A supervisor may write for the manager; the name is that of who handles the case.
    personal_manager::set(tx, &case, who, name).await?;
    store::save::note_once(tx, &case, actor, "MANAGER_TASKS", now).await?;
    answer(tx, ports, actor, command.number).await
}

fn read(index: usize, task: &ManagerTask) -> Result<Given, Error> {
    let at = |name: &str| format!("tasks[{index}].{name}");
    let day = |name: &str, text: &str| match text.trim() {
        "" => Ok(None),
        text => kernel::time::parse_date(text).map(Some).map_err(|error| Error::at(&at(name), error.code())),
    };
    Ok(Given {
        task: Task::parse(&task.task).ok_or_else(|| Error::at(&at("task"), codes::CHOICE_UNKNOWN))?,
        due_on: day("due_on", &task.due_on)?,
        done_on: day("done_on", &task.done_on)?,
    })
}
