//! Sample answers. An application's number decides its state: 1 draft, 2 NEW, 3 awaiting payment, 4 awaiting documents, 5 in review,
//! 6 returned.

pub mod applications;
mod billing;
mod messages;

use proto::applications::v1 as apps;
use proto::billing::v1 as bills;
use proto::booking::v1 as booking;
use proto::common::v1::{self as common, LocalizedText, Money, PageInfo};
use proto::identity::v1 as identity;
use proto::notifications::v1 as notifications;
use proto::participants::v1 as participants;
use proto::payments::v1 as payments;
use tonic::Status;

use applications::{act, application, catalogue, edition, thread};
use billing::{bank_day, billable, documents, invoice, money_report, settings, verified};
use chassis::testing::Fakes;

const CREATED: i64 = 1_718_201_520_000_000;

#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
fn text(en: &str, ru: &str, kk: &str) -> Option<LocalizedText> {
    Some(LocalizedText { en: en.to_owned(), ru: ru.to_owned(), kk: kk.to_owned() })
}

#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
fn tenge(amount: i64) -> Option<Money> {
    Some(Money { amount_minor: amount * 100, currency: "KZT".to_owned() })
}

#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
fn page(total: u64) -> Option<PageInfo> {
    Some(PageInfo { page: 1, size: 10, total })
}

fn work_report() -> apps::WorkReport {
    let open = |name: &str| apps::OpenCases { name: name.to_owned(), count: 4, oldest_days: 9, average_days: 3 };
    apps::WorkReport {
        states: vec![open("new"), open("in_review")],
        managers: vec![open(""), open("acc_1")],
        services: vec![apps::ServiceFigures {
            code: "INVB1S".to_owned(),
            name: text("<script>alert(1)</script>", "", ""),
            filed: 5,
            completed: 2,
            median_working_days: 3,
            ninth_decile_working_days: 7,
        }],
    }
}

