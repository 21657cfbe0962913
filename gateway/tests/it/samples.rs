//! Sample answers. An application's number decides its state: 1 draft, 2 NEW, 3 awaiting payment, 4 awaiting documents, 5 in review.

use proto::applications::v1 as apps;
use proto::billing::v1 as billing;
use proto::booking::v1 as booking;
use proto::common::v1::{LocalizedText, Money, PageInfo, TimelineEntry};
use proto::identity::v1 as identity;
use proto::notifications::v1 as notifications;
use proto::participants::v1 as participants;
use proto::payments::v1 as payments;
use tonic::Status;

use crate::fakes::Fakes;

const CREATED: i64 = 1_718_201_520_000_000;

fn text(en: &str, ru: &str, kk: &str) -> Option<LocalizedText> {
    Some(LocalizedText {
        en: en.to_owned(),
        ru: ru.to_owned(),
        kk: kk.to_owned(),
    })
}

fn tenge(amount: i64) -> Option<Money> {
    Some(Money {
        amount_minor: amount * 100,
        currency: "KZT".to_owned(),
    })
}

fn page(total: u64) -> Option<PageInfo> {
    Some(PageInfo {
        page: 1,
        size: 10,
        total,
    })
}

pub fn account(session: &str) -> identity::Account {
    let staff = session.starts_with("staff");
    let roles: &[&str] = if staff {
        &["supervisor", "admin"]
    } else {
        &["applicant"]
    };
    identity::Account {
        id: "acc_1".to_owned(),
        email: "aigerim@example.org".to_owned(),
        given_name: "Әйгерім".to_owned(),
        surname: "Нұрланқызы".to_owned(),
        phone: "+77011234567".to_owned(),
        locale: "en".to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        ..identity::Account::default()
    }
}

