//! The catalogue through time: quotes, prices by date, new editions, forms of lines, papers that depend on answers.

use chassis::testing::{Alone, Coverage, people, refusal};
use proto::applications::v1::{
    Application, CatalogueFiles, CatalogueService, DecideEditionRequest, Edition, ExportCatalogueRequest,
    GetCatalogueRequest, GetEditionRequest, GetQuoteRequest, ImportCatalogueRequest, LineChoice, ListEditionsRequest,
    MembershipKind, ProposeEditionRequest, SaveLineAnswersRequest,
};
use proto::participants::v1::{LookUpParticipantRequest, Participant};

use super::{
    Client, case, client, create, seen, start,
    steps::{answers, filled, person, saving, submitting, with_papers},
};

async fn service(client: &mut Client, code: &str) -> Option<CatalogueService> {
    let catalogue = client.get_catalogue(GetCatalogueRequest {}).await.unwrap().into_inner();
    catalogue.categories.into_iter().flat_map(|category| category.services).find(|service| service.code == code)
}

fn tenge(money: &Option<proto::common::v1::Money>) -> i64 {
    money.as_ref().map_or(-1, |money| money.amount_minor / 100)
}

fn choosing(code: &str, quantity: u32, personal_manager: bool) -> LineChoice {
    LineChoice { service_code: code.to_owned(), quantity, personal_manager }
}

pub async fn a_quote_counts_as_an_application_does(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, kernel::Actor::Anonymous);
    let catalogue = nobody.get_catalogue(GetCatalogueRequest {}).await.unwrap().into_inner();
    let count: usize = catalogue.categories.iter().map(|category| category.services.len()).sum();
    assert_eq!(count, 23, "the walk-in option is no service of its own");
    let asking = |lines: Vec<LineChoice>, walk_in: bool| GetQuoteRequest { lines, walk_in, member: false };
    let quote = nobody
        .get_quote(asking(vec![choosing("INVB1S", 3, true), choosing("TRPNEW", 2, false)], true))
        .await
        .unwrap()
        .into_inner();
    // (10 000 + 10 000) × 3, 25 000 × 2, the walk-in once.
    assert_eq!(tenge(&quote.total), 120_000);
    for (lines, told) in [
        (vec![choosing("NOTHING", 1, false)], "SERVICE_UNKNOWN at lines[0].service_code"),
        (
            vec![choosing("INVB1S", 1, false), choosing("INVB1M", 101, false)],
            "QUANTITY_OUT_OF_RANGE at lines[1].quantity",
        ),
        (vec![choosing("PMTA01", 1, true)], "PERSONAL_MANAGER_NONE at lines[0].personal_manager"),
        (vec![choosing("INVB1S", 1, false); 21], "SERVICES_TOO_MANY at lines"),
    ] {
        assert_eq!(refusal(nobody.get_quote(asking(lines, false)).await), [told]);
    }
    world.end().await;
}

async fn newest(client: &mut Client, kind: &str, code: &str) -> Edition {
    let request = ListEditionsRequest { kind: kind.to_owned(), code: code.to_owned() };
    let id = client.list_editions(request).await.unwrap().into_inner().editions[0].id;
    client.get_edition(GetEditionRequest { id }).await.unwrap().into_inner()
}

fn proposing(of: &Edition, good: &str, bad: &str, from: &str) -> ProposeEditionRequest {
    assert!(of.body.contains(good), "{}", of.body);
    ProposeEditionRequest {
        kind: of.kind.clone(),
        code: of.code.clone(),
        body: of.body.replacen(good, bad, 1),
        from_date: from.to_owned(),
        reason: "New fees".to_owned(),
        base_version: None,
    }
}

fn deciding(id: i64, publish: bool, reason: &str) -> DecideEditionRequest {
    DecideEditionRequest { id, publish, reason: reason.to_owned() }
}

/// The centre's day, so many days from now.
fn day(world: &Alone, days: u64) -> String {
    let at = world.now().plus(std::time::Duration::from_secs(days * 24 * 3600));
    kernel::Zone::parse("Asia/Almaty").unwrap().date(at).to_string()
}

