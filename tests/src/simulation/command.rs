//! What people ask for, as values: so that the same request can be sent again under its key.

use chassis::{status, testing::Caller};
use proto::{
    applications::v1::{self as cases, applications_client::ApplicationsClient},
    billing::v1::{self as money, billing_client::BillingClient, upload_receipt_request::Part},
    booking::v1::{self as visits, booking_client::BookingClient},
    payments::v1::{self as attempts, payments_client::PaymentsClient},
};
use tonic::{Response, Status};

/// Of a transfer, as small as a document may be.
const RECEIPT: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// A request that changes something.
#[derive(Debug, Clone)]
pub enum Command {
    Create(cases::CreateApplicationRequest),
    SaveServices(cases::SaveServicesRequest),
    SaveContact(cases::SaveContactRequest),
    SavePerson(cases::SavePersonRequest),
    Submit(cases::SubmitApplicationRequest),
    Cancel(cases::CancelApplicationRequest),
    Renew(cases::RenewApplicationRequest),
    Claim(cases::CaseCommand),
    Return(cases::ReturnApplicationRequest),
    Recommend(cases::CaseCommand),
    SendBack(cases::CaseCommand),
    Approve(cases::CaseCommand),
    Reject(cases::CaseCommand),
    Receive(cases::ItemsCommand),
    Decide(cases::RecordDecisionRequest),
    Ready(cases::CaseCommand),
    HandOut(cases::RecordHandOutRequest),
    Complete(cases::CaseCommand),
    Issue(money::IssueInvoiceRequest),
    Confirm(money::ConfirmPaymentRequest),
    Decline(money::DeclinePaymentRequest),
    AskRefund(money::RequestRefundRequest),
    ReviewRefund(money::RefundCommand),
    DecideRefund(money::DecideRefundRequest),
    SendRefund(money::RefundCommand),
    ExecuteRefund(money::ExecuteRefundRequest),
    Upload(money::ReceiptStart),
    Record(money::RecordTransferRequest),
    Import(money::ImportStatementRequest),
    Book(visits::BookAppointmentsRequest),
    CancelVisit(visits::CancelAppointmentRequest),
    CheckIn(visits::AppointmentCommand),
    Served(visits::AppointmentCommand),
    Missed(visits::AppointmentCommand),
    Hold(visits::HoldPlacesRequest),
    ConfirmHold(visits::HoldCommand),
    ReleaseHold(visits::HoldCommand),
    MoveVisit(visits::MoveAppointmentRequest),
    Attend(visits::ConfirmAttendanceRequest),
    ByCode(visits::CheckInByCodeRequest),
    WalkIn(visits::AddWalkInRequest),
    CallNext(visits::CallNextRequest),
    EndTicket(visits::EndTicketRequest),
    SaveDay(visits::SaveDayRequest),
    Callback(attempts::RecordCallbackRequest),
}

