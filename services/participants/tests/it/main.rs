//! participants alone: every RPC and every refusal; it publishes and reads no facts.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail where it stands")]

mod imports;
mod look_ups;
mod records;
mod sync;

use chassis::testing::{Alone, Caller, Coverage, people};
use kernel::Actor;
use proto::participants::v1::{ImportParticipantsRequest, Participant, participants_client::ParticipantsClient};

const BIN: &str = "240140990004";
const OTHER_BIN: &str = "151240022476";

#[tokio::test]
async fn participants_alone_keeps_its_whole_contract() {
    let coverage = Coverage::default();
    imports::all_rows_or_none_are_taken(&coverage).await;
    imports::a_name_once_borne_is_not_forgotten(&coverage).await;
    imports::an_import_is_for_admins_and_programs(&coverage).await;
    look_ups::only_an_active_participant_is_found(&coverage).await;
    look_ups::applicants_are_slowed_and_services_are_not(&coverage).await;
    look_ups::the_list_is_searched_by_name_and_bin(&coverage).await;
    imports::a_file_is_read_and_previewed_and_applied_as_it_was_previewed(&coverage).await;
    records::a_change_by_hand_has_a_reason_and_overwrites_nobody(&coverage).await;
    sync::the_register_is_fetched_and_drastic_changes_are_held(&coverage).await;
    coverage.assert_complete(participants::REFUSALS);
}

type Client = ParticipantsClient<Caller>;

fn client(world: &Alone, actor: Actor) -> Client {
    ParticipantsClient::new(world.by(actor))
}

fn row(bin: &str, name: &str, status: &str) -> Participant {
    Participant {
        bin: bin.to_owned(),
        name: name.to_owned(),
        status: status.to_owned(),
        registered_on: "2024-01-15".to_owned(),
        ..Participant::default()
    }
}

fn importing(rows: &[Participant]) -> ImportParticipantsRequest {
    ImportParticipantsRequest { rows: rows.to_vec(), ..ImportParticipantsRequest::default() }
}

async fn imported(world: &Alone, rows: &[Participant]) {
    client(world, people::admin()).import_participants(importing(rows)).await.unwrap();
}