pub async fn a_price_counts_from_its_day_on(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut admin, mut finance) = (client(&world, people::admin()), client(&world, people::finance()));
    let mut applicant = client(&world, people::applicant());
    let now = newest(&mut finance, "service", "INVB1S").await;
    assert_eq!((now.version, now.in_force, now.proposed_by.as_str()), (1, true, "files"));
    let yesterday = proposing(&now, "price = 10000", "price = 12000", "2020-01-01");
    assert_eq!(refusal(finance.propose_edition(yesterday).await), ["EDITION_DATE at from_date"]);
    let unsaid =
        ProposeEditionRequest { reason: " ".to_owned(), ..proposing(&now, "price = 10000", "price = 12000", "") };
    assert_eq!(refusal(finance.propose_edition(unsaid).await), ["REASON_MISSING at reason"]);

    // Four eyes: who proposes a price does not publish it.
    let tomorrow = day(&world, 1);
    let proposal = proposing(&now, "price = 10000", "price = 12000", &tomorrow);
    let preview = finance.preview_edition(proposal.clone()).await.unwrap().into_inner();
    assert_eq!((tenge(&preview.service.unwrap().price), preview.edition.unwrap().four_eyes), (12_000, true));
    let waits = finance.propose_edition(proposal).await.unwrap().into_inner();
    assert_eq!((waits.state.as_str(), waits.version, waits.changes.len()), ("proposed", 2, 2));
    assert_eq!(refusal(finance.decide_edition(deciding(waits.id, true, "")).await), ["FOUR_EYES"]);
    let other = client(&world, people::manager()).decide_edition(deciding(waits.id, true, "")).await;
    assert_eq!(refusal(other), ["NOT_PERMITTED"]);
    assert_eq!(refusal(admin.decide_edition(deciding(0, true, "")).await), ["NOT_FOUND"]);
    let published = admin.decide_edition(deciding(waits.id, true, "")).await.unwrap().into_inner();
    assert_eq!((published.state.as_str(), published.in_force, published.ahead), ("published", false, true));
    assert_eq!(refusal(admin.decide_edition(deciding(waits.id, false, "no")).await), ["EDITION_DECIDED"]);
    let declined =
        finance.propose_edition(proposing(&now, "price = 10000", "price = 1", "")).await.unwrap().into_inner();
    assert_eq!(refusal(admin.decide_edition(deciding(declined.id, false, "")).await), ["REASON_MISSING at reason"]);
    admin.decide_edition(deciding(declined.id, false, "A slip")).await.unwrap();

    // What is submitted today keeps today's price; a draft has tomorrow's tomorrow, and says so when it is submitted.
    let today = filled(&mut applicant, 1).await;
    let draft = filled(&mut applicant, 1).await;
    let submitted = applicant.submit_application(submitting(&today)).await.unwrap().into_inner();
    world.pass_hours(24);
    assert_eq!(tenge(&service(&mut applicant, "INVB1S").await.unwrap().price), 12_000);
    assert_eq!(refusal(applicant.submit_application(submitting(&draft)).await), ["PRICE_CHANGED at total"]);
    let shown = seen(&mut applicant, draft.number).await;
    assert_eq!((tenge(&shown.total), shown.lines[0].service_version), (12_000, 2));
    let later = applicant.submit_application(submitting(&shown)).await.unwrap().into_inner();
    assert_eq!((tenge(&later.total), tenge(&seen(&mut applicant, submitted.number).await.total)), (12_000, 10_000));
    world.end().await;
}