fn catalogue() -> apps::Catalogue {
    let field = |key: &str, en: &str, kind: &str| apps::FormField {
        key: key.to_owned(),
        label: text(en, en, en),
        kind: kind.to_owned(),
        required: true,
        ..apps::FormField::default()
    };
    let requirement = apps::DocumentRequirement {
        code: "passport_copy".to_owned(),
        name: text(
            "Clear passport copy",
            "Чёткая копия паспорта",
            "Паспорттың анық көшірмесі",
        ),
        required: true,
        per_application: false,
        original: true,
    };
    let service = |code: &str, en: &str, price: i64| apps::CatalogueService {
        code: code.to_owned(),
        name: text(en, en, en),
        path: text(
            &format!("Visa and migration issues / Letter of invitation {en}"),
            en,
            en,
        ),
        price: tenge(price),
        personal_manager_price: tenge(10_000),
        per_person: true,
        form_code: "P1".to_owned(),
        form_version: 1,
        documents: vec![requirement.clone()],
        state_fee: tenge(1_966),
        working_days: 5,
    };
    apps::Catalogue {
        categories: vec![apps::Category {
            code: "VISA".to_owned(),
            name: text(
                "Visa and migration issues",
                "Визы и миграция",
                "Виза және көші-қон",
            ),
            services: vec![
                service("INVB1S", "Business visa B1, B2, B3 – Single entry", 10_000),
                service(
                    "INVB1M",
                    "Business visa B1, B2, B3 – Multiple entry",
                    15_000,
                ),
                service("INVA5", "Investor visa A5", 25_000),
            ],
        }],
        walk_in_price: tenge(10_000),
        walk_in_name: text("Walk-in option", "Приём вне очереди", "Кезексіз қабылдау"),
        forms: vec![apps::Form {
            code: "P1".to_owned(),
            version: 1,
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
        name: text(
            "Clear passport copy",
            "Чёткая копия паспорта",
            "Паспорттың анық көшірмесі",
        ),
        required: true,
        files: vec![file],
    };
    let person = apps::Person {
        id: "itm_1".to_owned(),
        name: "EXAMPLE JOHN".to_owned(),
        values: [
            ("surname", "EXAMPLE"),
            ("given_names", "JOHN"),
            ("birth_date", "1990-02-03"),
            ("citizenship", "DE"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into(),
        documents: vec![paper],
        item_state: if number == 4 { 1 } else { 0 },
        ..apps::Person::default()
    };
    let line = apps::Line {
        id: "lin_1".to_owned(),
        service_code: "INVB1S".to_owned(),
        name: text(
            "Business visa B1, B2, B3 – Single entry",
            "Деловая виза",
            "Іскерлік виза",
        ),
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
        ..apps::Line::default()
    };
    let missing = |field: &str, code: &str| apps::Missing {
        field: field.to_owned(),
        code: code.to_owned(),
    };
    apps::Application {
        number,
        version: 7,
        state: state.into(),
        payment_status: payment.into(),
        r#type: "expat_centre".to_owned(),
        created_at_micros: CREATED,
        membership: Some(apps::Membership {
            kind: apps::MembershipKind::Member.into(),
            bin: "151240022476".to_owned(),
            organisation_name: "Example Capital Ltd.".to_owned(),
            verified: true,
        }),
        lines: vec![line],
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
            name: text(
                "Notarised charter",
                "Нотариально заверенный устав",
                "Нотариалды куәландырылған жарғы",
            ),
            required: true,
            files: Vec::new(),
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
                missing(
                    "lines[lin_1].persons[itm_1].passport_number",
                    "FIELD_REQUIRED",
                ),
                missing("documents[company_charter]", "DOCUMENT_MISSING"),
            ]
        } else {
            Vec::new()
        },
        allowed: [
            "CancelApplication",
            "ClaimApplication",
            "ReturnApplication",
            "RecommendApproval",
            "ApproveApplication",
            "RejectApplication",
            "ReviewDocument",
            "ReceiveOriginals",
            "RecordDecision",
        ]
        .map(str::to_owned)
        .to_vec(),
        booking_open: number == 4,
        ..apps::Application::default()
    }
}

fn invoice() -> billing::Invoice {
    billing::Invoice {
        id: "inv_1".to_owned(),
        application_number: 3,
        state: "issued".to_owned(),
        document_number: "P-O/2024/188".to_owned(),
        document_date: "2024-06-13".to_owned(),
        due_date: "2024-07-13".to_owned(),
        total: tenge(10_000),
        vat: Some(Money {
            amount_minor: 107_143,
            currency: "KZT".to_owned(),
        }),
        vat_rate_bp: 1200,
        account_name: "Astana International Financial Centre Authority".to_owned(),
        reference_number: "400481".to_owned(),
        beneficiary: Some(billing::Beneficiary {
            legal_address: text("Z05T3D6, 55/18 Mangilik el Avenue, Block C3.3", "", ""),
            actual_address: text("Z05T3D6, 55/18 Mangilik el Avenue, Block C3.3", "", ""),
            code: "16".to_owned(),
            city: text("Astana", "Астана", "Астана"),
            country_code: "KZ".to_owned(),
            contact_phone: "+7(7172)647340/7261".to_owned(),
            identification_number: "151240022476".to_owned(),
            bank: "ALTYN BANK JSC".to_owned(),
            bank_code: "ATYNKZKA".to_owned(),
            iban: "KZ149491100000810569".to_owned(),
            iban_currency: "KZT".to_owned(),
            payment_purpose_code: "859".to_owned(),
        }),
        payer_name: "Example Example".to_owned(),
        payer_tax_number: "1111111111".to_owned(),
        payer_identity_number: "11111111".to_owned(),
        lines: vec![billing::InvoiceLine {
            number: 1,
            amount: tenge(10_000),
            product_code: "PMTA01".to_owned(),
            description: "AEC Personal Manager/Team Assistant for PM/TA-101".to_owned(),
            unit_price: tenge(10_000),
            quantity: 1,
        }],
        notes: vec![LocalizedText {
            en: "Invoice is valid for 30 days from the issue date.".to_owned(),
            ..LocalizedText::default()
        }],
        terms: text("By submitting this application you hereby agree …", "", ""),
        ..billing::Invoice::default()
    }
}

fn billable(number: i64) -> billing::Billable {
    billing::Billable {
        application_number: number,
        version: 3,
        payment_status: billing::PaymentStatus::NotPaid.into(),
        total: tenge(10_000),
        invoice: Some(invoice()),
        evidence: vec![billing::Evidence {
            attempt_id: "att_1".to_owned(),
            kind: "charge".to_owned(),
            amount: tenge(10_000),
            at_micros: CREATED,
            reference: "416012345678".to_owned(),
            approval_code: "123456".to_owned(),
            card_mask: "440043******1234".to_owned(),
        }],
        disclaimer: text(
            "By submitting this application you hereby agree to obtain state services through the AIFC Expat Centre.",
            "",
            "",
        ),
        ..billing::Billable::default()
    }
}

fn right(number: i64) -> booking::BookingRight {
    booking::BookingRight {
        application_number: number,
        open: true,
        kind: "hand_over".to_owned(),
        person_item_ids: vec!["itm_1".to_owned()],
        appointments: Vec::new(),
        office: Some(booking::Office {
            id: "off_1".to_owned(),
            name: text("Expat Centre", "Экспат-центр", "Экспат орталығы"),
            address: text("55/18 Mangilik el Avenue, Block C3.3", "", ""),
            zone: "Asia/Almaty".to_owned(),
        }),
    }
}

pub fn install(fakes: &Fakes) {
    fakes.on(
        "identity.Identity/ExchangeSession",
        |request: identity::ExchangeSessionRequest| {
            if request.session == "ended" {
                return Err(Status::unauthenticated("ended"));
            }
            Ok(identity::AccessToken {
                token: format!("token-of-{}", request.session),
                expires_in_seconds: 60,
                account: Some(account(&request.session)),
            })
        },
    );
    fakes.on("identity.Identity/SignIn", |_: identity::SignInRequest| {
        Ok(identity::Session {
            session: "applicant-new".to_owned(),
            account: Some(account("applicant")),
        })
    });
    fakes.on(
        "identity.Identity/SignOut",
        |_: identity::SignOutRequest| Ok(identity::SignOutResponse {}),
    );
    fakes.on(
        "identity.Identity/GetAccount",
        |_: identity::GetAccountRequest| Ok(account("applicant")),
    );
    fakes.on(
        "identity.Identity/ListStaff",
        |_: identity::ListStaffRequest| {
            Ok(identity::ListStaffResponse {
                accounts: vec![account("staff")],
            })
        },
    );
    fakes.on(
        "identity.Identity/ListServiceAccounts",
        |_: identity::ListServiceAccountsRequest| {
            Ok(identity::ListServiceAccountsResponse {
                service_accounts: vec![identity::ServiceAccount {
                    id: "svc_1".to_owned(),
                    name: "Reports".to_owned(),
                    scopes: vec!["applications:read".to_owned()],
                    ..identity::ServiceAccount::default()
                }],
            })
        },
    );
    fakes.on(
        "applications.Applications/GetCatalogue",
        |_: apps::GetCatalogueRequest| Ok(catalogue()),
    );
    fakes.on(
        "applications.Applications/GetPublicOffer",
        |_: apps::GetPublicOfferRequest| {
            Ok(apps::PublicOffer {
                version: 3,
                title: "Public Offer".to_owned(),
                blocks: vec![apps::OfferBlock {
                    heading: false,
                    text: "Annex 1 to the decision of the Management Board.".to_owned(),
                }],
            })
        },
    );
    fakes.on(
        "applications.Applications/GetPublicOfferPdf",
        |_: apps::GetPublicOfferRequest| {
            Ok(apps::PdfFile {
                file_name: "public-offer.pdf".to_owned(),
                data: b"%PDF-1.7".to_vec(),
            })
        },
    );
    fakes.on(
        "applications.Applications/GetApplication",
        |request: apps::GetApplicationRequest| {
            if request.number > 100 {
                return Err(Status::not_found("none"));
            }
            Ok(application(request.number))
        },
    );
    let summary = |number: i64| apps::ApplicationSummary {
        number,
        service: text(
            "Business visa B1, B2, B3 – Single entry",
            "Деловая виза",
            "Іскерлік виза",
        ),
        created_at_micros: CREATED,
        state: application(number).state,
        payment_status: application(number).payment_status,
        applicant_name: "Әйгерім Нұрланқызы".to_owned(),
        total: tenge(10_000),
        services_more: u32::from(number == 2),
        ..apps::ApplicationSummary::default()
    };
    fakes.on(
        "applications.Applications/ListApplications",
        move |_: apps::ListApplicationsRequest| {
            Ok(apps::ListApplicationsResponse {
                applications: (1..=4).map(summary).collect(),
                page: page(4),
            })
        },
    );
    fakes.on(
        "applications.Applications/ListWork",
        move |_: apps::ListWorkRequest| {
            Ok(apps::ListApplicationsResponse {
                applications: (2..=5).map(summary).collect(),
                page: page(4),
            })
        },
    );
    fakes.on(
        "applications.Applications/CreateApplication",
        |_: apps::CreateApplicationRequest| Ok(application(1)),
    );
    fakes.on(
        "applications.Applications/SaveServices",
        |_: apps::SaveServicesRequest| Ok(application(1)),
    );
    fakes.on(
        "applications.Applications/SaveContact",
        |_: apps::SaveContactRequest| Ok(application(1)),
    );
    fakes.on(
        "participants.Participants/ListParticipants",
        |_: participants::ListParticipantsRequest| {
            Ok(participants::ListParticipantsResponse {
                participants: vec![participants::Participant {
                    bin: "151240022476".to_owned(),
                    name: "Example Capital Ltd.".to_owned(),
                    status: "active".to_owned(),
                    ..participants::Participant::default()
                }],
                page: page(1),
            })
        },
    );
    fakes.on(
        "billing.Billing/GetBillable",
        |request: billing::GetBillableRequest| Ok(billable(request.application_number)),
    );
    fakes.on(
        "billing.Billing/GetInvoice",
        |_: billing::GetInvoiceRequest| Ok(invoice()),
    );
    fakes.on(
        "billing.Billing/GetInvoicePdf",
        |_: billing::GetInvoicePdfRequest| {
            Ok(billing::PdfFile {
                file_name: "P-O-2024-188.pdf".to_owned(),
                data: b"%PDF-1.7".to_vec(),
            })
        },
    );
    fakes.on(
        "billing.Billing/ListInvoices",
        |_: billing::ListInvoicesRequest| {
            Ok(billing::ListInvoicesResponse {
                invoices: vec![invoice()],
                page: page(1),
            })
        },
    );
    fakes.on(
        "billing.Billing/ListPayments",
        |_: billing::ListPaymentsRequest| {
            Ok(billing::ListPaymentsResponse {
                payments: vec![billable(3)],
                page: page(1),
            })
        },
    );
    fakes.on(
        "payments.Payments/ListAttempts",
        |_: payments::ListAttemptsRequest| Ok(payments::ListAttemptsResponse::default()),
    );
    fakes.on(
        "payments.Payments/StartAttempt",
        |_: payments::StartAttemptRequest| {
            Ok(payments::StartedAttempt {
                attempt: Some(payments::Attempt {
                    id: "att_1".to_owned(),
                    amount: tenge(10_000),
                    ..payments::Attempt::default()
                }),
                script_url: "http://localhost:8090/payform/payment-api.js".to_owned(),
                payment_object: r#"{"invoiceId":"100000001","note":"\"><script>"}"#.to_owned(),
                invoice_link: "https://evil.example/pay".to_owned(),
            })
        },
    );
    fakes.on(
        "payments.Payments/CheckAttempt",
        |_: payments::CheckAttemptRequest| Ok(payments::Attempt::default()),
    );
    fakes.on(
        "payments.Payments/RecordCallback",
        |_: payments::RecordCallbackRequest| Ok(payments::RecordCallbackResponse {}),
    );
    fakes.on(
        "payments.Payments/ListMismatches",
        |_: payments::ListMismatchesRequest| {
            Ok(payments::ListMismatchesResponse {
                mismatches: vec![payments::Mismatch {
                    kind: "second_charge".to_owned(),
                    application_number: 3,
                    expected: tenge(10_000),
                    charged: tenge(10_000),
                    at_micros: CREATED,
                    ..payments::Mismatch::default()
                }],
                page: page(1),
            })
        },
    );
    fakes.on(
        "booking.Booking/GetBookingRight",
        |request: booking::GetBookingRightRequest| Ok(right(request.application_number)),
    );
    fakes.on(
        "booking.Booking/ListSlots",
        |_: booking::ListSlotsRequest| {
            Ok(booking::ListSlotsResponse {
                date: "2024-12-09".to_owned(),
                days: vec!["2024-12-09".to_owned(), "2024-12-10".to_owned()],
                slots: vec![booking::Slot {
                    start_at_micros: 1_733_716_800_000_000,
                    capacity: 3,
                    free: 2,
                }],
            })
        },
    );
    fakes.on(
        "booking.Booking/GetDaySheet",
        |_: booking::GetDaySheetRequest| {
            Ok(booking::DaySheet {
                date: "2024-12-09".to_owned(),
                appointments: vec![booking::Appointment {
                    id: "apt_1".to_owned(),
                    application_number: 4,
                    start_at_micros: 1_733_716_800_000_000,
                    state: "booked".to_owned(),
                    ..booking::Appointment::default()
                }],
            })
        },
    );
    let message = || notifications::Message {
        id: "msg_1".to_owned(),
        application_number: 2,
        subject: "Your application 2 was submitted".to_owned(),
        body: "Dear applicant,\n\nwe have received it.".to_owned(),
        created_at_micros: CREATED,
        delivery: "sent".to_owned(),
        ..notifications::Message::default()
    };
    fakes.on(
        "notifications.Notifications/ListMessages",
        move |_: notifications::ListMessagesRequest| {
            Ok(notifications::ListMessagesResponse {
                messages: vec![message()],
                page: page(1),
            })
        },
    );
    fakes.on(
        "notifications.Notifications/GetMessage",
        move |_: notifications::GetMessageRequest| Ok(message()),
    );
    fakes.on(
        "notifications.Notifications/ListDeliveries",
        move |_: notifications::ListDeliveriesRequest| {
            Ok(notifications::ListMessagesResponse {
                messages: vec![message()],
                page: page(1),
            })
        },
    );
}
