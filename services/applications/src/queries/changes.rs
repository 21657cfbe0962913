//! What the applicant changed after the last return, for the staff.

use chassis::{Error, db::Source};
use kernel::Actor;
use proto::applications::v1 as pb;

use crate::{
    app::Ports,
    domain::{
        changes::{Answers, answers, changed},
        permissions::{View, view},
        thread::Side,
    },
    store,
};

pub(crate) async fn told(db: &impl Source, ports: &Ports, actor: &Actor, number: i64) -> Result<pb::Changes, Error> {
    let sealer = &ports.context.sealer;
    let case = store::case::load(db, sealer, &ports.catalogue(), number).await?;
    match (view(&case, actor), Side::of(&case, actor)) {
        (None, _) => return Err(Error::NotFound),
        (Some(View::Whole), Some((Side::Staff, _))) => {}
        (Some(View::Whole | View::Money), _) => return Err(Error::Forbidden),
    }
    // While it is with the applicant nothing is said yet.
    let Some(kept) = store::returned::load(db, sealer, number).await? else { return Ok(pb::Changes::default()) };
    let Some(marks) = kept.marks else { return Ok(pb::Changes::default()) };
    let now = answers(&case);
    let shown = |answers: &Answers, path: &String| answers.get(path).map(|answer| answer.shown.clone());
    let changes = changed(&kept.answers, &now)
        .into_iter()
        .map(|path| pb::Change {
            field: path.clone(),
            before: shown(&kept.answers, path).unwrap_or_default(),
            after: shown(&now, path).unwrap_or_default(),
        })
        .collect();
    let marks = marks
        .into_iter()
        .map(|mark| pb::AnsweredMark {
            changed: kept.answers.get(&mark.field) != now.get(&mark.field),
            field: mark.field,
            reason: mark.reason,
            reply: mark.reply,
        })
        .collect();
    Ok(pb::Changes { returned_at_micros: kept.at.micros(), changes, marks })
}
