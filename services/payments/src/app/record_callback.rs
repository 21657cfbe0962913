//! A body that the bank, or whoever knows the address, posted. It is kept; all it can do is let the bank be asked soon.

use chassis::{Error, Tx, audit};
use kernel::{Actor, AttemptId, Time};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    sea_query::{Expr, OnConflict},
};
use subtle::ConstantTimeEq as _;

use super::Ports;
use crate::{
    bank::Loose,
    domain::{attempt::Attempt, masking::mask_cards},
    store::{self, attempt, callback},
};

const BODY_MAX: usize = 64 * 1024;
const ADDRESS_MAX: usize = 64;

/// Whether a body is the bank's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verification {
    Verified,
    /// The bank leaves the secret out in some ways of paying.
    Unverified,
    Forged,
    /// There is no such attempt.
    Unknown,
}

impl Verification {
    fn code(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified => "unverified",
            Self::Forged => "forged",
            Self::Unknown => "unknown",
        }
    }
}

pub(crate) async fn run(
    ports: &Ports,
    actor: Actor,
    attempt_id: &str,
    body: &[u8],
    client_address: String,
) -> Result<(), Error> {
    if body.len() > BODY_MAX {
        return Err(Error::Malformed("the callback is larger than 64 KiB".to_owned()));
    }
    let Ok(id) = attempt_id.parse::<AttemptId>() else {
        tracing::warn!("a callback for an address that is none of ours");
        return Ok(());
    };
    let text = String::from_utf8_lossy(body).into_owned();
    let inner = ports.clone();
    let verification = ports
        .context
        .db
        .write(move |tx| async move { keep(&tx, &inner, &actor, id, &text, &client_address).await })
        .await?;
    match verification {
        Verification::Forged => Err(Error::Forbidden),
        Verification::Verified | Verification::Unverified => {
            ports.wake.notify_one();
            Ok(())
        }
        Verification::Unknown => Ok(()),
    }
}

async fn keep(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    id: AttemptId,
    text: &str,
    client_address: &str,
) -> Result<Verification, Error> {
    let context = &ports.context;
    let now = context.sources.now();
    let attempt = match store::load(&**tx, &context.sealer, &id.to_string()).await {
        Ok(attempt) => Some(attempt),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    let verification = attempt.as_ref().map_or(Verification::Unknown, |attempt| verify(attempt, text));
    let fresh = insert(tx, ports, id, verification, text, client_address, now).await?;
    if verification == Verification::Forged {
        tracing::warn!(attempt = %id, "a callback with a wrong secret");
        if fresh {
            audit::record(tx, &context.sources, actor, "CALLBACK_FORGED", format!("attempt:{id}"), "").await?;
        }
    }
    if let (Some(attempt), Verification::Verified | Verification::Unverified) = (attempt, verification) {
        make_due(tx, ports, &attempt, now).await?;
    }
    Ok(verification)
}

fn verify(attempt: &Attempt, text: &str) -> Verification {
    match Loose::parse(text).and_then(|body| body.text("secret_hash")).filter(|secret| !secret.is_empty()) {
        None => Verification::Unverified,
        Some(secret) if bool::from(secret.as_bytes().ct_eq(attempt.secret_hash.as_bytes())) => Verification::Verified,
        Some(_) => Verification::Forged,
    }
}

/// Keeps a body once, and so many per attempt at most; tells whether it is a new one.
async fn insert(
    tx: &Tx,
    ports: &Ports,
    id: AttemptId,
    verification: Verification,
    text: &str,
    client_address: &str,
    now: Time,
) -> Result<bool, Error> {
    let context = &ports.context;
    let attempt_id = id.to_string();
    let limit = ports.config.inquiry.callbacks_max;
    let kept = callback::Entity::find();
    let kept = if verification == Verification::Unknown {
        // Whoever guesses addresses fills no disk: unknown ones share one allowance.
        kept.filter(callback::Column::Verification.eq(Verification::Unknown.code()))
    } else {
        kept.filter(callback::Column::AttemptId.eq(&attempt_id))
    };
    if kept.count(&**tx).await? >= limit {
        return Ok(false);
    }
    let row_id = context.sources.uuid().simple().to_string();
    let seal = |column: &str, text: &str| context.sealer.seal_text(&store::place("callback", column, &row_id), text);
    let address: String = client_address.chars().take(ADDRESS_MAX).collect();
    let inserted = callback::Entity::insert(callback::ActiveModel {
        body_index: Set(context.sealer.blind_index("callback", text)),
        verification: Set(verification.code().to_owned()),
        body_sealed: Set(seal("body_sealed", &mask_cards(text))?),
        client_sealed: Set(seal("client_sealed", &address)?),
        received_at: Set(now.micros()),
        attempt_id: Set(attempt_id),
        id: Set(row_id.clone()),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&**tx)
    .await?;
    Ok(inserted > 0)
}

/// Due now, or as soon as the last inquiry is long enough ago.
async fn make_due(tx: &Tx, ports: &Ports, attempt: &Attempt, now: Time) -> Result<(), Error> {
    if attempt.state.is_final() {
        return Ok(());
    }
    let spacing = std::time::Duration::from_secs(ports.config.inquiry.spacing_seconds);
    let at = now.max(attempt.last_inquiry_at.plus(spacing)).micros();
    // One that is due already may be under way with an answer from before the callback: it is made due anew.
    if attempt.next_inquiry_at.is_some_and(|next| next > now && next.micros() <= at) {
        return Ok(());
    }
    attempt::Entity::update_many()
        .col_expr(attempt::Column::NextInquiryAt, Expr::value(at))
        .filter(attempt::Column::Id.eq(attempt.id.to_string()))
        .exec(&**tx)
        .await?;
    Ok(())
}
