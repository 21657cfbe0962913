//! PRODUCT's table of permissions as data: what each role of the staff may call at all. Whose data it is, and in which
//! state, is decided behind this gate and tested elsewhere.

use portal as _;
use serde_json::json;
use testkit::world::{PASSWORD, World};
use tonic::Code;

const ROLES: [&str; 4] = ["manager", "supervisor", "finance", "admin"];

/// A call of staff, and the roles that it lets in: m(anager), s(upervisor), f(inance), a(dmin).
const GATES: &[(&str, &str)] = &[
    ("portal.applications.v1.Applications/ExportReads", "a"),
    ("portal.applications.v1.Applications/ListEditions", "msfa"),
    ("portal.applications.v1.Applications/GetEdition", "msfa"),
    ("portal.applications.v1.Applications/PreviewEdition", "fa"),
    ("portal.applications.v1.Applications/ProposeEdition", "fa"),
    ("portal.applications.v1.Applications/DecideEdition", "fa"),
    ("portal.applications.v1.Applications/ExportCatalogue", "msfa"),
    ("portal.applications.v1.Applications/ImportCatalogue", "a"),
    ("portal.applications.v1.Applications/ListWork", "msf"),
    ("portal.applications.v1.Applications/CountWork", "msf"),
    ("portal.applications.v1.Applications/GetWorkReport", "ms"),
    ("portal.billing.v1.Billing/RecordTransfer", "msf"),
    ("portal.billing.v1.Billing/ListRefunds", "msf"),
    ("portal.billing.v1.Billing/ReviewRefund", "sf"),
    ("portal.billing.v1.Billing/DecideRefund", "s"),
    ("portal.billing.v1.Billing/ExecuteRefund", "f"),
    ("portal.billing.v1.Billing/ExportDocuments", "sf"),
    ("portal.billing.v1.Billing/ListSettings", "msfa"),
    ("portal.billing.v1.Billing/ProposeSetting", "fa"),
    ("portal.billing.v1.Billing/DecideSetting", "fa"),
    ("portal.billing.v1.Billing/GetMoneyReport", "sf"),
    ("portal.billing.v1.Billing/SendRefund", "f"),
    ("portal.billing.v1.Billing/ImportStatement", "f"),
    ("portal.billing.v1.Billing/GetBankDay", "sf"),
    ("portal.billing.v1.Billing/ListPayments", "msf"),
    ("portal.billing.v1.Billing/ConfirmPayment", "msf"),
    ("portal.billing.v1.Billing/DeclinePayment", "msf"),
    ("portal.booking.v1.Booking/GetHours", "msa"),
    ("portal.booking.v1.Booking/SaveWeek", "msa"),
    ("portal.booking.v1.Booking/SaveDay", "msa"),
    ("portal.booking.v1.Booking/ImportDays", "msa"),
    ("portal.booking.v1.Booking/SaveHolidays", "a"),
    ("portal.booking.v1.Booking/GetVisitReport", "ms"),
    ("portal.booking.v1.Booking/GetDaySheet", "ms"),
    ("portal.booking.v1.Booking/CheckInByCode", "ms"),
    ("portal.booking.v1.Booking/AddWalkIn", "ms"),
    ("portal.booking.v1.Booking/CallNext", "ms"),
    ("portal.booking.v1.Booking/EndTicket", "ms"),
    ("portal.booking.v1.Booking/CheckIn", "ms"),
    ("portal.booking.v1.Booking/MarkServed", "ms"),
    ("portal.booking.v1.Booking/MarkMissed", "ms"),
    ("portal.identity.v1.Identity/EnableAccount", "sa"),
    ("portal.identity.v1.Identity/ChangeRoles", "a"),
    ("portal.identity.v1.Identity/EndAccountSessions", "a"),
    ("portal.identity.v1.Identity/FindClient", "ms"),
    ("portal.identity.v1.Identity/OpenClientAccount", "ms"),
    ("portal.identity.v1.Identity/ListAccountHolders", "a"),
    ("portal.identity.v1.Identity/SetTeam", "a"),
    ("portal.identity.v1.Identity/InviteStaff", "sa"),
    ("portal.identity.v1.Identity/ListStaff", "sa"),
    ("portal.identity.v1.Identity/ListColleagues", "msfa"),
    ("portal.identity.v1.Identity/DisableAccount", "sa"),
    ("portal.identity.v1.Identity/CreateServiceAccount", "a"),
    ("portal.identity.v1.Identity/ListServiceAccounts", "a"),
    ("portal.identity.v1.Identity/RevokeServiceAccount", "a"),
    ("portal.notifications.v1.Notifications/ListDeliveries", "ms"),
    ("portal.notifications.v1.Notifications/SearchDeliveries", "ms"),
    ("portal.notifications.v1.Notifications/RetryDelivery", "ms"),
    ("portal.notifications.v1.Notifications/ListTexts", "a"),
    ("portal.notifications.v1.Notifications/GetText", "a"),
    ("portal.notifications.v1.Notifications/SaveTextDraft", "a"),
    ("portal.notifications.v1.Notifications/PreviewText", "a"),
    ("portal.notifications.v1.Notifications/SendTestText", "a"),
    ("portal.notifications.v1.Notifications/PublishText", "a"),
    ("portal.operations.v1.Operations/ListParkedEvents", "a"),
    ("portal.operations.v1.Operations/RetryParkedEvent", "a"),
    ("portal.operations.v1.Operations/SkipParkedEvent", "a"),
    ("portal.participants.v1.Participants/ListParticipants", "msfa"),
    ("portal.participants.v1.Participants/GetParticipant", "msfa"),
    ("portal.participants.v1.Participants/SaveParticipant", "sa"),
    ("portal.participants.v1.Participants/PreviewImport", "a"),
    ("portal.participants.v1.Participants/ImportParticipants", "a"),
    ("portal.participants.v1.Participants/ListImports", "msfa"),
    ("portal.payments.v1.Payments/ListMismatches", "msf"),
];

fn letters(role: &str) -> &str {
    role.get(..1).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_gets_through_its_own_gates_only() {
    let world = World::start().await;
    let grpc = world.grpc().await;
    let mut seen = Vec::new();
    let mut tokens = Vec::new();
    for role in ROLES {
        let body = json!({ "email": format!("{role}@demo.example"), "password": PASSWORD });
        let pair = grpc.call("portal.identity.v1.Identity/CreateToken", body, None).await.unwrap();
        tokens.push((role, pair["access_token"].as_str().unwrap().to_owned()));
    }
    let wanted: Vec<&str> = crate::access::staff_calls();
    for rpc in wanted {
        let mut through = String::new();
        for (role, token) in &tokens {
            // An empty command: whoever is let in is told of what is missing in it.
            let code = grpc.call(rpc, json!({}), Some(token)).await.err().map(|status| status.code());
            if code != Some(Code::PermissionDenied) {
                through.push_str(letters(role));
            }
        }
        seen.push((rpc, through));
    }
    let told: Vec<String> = seen.iter().map(|(rpc, through)| format!("{rpc} {through}")).collect();
    let listed: Vec<String> = GATES.iter().map(|(rpc, through)| format!("{rpc} {through}")).collect();
    assert_eq!(told, listed, "\n{}", told.join("\n"));
    world.end().await;
}
