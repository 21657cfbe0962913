//! What the own account keeps for later applications, persons and payers alike.

use std::{collections::BTreeMap, sync::Arc};

use proto::identity::v1 as pb;
use tonic::Request;

use super::{Answer, Grpc, wire};
use crate::{
    app::saved_answers::{self, Entered},
    domain::saved::SavedKind,
};

/// A list as both kinds are answered.
pub(super) struct Listed {
    pub saved: Vec<pb::SavedAnswers>,
    pub fields: Vec<String>,
    pub count_max: u32,
}

/// What a request to store says.
pub(super) trait Storing: prost::Message + 'static {
    const OPERATION: &'static str;
    const KIND: SavedKind;
    fn entered(self) -> (String, i64, BTreeMap<String, String>);
}

impl Storing for pb::StoreSavedPersonRequest {
    const OPERATION: &'static str = "StoreSavedPerson";
    const KIND: SavedKind = SavedKind::Person;

    fn entered(self) -> (String, i64, BTreeMap<String, String>) {
        (self.saved_person_id, self.version, self.values)
    }
}

impl Storing for pb::StoreSavedPayerRequest {
    const OPERATION: &'static str = "StoreSavedPayer";
    const KIND: SavedKind = SavedKind::Payer;

    fn entered(self) -> (String, i64, BTreeMap<String, String>) {
        (self.saved_payer_id, self.version, self.values)
    }
}

impl Grpc {
    pub(super) async fn list_saved<Req, Res>(
        &self,
        request: Request<Req>,
        kind: SavedKind,
        answer: impl FnOnce(Listed) -> Res,
    ) -> Answer<Res> {
        let context = &self.ports.context;
        context
            .query(request, async |call, _| {
                let saved = saved_answers::list(&self.ports, &call.actor, kind).await?;
                Ok(answer(Listed {
                    saved: saved.into_iter().map(wire::saved).collect(),
                    fields: kind.fields().iter().map(|field| (*field).to_owned()).collect(),
                    count_max: kind.count_max(),
                }))
            })
            .await
    }

    pub(super) async fn store_saved<Req: Storing>(&self, request: Request<Req>) -> Answer<pb::StoredAnswers> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command(Req::OPERATION, request, |tx, call, message: Req| async move {
                let (id, version, values) = message.entered();
                let entered = Entered { id, version, values };
                let (id, version) = saved_answers::store(&tx, &ports, &call.actor, Req::KIND, entered).await?;
                Ok(pb::StoredAnswers { id, version })
            })
            .await
    }
}
