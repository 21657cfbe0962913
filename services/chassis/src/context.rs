//! What a service is handed at its start; cheap to clone into every handler.

use std::sync::Arc;

use kernel::Zone;
use proto::identity::v1::{CreateSystemTokenRequest, identity_client::IdentityClient};
use tokio::sync::Mutex;

use crate::{
    auth::Auth,
    clock::Sources,
    db::Database,
    dial::{CallContext, Dialer},
    error::Error,
    files::FileStore,
    seal::{KeyRing, Sealer},
    status,
};

/// A service's surroundings.
#[derive(Clone)]
pub struct Context {
    /// The service's name, also the domain of its errors.
    pub service: &'static str,
    pub db: Database,
    pub sources: Sources,
    pub auth: Auth,
    pub dialer: Dialer,
    pub sealer: Sealer,
    pub keys: KeyRing,
    pub files: FileStore,
    /// The centre's zone.
    pub zone: Zone,
    pub(crate) system: Arc<Mutex<Option<(String, kernel::Time)>>>,
}

impl Context {
    /// A call in the service's own name that must end with the call it serves.
    pub async fn system_call_until(&self, call: &crate::command::Call) -> Result<CallContext, Error> {
        Ok(CallContext { deadline: call.deadline, ..self.system_call().await? })
    }

    /// A call in the service's own name, for workers that serve nobody in particular.
    pub async fn system_call(&self) -> Result<CallContext, Error> {
        let now = self.sources.now();
        let mut kept = self.system.lock().await;
        if let Some((token, good_until)) = kept.as_ref()
            && *good_until > now
        {
            return Ok(CallContext::new(Some(token.clone())));
        }
        let request = crate::dial::request(
            CreateSystemTokenRequest {
                service: self.service.to_owned(),
                secret: self.keys.system_secret(self.service),
            },
            &CallContext::new(None),
        );
        let answer = IdentityClient::new(self.dialer.channel("identity")?)
            .create_system_token(request)
            .await
            .map_err(|status| status::into_error(&status))?
            .into_inner();
        let half = std::time::Duration::from_secs(u64::from(answer.expires_in_seconds / 2));
        *kept = Some((answer.token.clone(), now.plus(half)));
        Ok(CallContext::new(Some(answer.token)))
    }
}
