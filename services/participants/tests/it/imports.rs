//! The import: all rows or none, by whom, and what it keeps.

use chassis::testing::{Alone, Coverage, people, refusal};
use kernel::Scope;
use participants::Participants;
use proto::participants::v1::{
    ImportParticipantsRequest, ImportParticipantsResponse, ListImportsRequest, ListParticipantsRequest,
    LookUpParticipantRequest,
};

use super::{BIN, OTHER_BIN, client, imported, importing, row};

pub async fn all_rows_or_none_are_taken(coverage: &Coverage) {
    let world = Alone::start_with::<Participants>(coverage, &[("participants.import_rows_max", 3.into())]).await;
    let mut admin = client(&world, people::admin());
    assert_eq!(refusal(admin.import_participants(importing(&[])).await), ["ROWS_NONE at rows"]);
    let many = vec![row(BIN, "A", "active"); 4];
    assert_eq!(refusal(admin.import_participants(importing(&many)).await), ["ROWS_TOO_MANY at rows"]);
    let mut dated = row("240140990005", " ", "closed");
    dated.registered_on = "2024-02-30".into();
    dated.former_names = vec!["Old\u{7}".to_owned()];
    let faulty = [row(BIN, "Good Ltd.", "active"), dated, row(BIN, "Good again", "active")];
    assert_eq!(
        refusal(admin.import_participants(importing(&faulty)).await),
        [
            "BIN_CHECK_DIGIT at rows[1].bin",
            "TEXT_EMPTY at rows[1].name",
            "STATUS_UNKNOWN at rows[1].status",
            "TEXT_CHARACTERS at rows[1].former_names[0]",
            "DATE_MALFORMED at rows[1].registered_on",
            "BIN_TWICE at rows[2].bin",
        ]
    );
    let all = ListParticipantsRequest::default();
    assert_eq!(admin.list_participants(all).await.unwrap().into_inner().page.unwrap().total, 0);
    world.end().await;
}

pub async fn a_name_once_borne_is_not_forgotten(coverage: &Coverage) {
    let world = Alone::start::<Participants>(coverage).await;
    imported(&world, &[row(BIN, "Old Ltd.", "active"), row(OTHER_BIN, "Other Ltd.", "active")]).await;
    let renamed = [row(BIN, "New Ltd.", "active"), row(OTHER_BIN, "Other Ltd.", "active")];
    let mut admin = client(&world, people::admin());
    let told = admin.import_participants(importing(&renamed)).await.unwrap().into_inner();
    assert_eq!(told, ImportParticipantsResponse { added: 0, changed: 1, unchanged: 1 });
    let told = admin.import_participants(importing(&renamed)).await.unwrap().into_inner();
    assert_eq!(told, ImportParticipantsResponse { added: 0, changed: 0, unchanged: 2 });
    let asked = LookUpParticipantRequest { bin: BIN.to_owned() };
    let found = admin.look_up_participant(asked).await.unwrap().into_inner();
    assert_eq!((found.name.as_str(), found.former_names, found.version), ("New Ltd.", vec!["Old Ltd.".to_owned()], 2));
    assert_eq!(world.audited("PARTICIPANTS_IMPORTED").await, 3);
    world.end().await;
}

pub async fn an_import_is_for_admins_and_programs(coverage: &Coverage) {
    let world = Alone::start::<Participants>(coverage).await;
    let rows = importing(&[row(BIN, "A", "active")]);
    for (denied, told) in [
        (people::applicant(), "NOT_PERMITTED"),
        (people::manager(), "NOT_PERMITTED"),
        (people::service("notifications"), "NOT_PERMITTED"),
        (people::program(&[Scope::ParticipantsRead]), "NOT_PERMITTED"),
        (kernel::Actor::Anonymous, "NOT_SIGNED_IN"),
    ] {
        assert_eq!(refusal(client(&world, denied).import_participants(rows.clone()).await), [told]);
    }
    let mut program = client(&world, people::program(&[Scope::ParticipantsImport]));
    assert_eq!(program.import_participants(rows).await.unwrap().into_inner().added, 1);
    world.end().await;
}

fn file(text: &str) -> ImportParticipantsRequest {
    ImportParticipantsRequest {
        file: text.as_bytes().to_vec(),
        source: "register.csv".to_owned(),
        ..ImportParticipantsRequest::default()
    }
}

pub async fn a_file_is_read_and_previewed_and_applied_as_it_was_previewed(coverage: &Coverage) {
    let world = Alone::start::<Participants>(coverage).await;
    imported(&world, &[row(BIN, "Old Ltd.", "active")]).await;
    let mut admin = client(&world, people::admin());
    let csv = format!("bin;name;status\n{BIN};New Ltd.;active\n{OTHER_BIN};Other Ltd.;suspended\n");
    let preview = admin.preview_import(file(&csv)).await.unwrap().into_inner();
    assert_eq!((preview.added, preview.changed, preview.unchanged), (1, 1, 0));
    let renamed = &preview.changes[0];
    assert_eq!(
        (renamed.added, renamed.fields[0].before.as_str(), renamed.fields[0].after.as_str()),
        (false, "Old Ltd.", "New Ltd.")
    );
    // Nothing was written, and what changes meanwhile makes the preview worthless.
    imported(&world, &[row(BIN, "Middle Ltd.", "active")]).await;
    let agreed = ImportParticipantsRequest { preview_digest: preview.digest, ..file(&csv) };
    assert_eq!(refusal(admin.import_participants(agreed).await), ["IMPORT_STALE"]);
    world.clock.advance(std::time::Duration::from_secs(1));
    let preview = admin.preview_import(file(&csv)).await.unwrap().into_inner();
    let agreed = ImportParticipantsRequest { preview_digest: preview.digest, ..file(&csv) };
    assert_eq!(admin.import_participants(agreed).await.unwrap().into_inner().changed, 1);
    let listed = admin.list_imports(ListImportsRequest::default()).await.unwrap().into_inner().imports;
    let told: Vec<_> = listed.iter().map(|import| (import.source.as_str(), import.added, import.changed)).collect();
    assert_eq!(told[0], ("register.csv", 1, 1));
    assert_eq!(told.len(), 3);
    for (text, code) in [
        ("bin;name\n1;2", "COLUMN_MISSING at file"),
        ("bin;name;status;owner\n1;2;3;4", "COLUMN_UNKNOWN at file"),
        ("[{]", "FILE_UNREADABLE at file"),
        ("bin;name;status\n1;A;active", "BIN_MALFORMED at rows[0].bin"),
    ] {
        assert_eq!(refusal(admin.preview_import(file(text)).await), [code]);
    }
    let both = ImportParticipantsRequest { rows: vec![row(BIN, "A", "active")], ..file(&csv) };
    assert_eq!(refusal(admin.import_participants(both).await), ["MALFORMED"]);
    let denied = client(&world, people::supervisor()).preview_import(file(&csv)).await;
    assert_eq!(refusal(denied), ["NOT_PERMITTED"]);
    let denied = client(&world, people::applicant()).list_imports(ListImportsRequest::default()).await;
    assert_eq!(refusal(denied), ["NOT_PERMITTED"]);
    world.end().await;
}
