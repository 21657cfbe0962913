//! The texts of messages of the samples.

use chassis::testing::Fakes;
use proto::notifications::v1 as told;

use super::CREATED;

fn wording(locale: &str) -> told::LanguageText {
    told::LanguageText {
        locale: locale.to_owned(),
        subject: "Application { $number }".to_owned(),
        body: "Pay { $amount }.\n\n<script>alert(1)</script>".to_owned(),
    }
}

fn text(kind: String) -> told::MessageText {
    let version = |version, state: &str| told::TextVersion {
        version,
        state: state.to_owned(),
        texts: ["en", "ru", "kk"].map(wording).to_vec(),
        written_by: "user:acc_2".to_owned(),
        written_at_micros: CREATED,
        ..told::TextVersion::default()
    };
    told::MessageText {
        kind,
        version: 0,
        placeholders: vec![told::Placeholder {
            name: "amount".to_owned(),
            required: true,
            sample: "10 000 KZT".to_owned(),
        }],
        versions: vec![version(1, "draft"), version(0, "shipped")],
    }
}

pub(super) fn install(fakes: &Fakes) {
    fakes.on("notifications.Notifications/CountUnreadMessages", |_: told::CountUnreadMessagesRequest| {
        Ok(told::UnreadMessages { count: 3 })
    });
    fakes.on("notifications.Notifications/MarkMessagesRead", |_: told::MarkMessagesReadRequest| {
        Ok(told::UnreadMessages { count: 2 })
    });
    fakes.on("notifications.Notifications/SearchDeliveries", |_: told::SearchDeliveriesRequest| {
        let message = told::Message {
            id: "msg_1".to_owned(),
            kind: "invoice_reminder".to_owned(),
            application_number: 3,
            subject: "Pay <b>".to_owned(),
            created_at_micros: CREATED,
            delivery: "failed".to_owned(),
            attempts: 1,
            reader_masked: "a•••@example.org".to_owned(),
            reason: "refused".to_owned(),
            ..told::Message::default()
        };
        Ok(told::ListMessagesResponse { messages: vec![message], page: super::page(1) })
    });
    fakes.on("notifications.Notifications/ListTexts", |_: told::ListTextsRequest| {
        let summary = told::TextSummary {
            kind: "application_approved".to_owned(),
            subject: "Application { $number } <b>".to_owned(),
            draft_version: 1,
            next_from: "2027-01-01".to_owned(),
            ..told::TextSummary::default()
        };
        Ok(told::ListTextsResponse { texts: vec![summary] })
    });
    fakes.on("notifications.Notifications/GetText", |asked: told::GetTextRequest| Ok(text(asked.kind)));
    fakes.on("notifications.Notifications/PreviewText", |_: told::PreviewTextRequest| {
        Ok(told::TextPreview {
            subject: "Application 101".to_owned(),
            body: "Pay 10 000 KZT.".to_owned(),
            html: "<!doctype html><html><body><p>Pay 10 000 KZT.</p></body></html>".to_owned(),
        })
    });
}