pub async fn an_edition_passes_the_files_check(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut admin = client(&world, people::admin());
    let form = newest(&mut admin, "form", "P1").await;
    let unknown = ProposeEditionRequest { kind: "colour".to_owned(), ..ProposeEditionRequest::default() };
    assert_eq!(refusal(admin.propose_edition(unknown).await), ["EDITION_UNKNOWN at kind"]);
    let mistaken = proposing(&form, "version = 1", "version = 2\ncolour = \"red\"", "");
    let told = admin.preview_edition(mistaken.clone()).await.unwrap().into_inner().faults;
    assert!(told[0].starts_with("line 3: unknown field `colour`"), "{told:?}");
    assert_eq!(refusal(admin.propose_edition(mistaken).await), ["CATALOGUE_FAULT at body"]);
    let circular = proposing(&form, "form = \"P0\"", "form = \"P1\"", "");
    assert_eq!(refusal(admin.propose_edition(circular).await), ["CATALOGUE_FAULT at body"]);
    let finance =
        client(&world, people::finance()).propose_edition(proposing(&form, "version = 1", "version = 2", "")).await;
    assert_eq!(refusal(finance), ["NOT_PERMITTED"]);

    // An application keeps the form that it was begun with; a new one has the new form.
    let mut applicant = client(&world, people::applicant());
    let before = create(&mut applicant, &["INVB1S"]).await;
    let mut next = proposing(&form, "version = 1", "version = 2", "");
    let question = "\n[[fields]]\nkey = \"hotel\"\nkind = \"text\"\nrequired = true\n[fields.label]\nen = \"Hotel\"\nru = \"Гостиница\"\nkk = \"Қонақүй\"\n";
    next.body.push_str(question);
    let made = admin.propose_edition(next).await.unwrap().into_inner();
    assert_eq!((made.state.as_str(), made.in_force), ("published", true), "no price, so no second person");
    let after = create(&mut applicant, &["INVB1S"]).await;
    assert_eq!((before.lines[0].form_version, after.lines[0].form_version), (1, 2));
    let kept = person(&mut applicant, &before, 0).await;
    assert!(!kept.lines[0].persons[0].values.contains_key("hotel"));

    // A service whose days are over can't be chosen, and a draft that has it can't be submitted.
    let sold = newest(&mut admin, "service", "DRVEXC").await;
    let draft = create(&mut applicant, &["DRVEXC", "INVB1S"]).await;
    let day = day(&world, 0);
    admin
        .propose_edition(proposing(&sold, "working_days", &format!("active_until = \"{day}\"\nworking_days"), ""))
        .await
        .unwrap();
    world.pass_hours(24);
    assert!(service(&mut applicant, "DRVEXC").await.is_none());
    let shown = seen(&mut applicant, draft.number).await;
    assert!(shown.lines[0].ended && !shown.lines[1].ended);
    assert!(
        refusal(applicant.submit_application(submitting(&shown)).await)
            .contains(&format!("SERVICE_ENDED at lines[{}]", shown.lines[0].id))
    );
    assert_eq!(refusal(admin.get_edition(GetEditionRequest { id: 0 }).await), ["NOT_FOUND"]);
    world.end().await;
}

async fn codes_of(client: &mut Client, of: &Application) -> Vec<String> {
    let papers = seen(client, of.number).await.lines[0].persons[0].documents.clone();
    papers.into_iter().filter(|paper| paper.required).map(|paper| paper.code).collect()
}

