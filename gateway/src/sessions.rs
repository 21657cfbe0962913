//! The browser's session exchanged for a short access token: kept until shortly before it ends, fetched once for concurrent requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use proto::identity::v1::{Account, ExchangeSessionRequest};
use tonic::Code;

use crate::problem::Problem;
use crate::state::App;

/// Sessions kept at most; beyond it, the ones whose token has ended go first.
const KEPT_MAX: usize = 20_000;
/// Microseconds before its end at which a token is no longer handed out.
const MARGIN_MICROS: i64 = 5_000_000;

/// Who is signed in, and the token that proves it to services.
#[derive(Debug)]
pub struct SignedIn {
    pub token: String,
    pub account: Account,
    good_until_micros: i64,
}

type Slot = Arc<tokio::sync::Mutex<Option<Arc<SignedIn>>>>;

#[derive(Default)]
pub struct Sessions {
    slots: Mutex<HashMap<String, Slot>>,
}

impl Sessions {
    /// Who holds this session. `None` when it has ended.
    pub async fn find(&self, app: &App, session: &str) -> Result<Option<Arc<SignedIn>>, Problem> {
        let slot = self.slot(session);
        let mut kept = slot.lock().await;
        let now = app.sources.now().micros();
        if let Some(signed_in) = kept.as_ref()
            && signed_in.good_until_micros > now
        {
            return Ok(Some(Arc::clone(signed_in)));
        }
        *kept = None;
        let message = ExchangeSessionRequest { session: session.to_owned() };
        let request = crate::services::request(message, None, None);
        let token = match app.services.identity().exchange_session(request).await {
            Ok(response) => response.into_inner(),
            Err(status) if matches!(status.code(), Code::Unauthenticated | Code::NotFound) => {
                drop(kept);
                self.forget(session);
                return Ok(None);
            }
            Err(status) => return Err(Problem::from(status)),
        };
        let lifetime = i64::from(token.expires_in_seconds).saturating_mul(1_000_000);
        let signed_in = Arc::new(SignedIn {
            good_until_micros: now.saturating_add(lifetime).saturating_sub(MARGIN_MICROS),
            token: token.token,
            account: token.account.unwrap_or_default(),
        });
        *kept = Some(Arc::clone(&signed_in));
        Ok(Some(signed_in))
    }

    /// Forgets a session that was ended here.
    pub fn forget(&self, session: &str) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(session);
    }

    fn slot(&self, session: &str) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= KEPT_MAX {
            // Whoever is being fetched is locked and stays.
            slots.retain(|_, slot| slot.try_lock().map_or(true, |kept| kept.is_some()));
            if slots.len() >= KEPT_MAX {
                slots.clear();
            }
        }
        Arc::clone(slots.entry(session.to_owned()).or_default())
    }
}
