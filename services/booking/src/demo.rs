//! The demo's rights to book: paid cases that await originals, all or some, and one whose results may be fetched.

use chassis::{Context, demo};
use kernel::{AccountId, ApplicationNumber};

use crate::{
    domain::plan::{HAND_OVER, PICK_UP},
    store::{self, Right},
};

/// Case, owner, kind of visit, and which of its persons are awaited.
const RIGHTS: [(i64, AccountId, &str, &[u128]); 4] = [
    (demo::AWAITING_DOCUMENTS, demo::APPLICANTS[0], HAND_OVER, &[0, 1]),
    (demo::DOCS_PARTIAL, demo::APPLICANTS[3], HAND_OVER, &[0]),
    (demo::IN_PROGRESS, demo::APPLICANTS[3], HAND_OVER, &[2]),
    (demo::READY, demo::APPLICANTS[1], PICK_UP, &[0]),
];

/// Writes the rights once; later starts find them.
pub async fn load(context: &Context) -> anyhow::Result<()> {
    if store::right(context.db.read(), demo::AWAITING_DOCUMENTS).await?.is_some() {
        return Ok(());
    }
    let mut rights = Vec::new();
    for (number, account, kind, persons) in RIGHTS {
        rights.push(Right {
            application: ApplicationNumber::new(number)?,
            account,
            kind: kind.to_owned(),
            items: persons.iter().map(|index| demo::item(number, *index)).collect(),
            open: true,
            priority: false,
            version: 1,
            missed_max: None,
            late_minutes: None,
        });
    }
    context
        .db
        .write(move |tx| async move {
            for right in &rights {
                store::put_right(&tx, right).await?;
            }
            Ok::<_, chassis::Error>(())
        })
        .await?;
    Ok(())
}
