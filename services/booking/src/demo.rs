//! The demo's right to book: one paid case awaits its visit.

use chassis::{Context, demo};
use kernel::ApplicationNumber;

use crate::store::{self, Right};

/// Writes the right once; later starts find it.
pub async fn load(context: &Context) -> anyhow::Result<()> {
    if store::right(context.db.read(), demo::AWAITING_DOCUMENTS).await?.is_some() {
        return Ok(());
    }
    let right = Right {
        application: ApplicationNumber::new(demo::AWAITING_DOCUMENTS)?,
        account: demo::APPLICANTS[0],
        kind: "hand_over".to_owned(),
        items: vec![demo::item(demo::AWAITING_DOCUMENTS, 0), demo::item(demo::AWAITING_DOCUMENTS, 1)],
        open: true,
        priority: false,
        version: 1,
        missed_max: None,
        late_minutes: None,
    };
    context.db.write(move |tx| async move { store::put_right(&tx, &right).await }).await?;
    Ok(())
}