pub async fn forms_and_papers_follow_the_answers(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    // A company's form is filled in once, whatever the Amount; its papers are the application's.
    let draft = create(&mut applicant, &["EMPALL"]).await;
    let draft = applicant
        .save_services(saving(&draft, &[("EMPALL", 2)], MembershipKind::NotMember, ""))
        .await
        .unwrap()
        .into_inner();
    let line = draft.lines[0].clone();
    assert!(line.has_sheet && !line.per_person && line.persons.is_empty());
    let answering = |of: &Application, line_id: &str, values| SaveLineAnswersRequest {
        number: of.number,
        version: of.version,
        line_id: line_id.to_owned(),
        values,
    };
    let mut values = answers(&mut applicant, "C1").await;
    assert_eq!(
        refusal(applicant.save_line_answers(answering(&draft, "lin_0", values.clone())).await),
        ["LINE_UNKNOWN at line_id"]
    );
    values.insert("allocation_asked".to_owned(), "0".to_owned());
    values.insert("company_name".to_owned(), "x".repeat(201));
    values.insert("period_from".to_owned(), "2020-01-01".to_owned());
    let saved = applicant.save_line_answers(answering(&draft, &line.id, values.clone())).await.unwrap().into_inner();
    let told = refusal(applicant.submit_application(submitting(&saved)).await);
    let path = format!("lines[{}].answers", line.id);
    for fault in [
        format!("NUMBER_OUT_OF_RANGE at {path}.allocation_asked"),
        format!("TEXT_TOO_LONG at {path}.company_name"),
        format!("DATE_PAST at {path}.period_from"),
        "DOCUMENT_MISSING at documents[allocation_letter]".to_owned(),
    ] {
        assert!(told.contains(&fault), "{fault}: {told:?}");
    }
    assert_eq!(saved.lines[0].answers["allocation_asked"], "0", "what was entered is kept");
    values.insert("allocation_asked".to_owned(), "12".to_owned());
    values.insert("period_from".to_owned(), "2027-01-15".to_owned());
    values.insert("company_name".to_owned(), "Steppe Ltd.".to_owned());
    let saved = applicant.save_line_answers(answering(&saved, &line.id, values)).await.unwrap().into_inner();
    let contact = filled(&mut applicant, 1).await.contact;
    let saved = applicant
        .save_contact(proto::applications::v1::SaveContactRequest {
            number: saved.number,
            version: saved.version,
            contact,
        })
        .await
        .unwrap()
        .into_inner();
    let whole = with_papers(&mut applicant, saved).await;
    let filed = applicant.submit_application(submitting(&whole)).await.unwrap().into_inner();
    let held = client(&world, people::manager()).claim_application(case(&filed, "")).await.unwrap().into_inner();
    assert_eq!(held.lines[0].answers["company_name"], "Steppe Ltd.");

    // A paper is asked for where the answers say so.
    let draft = create(&mut applicant, &["TRPNEW"]).await;
    let draft = person(&mut applicant, &draft, 0).await;
    assert!(codes_of(&mut applicant, &draft).await.contains(&"medical_insurance".to_owned()), "a citizen of Germany");
    let mut values = draft.lines[0].persons[0].values.clone();
    values.insert("arrival_notice_number".to_owned(), "9".repeat(41));
    values.insert("entry_date".to_owned(), "2031-01-01".to_owned());
    values.insert("citizenship".to_owned(), "KG".to_owned());
    let (line_id, person_id) = (draft.lines[0].id.clone(), draft.lines[0].persons[0].id.clone());
    let changed = proto::applications::v1::SavePersonRequest {
        number: draft.number,
        version: draft.version,
        line_id,
        person_id,
        values,
    };
    let long = applicant.save_person(changed).await.unwrap().into_inner();
    let told = refusal(applicant.submit_application(submitting(&long)).await);
    for code in ["ANSWER_TOO_LONG at ", "DATE_AHEAD at "] {
        assert!(told.iter().any(|fault| fault.starts_with(code)), "{told:?}");
    }
    assert!(
        !codes_of(&mut applicant, &draft).await.contains(&"medical_insurance".to_owned()),
        "the Union's citizens need none"
    );
    world.end().await;
}

pub async fn members_have_a_price_of_their_own(coverage: &Coverage) {
    let world = start(coverage).await;
    world.fakes.on("participants.Participants/LookUpParticipant", |asked: LookUpParticipantRequest| {
        Ok(Participant { bin: asked.bin, name: "Steppe Capital Ltd.".to_owned(), ..Participant::default() })
    });
    let (mut admin, mut finance) = (client(&world, people::admin()), client(&world, people::finance()));
    let now = newest(&mut finance, "service", "INVB1S").await;
    let priced = proposing(&now, "price = 10000", "price = 10000\nmember_price = 8000", "");
    let waits = finance.propose_edition(priced).await.unwrap().into_inner();
    assert_eq!(waits.state, "proposed", "a members' price is a price");
    admin.decide_edition(deciding(waits.id, true, "")).await.unwrap();

    let mut applicant = client(&world, people::applicant());
    let lines = vec![choosing("INVB1S", 2, false)];
    let quote = |member: bool| GetQuoteRequest { lines: lines.clone(), walk_in: false, member };
    assert_eq!(tenge(&applicant.get_quote(quote(true)).await.unwrap().into_inner().total), 16_000);
    assert_eq!(tenge(&applicant.get_quote(quote(false)).await.unwrap().into_inner().total), 20_000);
    // The class follows the registry's word, also when it changes in the draft.
    let draft = create(&mut applicant, &["INVB1S"]).await;
    let member = saving(&draft, &[("INVB1S", 2)], MembershipKind::Member, "240140990004");
    let member = applicant.save_services(member).await.unwrap().into_inner();
    assert_eq!((tenge(&member.total), member.membership.unwrap().member_prices), (16_000, true));
    let draft = seen(&mut applicant, draft.number).await;
    let other = saving(&draft, &[("INVB1S", 2)], MembershipKind::NotMember, "");
    assert_eq!(tenge(&applicant.save_services(other).await.unwrap().into_inner().total), 20_000);
    world.end().await;
}