pub fn account(session: &str) -> identity::Account {
    let staff = session.starts_with("staff");
    let roles: &[&str] = if staff { &["supervisor", "admin"] } else { &["applicant"] };
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

pub fn right(number: i64) -> booking::BookingRight {
    booking::BookingRight {
        application_number: number,
        open: true,
        kind: "hand_over".to_owned(),
        person_item_ids: ["itm_1", "itm_2", "itm_3"].map(str::to_owned).to_vec(),
        appointments: vec![booking::Appointment {
            id: "apt_1".to_owned(),
            application_number: number,
            person_item_id: "itm_3".to_owned(),
            kind: "hand_over".to_owned(),
            start_at_micros: 1_733_716_800_000_000,
            length_minutes: 30,
            state: "booked".to_owned(),
            version: 2,
            code: "K7M3P".to_owned(),
            confirm_by_micros: 1_733_630_400_000_000,
            allowed: ["MoveAppointment", "CancelAppointment", "ConfirmAttendance"].map(str::to_owned).to_vec(),
            ..booking::Appointment::default()
        }],
        held: Vec::new(),
        held_until_micros: 0,
        offices: Vec::new(),
        office: Some(booking::Office {
            id: "off_1".to_owned(),
            name: text("Expat Centre", "Экспат-центр", "Экспат орталығы"),
            address: text("55/18 Mangilik el Avenue, Block C3.3", "", ""),
            zone: "Asia/Almaty".to_owned(),
        }),
    }
}

pub fn install(fakes: &Fakes) {
    fakes.on("identity.Identity/ExchangeSession", |request: identity::ExchangeSessionRequest| {
        if request.session == "ended" {
            return Err(Status::unauthenticated("ended"));
        }
        Ok(identity::AccessToken {
            token: format!("token-of-{}", request.session),
            expires_in_seconds: 60,
            account: Some(account(&request.session)),
        })
    });
    fakes.on("identity.Identity/SignIn", |_: identity::SignInRequest| {
        Ok(identity::Session { session: "applicant-new".to_owned(), account: Some(account("applicant")) })
    });
    fakes.on("identity.Identity/SignOut", |_: identity::SignOutRequest| Ok(identity::SignOutResponse {}));
    fakes.on("identity.Identity/GetAccount", |_: identity::GetAccountRequest| Ok(account("applicant")));
    fakes.on("identity.Identity/ListStaff", |_: identity::ListStaffRequest| {
        Ok(identity::ListStaffResponse {
            accounts: vec![
                account("staff"),
                identity::Account { id: "acc_2".to_owned(), ..account("staff") },
                identity::Account { id: "acc_3".to_owned(), disabled: true, ..account("staff") },
            ],
        })
    });
    fakes.on("identity.Identity/ListSessions", |_: identity::ListSessionsRequest| {
        let session = |id: &str, current| identity::BrowserSession {
            id: id.to_owned(),
            device: "Firefox, Android".to_owned(),
            address: "192.0.*.*".to_owned(),
            created_at_micros: CREATED,
            used_at_micros: CREATED,
            current,
        };
        Ok(identity::ListSessionsResponse { sessions: vec![session("ses_1", true), session("ses_2", false)] })
    });
    let saved = |pairs: &[(&str, &str)]| identity::SavedAnswers {
        id: "sav_1".to_owned(),
        version: 3,
        values: pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        saved_at_micros: CREATED,
    };
    fakes.on("identity.Identity/ListSavedPersons", move |_: identity::ListSavedPersonsRequest| {
        let fields = ["surname", "given_names", "birth_date", "passport_number"].map(str::to_owned).to_vec();
        let values = [("surname", "HARPER <b>"), ("given_names", "AMELIA"), ("passport_number", "TK1234567")];
        Ok(identity::ListSavedPersonsResponse { persons: vec![saved(&values)], fields, count_max: 100 })
    });
    fakes.on("identity.Identity/ListSavedPayers", move |_: identity::ListSavedPayersRequest| {
        let fields = ["given_name", "surname", "identity_number", "city"].map(str::to_owned).to_vec();
        let values = [("given_name", "Amelia"), ("surname", "Harper"), ("city", "Astana")];
        Ok(identity::ListSavedPayersResponse { payers: vec![saved(&values)], fields, count_max: 1 })
    });
    fakes.on("identity.Identity/ListAccountDocuments", |_: identity::ListAccountDocumentsRequest| {
        Ok(identity::ListAccountDocumentsResponse {
            documents: vec![identity::AccountDocument {
                id: "doc_1".to_owned(),
                code: "id_copy".to_owned(),
                file_name: "passport <1>.pdf".to_owned(),
                size_bytes: 2_500_000,
                ..identity::AccountDocument::default()
            }],
            codes: vec!["id_copy".to_owned()],
            files_max: 5,
            size_mib_max: 10,
        })
    });
    let consent = |en: &str| common::ConsentText { version: 1, text: text(en, en, en) };
    fakes.on("identity.Identity/GetConsentText", move |_: identity::GetConsentTextRequest| {
        Ok(consent("I consent to the processing of my data"))
    });
    fakes.on("applications.Applications/GetConsentText", move |_: apps::GetConsentTextRequest| {
        Ok(consent("Every person has consented"))
    });
    fakes.on("identity.Identity/ListConsents", |_: identity::ListConsentsRequest| {
        Ok(identity::ListConsentsResponse {
            consents: vec![common::Consent {
                purpose: "account".to_owned(),
                text_version: 1,
                given_at_micros: CREATED,
                client: "192.0.*.*".to_owned(),
                term_days: 30,
                ..common::Consent::default()
            }],
        })
    });
    fakes.on("identity.Identity/TakeOwnData", |_: identity::TakeOwnDataRequest| {
        Ok(identity::OwnData { account: Some(account("applicant")), ..identity::OwnData::default() })
    });
    fakes.on("identity.Identity/ListColleagues", |_: identity::ListColleaguesRequest| {
        Ok(identity::ListColleaguesResponse {
            colleagues: vec![identity::Colleague {
                account_id: "acc_2".to_owned(),
                name: "Dana Omarova".to_owned(),
                roles: vec!["manager".to_owned()],
                ..identity::Colleague::default()
            }],
        })
    });
    fakes.on("identity.Identity/ListServiceAccounts", |_: identity::ListServiceAccountsRequest| {
        Ok(identity::ListServiceAccountsResponse {
            service_accounts: vec![identity::ServiceAccount {
                id: "svc_1".to_owned(),
                name: "Reports".to_owned(),
                scopes: vec!["applications:read".to_owned()],
                ..identity::ServiceAccount::default()
            }],
        })
    });
    fakes.on("applications.Applications/GetCatalogue", |_: apps::GetCatalogueRequest| Ok(catalogue()));
    fakes.on("applications.Applications/GetQuote", |_: apps::GetQuoteRequest| {
        Ok(apps::Quote { total: tenge(30_000), ..apps::Quote::default() })
    });
    fakes.on("applications.Applications/ListEditions", |_: apps::ListEditionsRequest| {
        let in_force = apps::Edition { state: "published".to_owned(), version: 1, in_force: true, ..edition(1) };
        Ok(apps::ListEditionsResponse { editions: vec![edition(2), in_force] })
    });
    fakes.on("applications.Applications/ExportCatalogue", |_: apps::ExportCatalogueRequest| {
        Ok(apps::CatalogueFiles { forms: "forms = []\n".to_owned(), ..apps::CatalogueFiles::default() })
    });
    fakes.on("applications.Applications/GetEdition", |asked: apps::GetEditionRequest| Ok(edition(asked.id)));
    fakes.on("applications.Applications/GetPublicOffer", |_: apps::GetPublicOfferRequest| {
        Ok(apps::PublicOffer {
            version: 3,
            title: "Public Offer".to_owned(),
            blocks: vec![apps::OfferBlock {
                heading: false,
                text: "Annex 1 to the decision of the Management Board.".to_owned(),
            }],
        })
    });
    fakes.on("applications.Applications/GetPublicOfferPdf", |_: apps::GetPublicOfferRequest| {
        Ok(apps::PdfFile { file_name: "public-offer.pdf".to_owned(), data: b"%PDF-1.7".to_vec() })
    });
    fakes.on("applications.Applications/GetApplication", |request: apps::GetApplicationRequest| {
        if request.number > 100 {
            return Err(Status::not_found("none"));
        }
        Ok(application(request.number))
    });
    let summary = |number: i64| apps::ApplicationSummary {
        number,
        service: text("Business visa B1, B2, B3 – Single entry", "Деловая виза", "Іскерлік виза"),
        created_at_micros: CREATED,
        state: application(number).state,
        payment_status: application(number).payment_status,
        applicant_name: "Әйгерім Нұрланқызы".to_owned(),
        total: tenge(10_000),
        services_more: u32::from(number == 2),
        unread_messages: u32::from(number == 3),
        found: vec![apps::FoundPerson {
            name: "EXAMPLE JOHN".to_owned(), passport_masked: "••••4567".to_owned()
        }],
        ..apps::ApplicationSummary::default()
    };
    fakes.on("applications.Applications/ListApplications", move |_: apps::ListApplicationsRequest| {
        Ok(apps::ListApplicationsResponse { applications: (1..=4).map(summary).collect(), page: page(4) })
    });
    fakes.on("applications.Applications/ListWork", move |_: apps::ListWorkRequest| {
        Ok(apps::ListApplicationsResponse { applications: (2..=5).map(summary).collect(), page: page(4) })
    });
    fakes.on("applications.Applications/GetThread", |request: apps::GetThreadRequest| Ok(thread(request.number)));
    fakes.on("applications.Applications/GetAct", |asked: apps::GetActRequest| Ok(act(&asked)));
    fakes.on("applications.Applications/GetChanges", |_: apps::GetChangesRequest| {
        let field = "lines[lin_1].persons[itm_1].birth_date".to_owned();
        Ok(apps::Changes {
            returned_at_micros: CREATED,
            changes: vec![apps::Change {
                field: field.clone(),
                before: "1990-02-03".to_owned(),
                after: "1990-02-04".to_owned(),
            }],
            marks: vec![apps::AnsweredMark {
                field,
                reason: "another day on the copy".to_owned(),
                changed: true,
                ..apps::AnsweredMark::default()
            }],
        })
    });
    fakes.on("applications.Applications/CountWork", |_: apps::CountWorkRequest| {
        let lists = vec![apps::ListCount { list: "pool".to_owned(), count: 17 }];
        Ok(apps::CountWorkResponse { lists })
    });
    fakes.on("applications.Applications/CreateApplication", |_: apps::CreateApplicationRequest| Ok(application(1)));
    fakes.on("applications.Applications/SaveServices", |_: apps::SaveServicesRequest| Ok(application(1)));
    fakes.on("applications.Applications/SaveContact", |_: apps::SaveContactRequest| Ok(application(1)));
    fakes.on("participants.Participants/ListParticipants", |_: participants::ListParticipantsRequest| {
        Ok(participants::ListParticipantsResponse {
            participants: vec![participants::Participant {
                bin: "151240022476".to_owned(),
                name: "Example Capital Ltd.".to_owned(),
                status: "active".to_owned(),
                ..participants::Participant::default()
            }],
            page: page(1),
        })
    });
    fakes.on("participants.Participants/ListImports", |_: participants::ListImportsRequest| {
        Ok(participants::ListImportsResponse {
            imports: vec![participants::Import {
                source: "register.csv".to_owned(),
                outcome: "held".to_owned(),
                ..participants::Import::default()
            }],
            page: page(1),
        })
    });
    fakes.on("participants.Participants/GetParticipant", |request: participants::GetParticipantRequest| {
        Ok(participants::ParticipantRecord {
            participant: Some(participants::Participant {
                bin: request.bin,
                name: "Example Capital Ltd.".to_owned(),
                status: "suspended".to_owned(),
                activities: vec!["Advice".to_owned()],
                ..participants::Participant::default()
            }),
            versions: vec![participants::ParticipantVersion {
                version: 2,
                source: "register.csv".to_owned(),
                changes: vec![participants::FieldChange {
                    field: "status".to_owned(),
                    before: "active".to_owned(),
                    after: "suspended".to_owned(),
                }],
                ..participants::ParticipantVersion::default()
            }],
        })
    });
    fakes.on("billing.Billing/GetBillable", |request: bills::GetBillableRequest| {
        Ok(billable(request.application_number))
    });
    fakes.on("billing.Billing/GetInvoice", |_: bills::GetInvoiceRequest| Ok(invoice()));
    fakes.on("billing.Billing/GetInvoicePdf", |_: bills::GetInvoicePdfRequest| {
        Ok(bills::PdfFile { file_name: "P-O-2024-188.pdf".to_owned(), data: b"%PDF-1.7".to_vec() })
    });
    fakes.on("billing.Billing/ListInvoices", |_: bills::ListInvoicesRequest| {
        Ok(bills::ListInvoicesResponse { invoices: vec![invoice()], page: page(1) })
    });
    fakes.on("billing.Billing/ListDocuments", |_: bills::ListDocumentsRequest| {
        Ok(bills::ListDocumentsResponse { documents: documents(), page: page(4) })
    });
    fakes.on("billing.Billing/ExportDocuments", |_: bills::ExportDocumentsRequest| {
        Ok(bills::ExportDocumentsResponse { documents: documents(), page: page(4) })
    });
    fakes.on("billing.Billing/GetDocumentPdf", |_: bills::GetDocumentPdfRequest| {
        Ok(bills::PdfFile { file_name: "P-R-2024-1.pdf".to_owned(), data: b"%PDF-1.7".to_vec() })
    });
    fakes.on("billing.Billing/VerifyDocument", |_: bills::VerifyDocumentRequest| Ok(verified()));
    fakes.on("billing.Billing/ListSettings", |_: bills::ListSettingsRequest| Ok(settings()));
    fakes.on("billing.Billing/GetMoneyReport", |_: bills::GetMoneyReportRequest| Ok(money_report()));
    fakes.on("applications.Applications/GetWorkReport", |_: apps::GetWorkReportRequest| Ok(work_report()));
    fakes.on("booking.Booking/GetVisitReport", |_: proto::booking::v1::GetVisitReportRequest| {
        let month = proto::booking::v1::VisitMonth {
            month: "2024-06".to_owned(),
            planned: 3,
            served: 2,
            missed: 1,
            ..Default::default()
        };
        Ok(proto::booking::v1::VisitReport { months: vec![month], ..proto::booking::v1::VisitReport::default() })
    });
    fakes.on("billing.Billing/GetBankDay", |_: bills::GetBankDayRequest| Ok(bank_day()));
    fakes.on("billing.Billing/ListRefunds", |_: bills::ListRefundsRequest| {
        Ok(bills::ListRefundsResponse { refunds: billable(5).refunds, ..bills::ListRefundsResponse::default() })
    });
    fakes.on("billing.Billing/ListPayments", |_: bills::ListPaymentsRequest| {
        Ok(bills::ListPaymentsResponse { payments: vec![billable(3)], page: page(1) })
    });
    fakes.on("payments.Payments/ListAttempts", |_: payments::ListAttemptsRequest| {
        Ok(payments::ListAttemptsResponse::default())
    });
    fakes.on("payments.Payments/StartAttempt", |_: payments::StartAttemptRequest| {
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
    });
    fakes.on("payments.Payments/CheckAttempt", |_: payments::CheckAttemptRequest| Ok(payments::Attempt::default()));
    fakes.on("payments.Payments/RecordCallback", |_: payments::RecordCallbackRequest| {
        Ok(payments::RecordCallbackResponse {})
    });
    fakes.on("payments.Payments/ListMismatches", |_: payments::ListMismatchesRequest| {
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
    });
    fakes.on("booking.Booking/GetBookingRight", |request: booking::GetBookingRightRequest| {
        Ok(right(request.application_number))
    });
    fakes.on("booking.Booking/ListSlots", |_: booking::ListSlotsRequest| {
        Ok(booking::ListSlotsResponse {
            date: "2024-12-09".to_owned(),
            days: vec!["2024-12-09".to_owned(), "2024-12-10".to_owned()],
            slots: vec![
                booking::Slot { start_at_micros: 1_733_716_800_000_000, capacity: 3, free: 2, in_a_row: 2 },
                booking::Slot { start_at_micros: 1_733_718_600_000_000, capacity: 3, free: 2, in_a_row: 1 },
            ],
            ..booking::ListSlotsResponse::default()
        })
    });
    fakes.on("booking.Booking/GetHours", |_: booking::GetHoursRequest| {
        let open = booking::Opening {
            open: true,
            opens: "09:00".to_owned(),
            closes: "18:00".to_owned(),
            lunch_from: "13:00".to_owned(),
            lunch_to: "14:00".to_owned(),
        };
        Ok(booking::Hours {
            version: 2,
            office: right(4).office,
            weeks: vec![booking::Week {
                valid_from: "2024-12-01".to_owned(),
                desks: 4,
                slot_minutes: 30,
                days: vec![open.clone(), open.clone(), open.clone(), open.clone(), open, booking::Opening::default()],
                ..booking::Week::default()
            }],
            days: vec![booking::SpecialDay {
                date: "2024-12-10".to_owned(),
                opening: None,
                note: "<script>alert(1)</script>".to_owned(),
            }],
            holidays: "2024-12-16 holiday\n".to_owned(),
            editions: vec![booking::HoursEdition {
                version: 2,
                part: "day".to_owned(),
                from_date: "2024-12-10".to_owned(),
                at_micros: CREATED,
                by: "user:acc_1".to_owned(),
                ..booking::HoursEdition::default()
            }],
            displaced: right(4).appointments,
            offices: Vec::new(),
        })
    });
    fakes.on("booking.Booking/GetDaySheet", |_: booking::GetDaySheetRequest| {
        Ok(booking::DaySheet {
            date: "2024-12-09".to_owned(),
            appointments: vec![booking::Appointment {
                id: "apt_1".to_owned(),
                application_number: 4,
                start_at_micros: 1_733_716_800_000_000,
                state: "booked".to_owned(),
                ..booking::Appointment::default()
            }],
            queue: ["waiting", "called", "left"]
                .map(|state| booking::Ticket {
                    id: "2024-12-09/1".to_owned(),
                    number: 1,
                    application_number: 4,
                    lane: "priority".to_owned(),
                    state: state.to_owned(),
                    desk: 2,
                    ..booking::Ticket::default()
                })
                .to_vec(),
            today: true,
            ..booking::DaySheet::default()
        })
    });
    let message = || notifications::Message {
        id: "msg_1".to_owned(),
        application_number: 2,
        subject: "Your application 2 was submitted".to_owned(),
        body: "Dear applicant,\n\nwe have received it.".to_owned(),
        created_at_micros: CREATED,
        delivery: "sent".to_owned(),
        ..notifications::Message::default()
    };
    messages::install(fakes);
    fakes.on("notifications.Notifications/ListMessages", move |_: notifications::ListMessagesRequest| {
        Ok(notifications::ListMessagesResponse { messages: vec![message()], page: page(1) })
    });
    fakes.on("notifications.Notifications/GetMessage", move |_: notifications::GetMessageRequest| Ok(message()));
    fakes.on("notifications.Notifications/ListDeliveries", move |_: notifications::ListDeliveriesRequest| {
        Ok(notifications::ListMessagesResponse { messages: vec![message()], page: page(1) })
    });
}
