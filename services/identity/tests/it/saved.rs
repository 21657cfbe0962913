//! Persons and payers that an applicant keeps for later applications.

use std::collections::BTreeMap;

use chassis::testing::{Alone, Coverage, people, refusal};
use kernel::Actor;
use proto::identity::v1::{
    ListSavedPayersRequest, ListSavedPersonsRequest, RemoveSavedPayerRequest, RemoveSavedPersonRequest, SavedAnswers,
    StoreSavedPayerRequest, StoreSavedPersonRequest, TakeOwnDataRequest, identity_client::IdentityClient,
};

use super::{Client, client, owner, signed_up, start};

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn person(id: &str, version: i64, pairs: &[(&str, &str)]) -> StoreSavedPersonRequest {
    StoreSavedPersonRequest { saved_person_id: id.to_owned(), version, values: values(pairs) }
}

fn payer(id: &str, version: i64, pairs: &[(&str, &str)]) -> StoreSavedPayerRequest {
    StoreSavedPayerRequest { saved_payer_id: id.to_owned(), version, values: values(pairs) }
}

async fn persons(client: &mut Client) -> Vec<SavedAnswers> {
    client.list_saved_persons(ListSavedPersonsRequest {}).await.unwrap().into_inner().persons
}

/// Would have found: a copy of all one's data that leaves no trace, or is made as often as a stolen session likes.
pub async fn own_data_is_taken_whole_and_in_measure(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut own = client(&world, applicant(&world, "aigerim@example.org").await);
    own.store_saved_person(person("", 0, &[("surname", "HARPER")])).await.unwrap();
    own.store_saved_payer(payer("", 0, &[("surname", "Harper")])).await.unwrap();
    for _ in 0..5 {
        let data = own.take_own_data(TakeOwnDataRequest {}).await.unwrap().into_inner();
        assert_eq!(data.account.unwrap().email, "aigerim@example.org");
        assert_eq!((data.sessions.len(), data.persons.len(), data.payers.len()), (1, 1, 1));
    }
    assert_eq!(refusal(own.take_own_data(TakeOwnDataRequest {}).await), ["OWN_DATA_SLOWED"]);
    assert_eq!(world.audited("OWN_DATA_TAKEN").await, 5);
    world.pass_hours(1);
    own.take_own_data(TakeOwnDataRequest {}).await.unwrap();
    let nobodys = client(&world, Actor::Anonymous).take_own_data(TakeOwnDataRequest {}).await;
    assert_eq!(refusal(nobodys), ["NOT_SIGNED_IN"]);
    world.end().await;
}

/// An applicant who has just signed up.
async fn applicant(world: &Alone, email: &str) -> Actor {
    owner(&signed_up(&mut client(world, Actor::Anonymous), email).await)
}

/// Would have found: an older page that overwrites a younger one, a stranger who reads or removes, names in the clear.
pub async fn saved_persons_are_their_owners_alone(coverage: &Coverage) {
    let world = start(coverage).await;
    let actor = applicant(&world, "aigerim@example.org").await;
    let mut own = client(&world, actor.clone());
    let listed = own.list_saved_persons(ListSavedPersonsRequest {}).await.unwrap().into_inner();
    assert_eq!((listed.persons.len(), listed.count_max, listed.fields[0].as_str()), (0, 100, "surname"));
    let mut keyed = IdentityClient::new(world.by(actor).with_key("0190-1"));
    let entered = person("", 0, &[("surname", " WATANABE "), ("given_names", "KENJI"), ("iin", "")]);
    let first = keyed.store_saved_person(entered.clone()).await.unwrap().into_inner();
    assert_eq!(keyed.store_saved_person(entered).await.unwrap().into_inner(), first, "once under one key");
    own.store_saved_person(person("", 0, &[("surname", "HARPER")])).await.unwrap();
    let seen = persons(&mut own).await;
    assert_eq!(seen.iter().map(|one| one.values["surname"].as_str()).collect::<Vec<_>>(), ["HARPER", "WATANABE"]);
    assert_eq!(seen[1].values, values(&[("surname", "WATANABE"), ("given_names", "KENJI")]));
    let changed = person(&first.id, 1, &[("surname", "WATANABE"), ("passport_number", "TK1234567")]);
    assert_eq!(own.store_saved_person(changed.clone()).await.unwrap().into_inner().version, 2);
    assert_eq!(refusal(own.store_saved_person(changed).await), ["VERSION_CONFLICT"]);
    // An applicant of the same portal, and staff.
    let mut stranger = client(&world, applicant(&world, "other@example.org").await);
    assert!(persons(&mut stranger).await.is_empty());
    let taken = stranger.store_saved_person(person(&first.id, 2, &[("surname", "X")])).await;
    assert_eq!(refusal(taken), ["NOT_FOUND"]);
    let removing = || RemoveSavedPersonRequest { saved_person_id: first.id.clone() };
    assert_eq!(refusal(stranger.remove_saved_person(removing()).await), ["NOT_FOUND"]);
    for staff in [people::manager(), people::admin()] {
        let mut staff = client(&world, staff);
        assert_eq!(refusal(staff.list_saved_persons(ListSavedPersonsRequest {}).await), ["NOT_PERMITTED"]);
        assert_eq!(refusal(staff.remove_saved_person(removing()).await), ["NOT_PERMITTED"]);
        assert_eq!(refusal(staff.store_saved_person(person("", 0, &[("surname", "X")])).await), ["NOT_PERMITTED"]);
    }
    own.remove_saved_person(removing()).await.unwrap();
    assert_eq!(refusal(own.remove_saved_person(removing()).await), ["NOT_FOUND"]);
    assert_eq!(persons(&mut own).await.len(), 1);
    world.end().await;
}

pub async fn what_is_saved_is_bounded(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut own = client(&world, applicant(&world, "aigerim@example.org").await);
    let long = "x".repeat(201);
    for (entered, told) in [
        (&[("surname", "X"), ("employer", "Example Ltd.")][..], "SAVED_FIELD_UNKNOWN at employer"),
        (&[("surname", "X"), ("birth_place", long.as_str())], "TEXT_TOO_LONG at birth_place"),
        (&[("birth_place", "Sapporo")], "NAME_EMPTY at surname"),
        (&[("surname", "X\u{202e}Y")], "TEXT_CHARACTERS at surname"),
    ] {
        assert_eq!(refusal(own.store_saved_person(person("", 0, entered)).await), [told]);
    }
    let mut last = String::new();
    for n in 0..20 {
        let entered = payer("", 0, &[("given_name", "Amelia"), ("tax_number", &n.to_string())]);
        last = own.store_saved_payer(entered).await.unwrap().into_inner().id;
    }
    let entered = || payer("", 0, &[("given_name", "Amelia")]);
    assert_eq!(refusal(own.store_saved_payer(entered()).await), ["SAVED_TOO_MANY"]);
    own.store_saved_payer(payer(&last, 1, &[("surname", "Harper")])).await.unwrap();
    // A payer is no person.
    let crossed = RemoveSavedPersonRequest { saved_person_id: last.clone() };
    assert_eq!(refusal(own.remove_saved_person(crossed).await), ["NOT_FOUND"]);
    own.remove_saved_payer(RemoveSavedPayerRequest { saved_payer_id: last }).await.unwrap();
    own.store_saved_payer(entered()).await.unwrap();
    let listed = own.list_saved_payers(ListSavedPayersRequest {}).await.unwrap().into_inner();
    assert_eq!((listed.payers.len(), listed.count_max), (20, 20));
    assert!(listed.fields.contains(&"zip_code".to_owned()));
    world.end().await;
}