pub async fn two_editors_do_not_overwrite_each_other(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut admin, mut finance) = (client(&world, people::admin()), client(&world, people::finance()));
    let now = newest(&mut admin, "service", "INVB1S").await;
    let dearer = ProposeEditionRequest {
        base_version: Some(now.version),
        ..proposing(&now, "price = 10000", "price = 12000", "")
    };
    let waits = finance.propose_edition(dearer.clone()).await.unwrap().into_inner();
    let late = ProposeEditionRequest {
        base_version: Some(now.version),
        ..proposing(&now, "working_days = 5", "working_days = 9", "")
    };
    assert_eq!(refusal(admin.propose_edition(late.clone()).await), ["EDITION_CHANGED"]);
    // Who has seen it may go on; the price that waited meanwhile would undo what was published after it.
    let knowing = ProposeEditionRequest { base_version: Some(waits.version), ..late };
    let later = admin.propose_edition(knowing).await.unwrap().into_inner();
    assert_eq!((later.state.as_str(), later.version), ("published", 3));
    assert_eq!(refusal(admin.decide_edition(deciding(waits.id, true, "")).await), ["EDITION_OVERTAKEN"]);
    admin.decide_edition(deciding(waits.id, false, "Overtaken")).await.unwrap();
    world.end().await;
}

pub async fn the_catalogue_goes_out_and_comes_in_as_files(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut admin = client(&world, people::admin());
    let files = admin.export_catalogue(ExportCatalogueRequest {}).await.unwrap().into_inner();
    let bringing = |files: &CatalogueFiles, apply: bool| ImportCatalogueRequest {
        files: Some(files.clone()),
        from_date: String::new(),
        reason: "Season".to_owned(),
        apply,
    };
    let same = admin.import_catalogue(bringing(&files, false)).await.unwrap().into_inner();
    assert_eq!((same.editions.len(), same.faults.len()), (0, 0), "what went out changes nothing");

    // One price, one text, and a form that a service already uses.
    let mut changed = files.clone();
    changed.catalogue = files.catalogue.replacen("price = 25000", "price = 26000", 1).replacen(
        "en = \"Consent to the processing of personal data\"",
        "en = \"Consent form\"",
        1,
    );
    let would = admin.import_catalogue(bringing(&changed, false)).await.unwrap().into_inner();
    let told: Vec<_> = would.editions.iter().map(|one| (one.kind.as_str(), one.version, one.four_eyes)).collect();
    assert_eq!(told, [("document", 2, false), ("service", 2, true)]);
    let mut broken = changed.clone();
    broken.forms = files.forms.replacen("key = \"surname\"", "key = \"surname_of\"", 1);
    let faults = admin.import_catalogue(bringing(&broken, false)).await.unwrap().into_inner().faults;
    assert_eq!(faults, ["form P0: version 1 is known and says something else; make it 2"]);
    assert_eq!(refusal(admin.import_catalogue(bringing(&broken, true)).await), ["CATALOGUE_FAULT at files"]);
    let unsaid = ImportCatalogueRequest { reason: String::new(), ..bringing(&changed, true) };
    assert_eq!(refusal(admin.import_catalogue(unsaid).await), ["REASON_MISSING at reason"]);
    let finance = client(&world, people::finance()).import_catalogue(bringing(&changed, true)).await;
    assert_eq!(refusal(finance), ["NOT_PERMITTED"]);
    let stands = newest(&mut admin, "document", "consent_form").await;
    assert_eq!(stands.version, 1, "what was refused stored nothing");
    admin.import_catalogue(bringing(&changed, true)).await.unwrap();
    let stands = newest(&mut admin, "document", "consent_form").await;
    assert_eq!((stands.version, stands.in_force, stands.reason.as_str()), (2, true, "Season"));
    let priced = would.editions[1].code.clone();
    assert_eq!(newest(&mut admin, "service", &priced).await.state, "proposed", "a price waits for another person");
    world.end().await;
}
