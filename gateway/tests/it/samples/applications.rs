//! The catalogue and applications of the samples.

use proto::applications::v1 as apps;
use proto::common::v1::TimelineEntry;

use super::{CREATED, tenge, text};

pub fn catalogue() -> apps::Catalogue {
    let field = |key: &str, en: &str, kind: &str| apps::FormField {
        key: key.to_owned(),
        label: text(en, en, en),
        kind: kind.to_owned(),
        required: true,
        ..apps::FormField::default()
    };
    let requirement = apps::DocumentRequirement {
        code: "passport_copy".to_owned(),
        name: text("Clear passport copy", "Чёткая копия паспорта", "Паспорттың анық көшірмесі"),
        required: true,
        per_application: false,
        original: true,
        ..apps::DocumentRequirement::default()
    };
    let service = |code: &str, en: &str, price: i64| apps::CatalogueService {
        code: code.to_owned(),
        name: text(en, en, en),
        path: text(&format!("Visa and migration issues / Letter of invitation {en}"), en, en),
        price: tenge(price),
        personal_manager_price: tenge(10_000),
        per_person: true,
        form_code: "P1".to_owned(),
        form_version: 1,
        documents: vec![requirement.clone()],
        state_fee: tenge(1_966),
        working_days: 5,
        ..apps::CatalogueService::default()
    };
    apps::Catalogue {
        categories: vec![apps::Category {
            code: "VISA".to_owned(),
            name: text("Visa and migration issues", "Визы и миграция", "Виза және көші-қон"),
            services: vec![
                service("INVB1S", "Business visa B1, B2, B3 – Single entry", 10_000),
                service("INVB1M", "Business visa B1, B2, B3 – Multiple entry", 15_000),
                service("INVA5", "Investor visa A5", 25_000),
            ],
        }],
        walk_in_price: tenge(10_000),
        walk_in_name: text("Walk-in option", "Приём вне очереди", "Кезексіз қабылдау"),
        forms: vec![apps::Form {
            code: "P1".to_owned(),
            version: 1,
            subject: "person".to_owned(),
            fields: vec![
                field("surname", "Surname", "latin_name"),
                field("given_names", "Given names", "latin_name"),
                field("birth_date", "Date of birth", "date"),
                field("citizenship", "Citizenship", "country"),
                field("passport_number", "Passport number", "passport"),
            ],
        }],
        types: vec![apps::ApplicationType {
            code: "expat_centre".to_owned(),
            name: text("Expat Centre", "Экспат-центр", "Экспат орталығы"),
        }],
    }
}

