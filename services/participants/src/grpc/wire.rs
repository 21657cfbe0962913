//! Domain to message.

use proto::participants::v1 as pb;

use crate::domain::participant::Participant;

pub(super) fn participant(participant: Participant) -> pb::Participant {
    pb::Participant {
        bin: participant.bin.to_string(),
        name: participant.name,
        status: participant.status.code().to_owned(),
        former_names: participant.former_names,
        legal_form: participant.legal_form,
        registration_number: participant.registration_number,
        registered_on: participant.registered_on.map(|date| date.to_string()).unwrap_or_default(),
        version: participant.version,
    }
}