impl Command {
    /// The service it goes to.
    pub fn service(&self) -> &'static str {
        match self {
            Self::Issue(_)
            | Self::Confirm(_)
            | Self::Decline(_)
            | Self::AskRefund(_)
            | Self::ReviewRefund(_)
            | Self::DecideRefund(_)
            | Self::SendRefund(_)
            | Self::ExecuteRefund(_)
            | Self::Upload(_)
            | Self::Record(_)
            | Self::Import(_) => "billing",
            Self::Book(_)
            | Self::CancelVisit(_)
            | Self::CheckIn(_)
            | Self::Served(_)
            | Self::Missed(_)
            | Self::Hold(_)
            | Self::ConfirmHold(_)
            | Self::ReleaseHold(_)
            | Self::MoveVisit(_)
            | Self::Attend(_)
            | Self::ByCode(_)
            | Self::WalkIn(_)
            | Self::CallNext(_)
            | Self::EndTicket(_)
            | Self::SaveDay(_) => "booking",
            Self::Callback(_) => "payments",
            Self::Create(_)
            | Self::SaveServices(_)
            | Self::SaveContact(_)
            | Self::SavePerson(_)
            | Self::Submit(_)
            | Self::Cancel(_)
            | Self::Renew(_)
            | Self::Claim(_)
            | Self::Return(_)
            | Self::Recommend(_)
            | Self::SendBack(_)
            | Self::Approve(_)
            | Self::Reject(_)
            | Self::Receive(_)
            | Self::Decide(_)
            | Self::Ready(_)
            | Self::HandOut(_)
            | Self::Complete(_) => "applications",
        }
    }

    pub fn name(&self) -> String {
        let shown = format!("{self:?}");
        shown.split('(').next().unwrap_or_default().to_owned()
    }

    /// Sends it; answers what was done in a few words, or the code it was refused with.
    pub async fn send(self, caller: Caller) -> Result<String, String> {
        let (mut case, mut bill) = (ApplicationsClient::new(caller.clone()), BillingClient::new(caller.clone()));
        let mut visit = BookingClient::new(caller.clone());
        match self {
            Self::Create(message) => told(case.create_application(message).await, application),
            Self::SaveServices(message) => told(case.save_services(message).await, application),
            Self::SaveContact(message) => told(case.save_contact(message).await, application),
            Self::SavePerson(message) => told(case.save_person(message).await, application),
            Self::Submit(message) => told(case.submit_application(message).await, application),
            Self::Cancel(message) => told(case.cancel_application(message).await, application),
            Self::Renew(message) => told(case.renew_application(message).await, application),
            Self::Claim(message) => told(case.claim_application(message).await, application),
            Self::Return(message) => told(case.return_application(message).await, application),
            Self::Recommend(message) => told(case.recommend_approval(message).await, application),
            Self::SendBack(message) => told(case.send_back_to_review(message).await, application),
            Self::Approve(message) => told(case.approve_application(message).await, application),
            Self::Reject(message) => told(case.reject_application(message).await, application),
            Self::Receive(message) => told(case.receive_originals(message).await, application),
            Self::Decide(message) => told(case.record_decision(message).await, application),
            Self::Ready(message) => told(case.mark_ready(message).await, application),
            Self::HandOut(message) => told(case.record_hand_out(message).await, application),
            Self::Complete(message) => told(case.complete_application(message).await, application),
            Self::Issue(message) => {
                told(bill.issue_invoice(message).await, |found| format!("{} {}", found.document_number, found.id))
            }
            Self::Confirm(message) => told(bill.confirm_payment(message).await, billable),
            Self::Decline(message) => told(bill.decline_payment(message).await, billable),
            Self::AskRefund(message) => told(bill.request_refund(message).await, billable),
            Self::ReviewRefund(message) => told(bill.review_refund(message).await, billable),
            Self::DecideRefund(message) => told(bill.decide_refund(message).await, billable),
            Self::SendRefund(message) => told(bill.send_refund(message).await, billable),
            Self::ExecuteRefund(message) => told(bill.execute_refund(message).await, billable),
            Self::Upload(start) => {
                let parts = [Part::Start(start), Part::Data(RECEIPT.to_vec())];
                let parts = parts.map(|part| money::UploadReceiptRequest { part: Some(part) });
                told(bill.upload_receipt(futures::stream::iter(parts)).await, billable)
            }
            Self::Record(message) => told(bill.record_transfer(message).await, billable),
            Self::Import(message) => told(bill.import_statement(message).await, |done| {
                let found = [done.matched, done.recorded, done.proposed, done.unmatched, done.known];
                let [matched, recorded, proposed, unmatched, known] = found;
                format!(
                    "{matched} matched, {recorded} recorded, {proposed} proposed, {unmatched} unmatched, {known} known"
                )
            }),
            Self::Book(message) => told(visit.book_appointments(message).await, right),
            Self::CancelVisit(message) => told(visit.cancel_appointment(message).await, right),
            Self::CheckIn(message) => told(visit.check_in(message).await, appointment),
            Self::Served(message) => told(visit.mark_served(message).await, appointment),
            Self::Missed(message) => told(visit.mark_missed(message).await, appointment),
            Self::Hold(message) => told(visit.hold_places(message).await, right),
            Self::ConfirmHold(message) => told(visit.confirm_hold(message).await, right),
            Self::ReleaseHold(message) => told(visit.release_hold(message).await, right),
            Self::MoveVisit(message) => told(visit.move_appointment(message).await, right),
            Self::Attend(message) => told(visit.confirm_attendance(message).await, right),
            Self::ByCode(message) => told(visit.check_in_by_code(message).await, appointment),
            Self::WalkIn(message) => told(visit.add_walk_in(message).await, ticket),
            Self::CallNext(message) => told(visit.call_next(message).await, ticket),
            Self::EndTicket(message) => told(visit.end_ticket(message).await, ticket),
            Self::SaveDay(message) => told(visit.save_day(message).await, |hours| format!("hours v{}", hours.version)),
            Self::Callback(message) => {
                let mut payments = PaymentsClient::new(caller);
                told(payments.record_callback(message).await, |_| "kept".to_owned())
            }
        }
    }
}

fn application(found: &cases::Application) -> String {
    let (state, paid) = (found.state().as_str_name(), found.payment_status().as_str_name());
    format!("{} v{} {state} {paid}", found.number, found.version)
}

fn billable(found: &money::Billable) -> String {
    format!("{} v{} {}", found.application_number, found.version, found.payment_status().as_str_name())
}

fn right(found: &visits::BookingRight) -> String {
    let booked: Vec<_> = found.appointments.iter().map(|one| format!("{}:{}", one.id, one.state)).collect();
    format!("{} {}", found.application_number, booked.join(" "))
}

fn appointment(found: &visits::Appointment) -> String {
    format!("{} v{} {}", found.id, found.version, found.state)
}

fn ticket(found: &visits::Ticket) -> String {
    format!("{} {} {} at {}", found.id, found.lane, found.state, found.desk)
}

/// What is made of an answer, or the code it was refused with.
pub fn told<T, U>(answer: Result<Response<T>, Status>, shown: impl Fn(&T) -> U) -> Result<U, String> {
    match answer {
        Ok(answer) => Ok(shown(answer.get_ref())),
        Err(status) => {
            let told = status::parse(&status);
            let faults: Vec<_> =
                told.violations.iter().map(|fault| format!("{}@{}", fault.code, fault.field)).collect();
            Err(format!("{} {}", told.reason, faults.join(" ")).trim().to_owned())
        }
    }
}