pub fn application(number: i64) -> apps::Application {
    let state = match number {
        1 => apps::State::Draft,
        2 => apps::State::New,
        3 => apps::State::AwaitingPayment,
        4 => apps::State::AwaitingDocuments,
        6 => apps::State::Returned,
        _ => apps::State::InReview,
    };
    let payment = match number {
        3 => apps::PaymentStatus::NotPaid,
        4 => apps::PaymentStatus::Paid,
        _ => apps::PaymentStatus::Unspecified,
    };
    let file = apps::Document {
        id: "doc_1".to_owned(),
        file_name: "passport <b>.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: 320_000,
        uploaded_at_micros: CREATED,
        state: "uploaded".to_owned(),
        ..apps::Document::default()
    };
    let paper = apps::DocumentItem {
        code: "passport_copy".to_owned(),
        name: text("Clear passport copy", "Чёткая копия паспорта", "Паспорттың анық көшірмесі"),
        required: true,
        files: vec![file],
        ..apps::DocumentItem::default()
    };
    let person = apps::Person {
        id: "itm_1".to_owned(),
        name: "EXAMPLE JOHN".to_owned(),
        values: [("surname", "EXAMPLE"), ("given_names", "JOHN"), ("birth_date", "1990-02-03"), ("citizenship", "DE")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        documents: vec![paper],
        item_state: i32::from(number == 4),
        ..apps::Person::default()
    };
    let line = apps::Line {
        id: "lin_1".to_owned(),
        service_code: "INVB1S".to_owned(),
        name: text("Business visa B1, B2, B3 – Single entry", "Деловая виза", "Іскерлік виза"),
        path: text(
            "Visa and migration issues / Letter of invitation Business visa B1, B2, B3 - Single entry",
            "Визы и миграция / Приглашение, деловая виза B1, B2, B3 – однократная",
            "Виза және көші-қон / Шақыру, іскерлік виза B1, B2, B3 – бір реттік",
        ),
        quantity: 2,
        price: tenge(10_000),
        personal_manager_price: tenge(10_000),
        total: tenge(20_000),
        per_person: true,
        form_code: "P1".to_owned(),
        form_version: 1,
        persons: vec![person],
        tasks: vec![apps::ManagerTask {
            task: "notary".to_owned(),
            due_on: "2026-12-01".to_owned(),
            done_on: String::new(),
        }],
        ..apps::Line::default()
    };
    let sheet = apps::Line {
        id: "lin_2".to_owned(),
        service_code: "EMPALL".to_owned(),
        name: text("Employment Allocation", "Квота", "Квота"),
        path: text("Visa and migration issues / Employment Allocation", "Квота", "Квота"),
        quantity: 1,
        price: tenge(15_000),
        total: tenge(15_000),
        has_sheet: true,
        form_code: "P1".to_owned(),
        form_version: 1,
        answers: [("surname".to_owned(), "EXAMPLE".to_owned())].into(),
        ..apps::Line::default()
    };
    let missing = |field: &str, code: &str| apps::Missing { field: field.to_owned(), code: code.to_owned() };
    apps::Application {
        number,
        version: 7,
        state: state.into(),
        payment_status: payment.into(),
        r#type: "expat_centre".to_owned(),
        created_at_micros: CREATED,
        submitted_at_micros: if number == 1 { 0 } else { CREATED },
        membership: Some(apps::Membership {
            kind: apps::MembershipKind::Member.into(),
            bin: "151240022476".to_owned(),
            organisation_name: "Example Capital Ltd.".to_owned(),
            verified: true,
            member_prices: false,
        }),
        lines: vec![line, sheet],
        walk_in_price: tenge(10_000),
        total: tenge(20_000),
        contact: Some(apps::Contact {
            given_name: "Әйгерім".to_owned(),
            surname: "<script>alert(1)</script>".to_owned(),
            email: "aigerim@example.org".to_owned(),
            phone: "+77011234567".to_owned(),
            address: String::new(),
        }),
        documents: vec![apps::DocumentItem {
            code: "company_charter".to_owned(),
            name: text("Notarised charter", "Нотариально заверенный устав", "Нотариалды куәландырылған жарғы"),
            required: true,
            files: Vec::new(),
            ..apps::DocumentItem::default()
        }],
        timeline: vec![
            TimelineEntry {
                at_micros: CREATED,
                action: "SUBMIT".to_owned(),
                actor_kind: "applicant".to_owned(),
                ..TimelineEntry::default()
            },
            TimelineEntry {
                at_micros: CREATED + 3_600_000_000,
                action: "CLAIM".to_owned(),
                actor_kind: "staff".to_owned(),
                actor: "acc_2".to_owned(),
                ..TimelineEntry::default()
            },
        ],
        missing: if number == 1 {
            vec![
                missing("lines[lin_1].persons", "PERSONS_MISSING"),
                missing("lines[lin_1].persons[itm_1].passport_number", "FIELD_REQUIRED"),
                missing("documents[company_charter]", "DOCUMENT_MISSING"),
            ]
        } else {
            Vec::new()
        },
        allowed: [
            "CancelApplication",
            "ClaimApplication",
            "AssignApplication",
            "ReleaseApplication",
            "ReturnApplication",
            "RecommendApproval",
            "ApproveApplication",
            "RejectApplication",
            "ReviewDocument",
            "ReceiveOriginals",
            "RecordDecision",
            "RecordHandOut",
            "SaveManagerTasks",
        ]
        .map(str::to_owned)
        .to_vec(),
        marks: if number == 6 {
            vec![apps::Mark {
                field: "lines[lin_1].persons[itm_1].passport_number".to_owned(),
                reason: "another number on the copy".to_owned(),
                ..apps::Mark::default()
            }]
        } else {
            Vec::new()
        },
        booking_open: number == 4,
        hand_outs: vec![apps::HandOut {
            person_item_id: "itm_1".to_owned(),
            way: "representative".to_owned(),
            recipient_name: "Anna <b>".to_owned(),
            document_kind: "passport".to_owned(),
            document_number: "C01X00T47".to_owned(),
            at_micros: CREATED,
            ..apps::HandOut::default()
        }],
        acts: ["hand_over", "hand_out"].map(str::to_owned).to_vec(),
        ..apps::Application::default()
    }
}

pub fn act(asked: &apps::GetActRequest) -> apps::Act {
    let row = |label: &str, value: &str| apps::ActRow { label: label.to_owned(), value: value.to_owned() };
    apps::Act {
        kind: asked.kind.clone(),
        locale: asked.locale.clone(),
        title: "Act of hand-over of originals".to_owned(),
        notes: vec!["Some originals are still missing.".to_owned()],
        sections: vec![apps::ActSection {
            heading: "EXAMPLE <b>".to_owned(),
            rows: vec![row("Originals received", "Passport")],
        }],
        signatures: vec!["Received".to_owned()],
    }
}

pub fn edition(id: i64) -> apps::Edition {
    apps::Edition {
        id,
        kind: "service".to_owned(),
        code: "INVB1S".to_owned(),
        version: 2,
        from_date: "2027-01-01".to_owned(),
        state: "proposed".to_owned(),
        reason: "New fees <b>".to_owned(),
        proposed_by: "user:acc_2".to_owned(),
        proposed_at_micros: CREATED,
        body: "code = \"INVB1S\"\nprice = 12000\n".to_owned(),
        changes: vec![
            apps::EditionChange { kind: "removed".to_owned(), text: "price = 10000".to_owned() },
            apps::EditionChange { kind: "added".to_owned(), text: "price = 12000".to_owned() },
        ],
        decidable: true,
        four_eyes: true,
        ..apps::Edition::default()
    }
}

pub fn thread(number: i64) -> apps::Thread {
    apps::Thread {
        number,
        messages: vec![apps::CaseMessage {
            at_micros: CREATED,
            by_staff: true,
            author: "acc_2".to_owned(),
            text: "Please bring\n<script>alert(1)</script>".to_owned(),
            unread: true,
        }],
        notes: vec![apps::CaseNote {
            at_micros: CREATED,
            author: "acc_2".to_owned(),
            text: "Called <b>twice</b>".to_owned(),
        }],
    }
}
