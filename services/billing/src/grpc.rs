//! gRPC: parse, use-case, encode; nothing else.

mod documents;
mod files;

use std::sync::Arc;

use proto::billing::v1::{self as pb, billing_server::Billing};
use tonic::{Request, Response, Status, Streaming};

use crate::{
    app::{self, Ports},
    domain::status::PaymentStatus,
    queries,
};

pub(crate) struct Grpc {
    pub ports: Arc<Ports>,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Billing for Grpc {
    type DownloadReceiptStream = files::Chunks;

    async fn get_billable(&self, request: Request<pb::GetBillableRequest>) -> Answer<pb::Billable> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::one_billable(context.db.read(), &self.ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn issue_invoice(&self, request: Request<pb::IssueInvoiceRequest>) -> Answer<pb::Invoice> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("IssueInvoice", request, |tx, call, message| async move {
                let payer = queries::entered(message.payer.unwrap_or_default());
                let invoice =
                    app::issue_invoice::run(&tx, &ports, &call.actor, message.application_number, payer).await?;
                Ok(queries::to_wire(&invoice, PaymentStatus::NotPaid))
            })
            .await
    }

    async fn get_invoice(&self, request: Request<pb::GetInvoiceRequest>) -> Answer<pb::Invoice> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                let (invoice, status) =
                    queries::one_invoice(context.db.read(), &self.ports, &call.actor, &message.invoice_id).await?;
                Ok(queries::to_wire(&invoice, status))
            })
            .await
    }

    async fn list_invoices(&self, request: Request<pb::ListInvoicesRequest>) -> Answer<pb::ListInvoicesResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::invoices(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn get_invoice_pdf(&self, request: Request<pb::GetInvoicePdfRequest>) -> Answer<pb::PdfFile> {
        let context = &self.ports.context;
        context.query(request, async |call, message| documents::invoice(&self.ports, &call, &message).await).await
    }

    async fn list_documents(&self, request: Request<pb::ListDocumentsRequest>) -> Answer<pb::ListDocumentsResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::documents::own(context.db.read(), &call.actor, &message).await
            })
            .await
    }

    async fn get_document_pdf(&self, request: Request<pb::GetDocumentPdfRequest>) -> Answer<pb::PdfFile> {
        let context = &self.ports.context;
        context.query(request, async |call, message| documents::by_code(&self.ports, &call, &message).await).await
    }

    async fn verify_document(&self, request: Request<pb::VerifyDocumentRequest>) -> Answer<pb::VerifiedDocument> {
        let context = &self.ports.context;
        context
            .query(request, async |_, message| {
                queries::documents::verified(context.db.read(), &self.ports, &message.code).await
            })
            .await
    }

    async fn export_documents(
        &self,
        request: Request<pb::ExportDocumentsRequest>,
    ) -> Answer<pb::ExportDocumentsResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::documents::export(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn list_settings(&self, request: Request<pb::ListSettingsRequest>) -> Answer<pb::ListSettingsResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, _| queries::settings::all(context.db.read(), &self.ports, &call.actor).await)
            .await
    }

    async fn propose_setting(&self, request: Request<pb::ProposeSettingRequest>) -> Answer<pb::SettingChange> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ProposeSetting", request, |tx, call, message| async move {
                app::settings::editor(&call.actor)?;
                let proposal = (queries::settings::entered(&message)?, &*message.from_date, &*message.reason);
                let change = app::settings::propose(&tx, &ports, &call.actor, proposal).await?;
                Ok(queries::settings::change(&change, &call.actor))
            })
            .await
    }

    async fn decide_setting(&self, request: Request<pb::DecideSettingRequest>) -> Answer<pb::SettingChange> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("DecideSetting", request, |tx, call, message| async move {
                let decision = (&*message.id, message.publish, &*message.reason);
                let change = app::settings::decide(&tx, &ports, &call.actor, decision).await?;
                Ok(queries::settings::change(&change, &call.actor))
            })
            .await
    }

    async fn get_money_report(&self, request: Request<pb::GetMoneyReportRequest>) -> Answer<pb::MoneyReport> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::report::run(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn reserve_invoice(&self, request: Request<pb::ReserveInvoiceRequest>) -> Answer<pb::ReservedInvoice> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ReserveInvoice", request, |tx, call, message| async move {
                app::reserve_invoice::run(&tx, &ports, &call.actor, &message).await
            })
            .await
    }

    async fn upload_receipt(&self, request: Request<Streaming<pb::UploadReceiptRequest>>) -> Answer<pb::Billable> {
        let context = &self.ports.context;
        context
            .query(request, async |call, mut parts| {
                let (start, content) = files::receive(&self.ports, &call, &mut parts).await?;
                let (actor, number) = (call.actor.clone(), start.application_number);
                app::upload_receipt::run(&self.ports, call.actor, start, content).await?;
                queries::one_billable(context.db.read(), &self.ports, &actor, number).await
            })
            .await
    }

    async fn download_receipt(&self, request: Request<pb::DownloadReceiptRequest>) -> Answer<files::Chunks> {
        let found: Answer<app::download_receipt::Download> = self
            .ports
            .context
            .query(request, async |call, message| app::download_receipt::run(&self.ports, call.actor, &message).await)
            .await;
        found.map(|answer| Response::new(files::chunks(answer.into_inner())))
    }

    async fn record_transfer(&self, request: Request<pb::RecordTransferRequest>) -> Answer<pb::Billable> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("RecordTransfer", request, |tx, call, message| async move {
                app::record_transfer::run(&tx, &ports, &call.actor, &message).await?;
                queries::one_billable(&*tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn list_refunds(&self, request: Request<pb::ListRefundsRequest>) -> Answer<pb::ListRefundsResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::refunds(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn request_refund(&self, request: Request<pb::RequestRefundRequest>) -> Answer<pb::Billable> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("RequestRefund", request, |tx, call, message| async move {
                app::refund_request::run(&tx, &ports, &call.actor, &message).await?;
                queries::one_billable(&*tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn review_refund(&self, request: Request<pb::RefundCommand>) -> Answer<pb::Billable> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ReviewRefund", request, |tx, call, message| async move {
                app::refunds::review(&tx, &ports, &call.actor, &message).await?;
                queries::one_billable(&*tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn decide_refund(&self, request: Request<pb::DecideRefundRequest>) -> Answer<pb::Billable> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("DecideRefund", request, |tx, call, message| async move {
                app::refunds::decide(&tx, &ports, &call.actor, &message).await?;
                queries::one_billable(&*tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn execute_refund(&self, request: Request<pb::ExecuteRefundRequest>) -> Answer<pb::Billable> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ExecuteRefund", request, |tx, call, message| async move {
                app::refunds::execute(&tx, &ports, &call.actor, &message).await?;
                queries::one_billable(&*tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn send_refund(&self, request: Request<pb::RefundCommand>) -> Answer<pb::Billable> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("SendRefund", request, |tx, call, message| async move {
                app::refunds::send(&tx, &ports, &call.actor, &message).await?;
                queries::one_billable(&*tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn import_statement(
        &self,
        request: Request<pb::ImportStatementRequest>,
    ) -> Answer<pb::ImportStatementResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ImportStatement", request, |tx, call, message| async move {
                app::import_statement::run(&tx, &ports, &call.actor, &message).await
            })
            .await
    }

    async fn get_bank_day(&self, request: Request<pb::GetBankDayRequest>) -> Answer<pb::BankDay> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::statements::day(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn hold_for_cancellation(
        &self,
        request: Request<pb::HoldForCancellationRequest>,
    ) -> Answer<pb::HoldForCancellationResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("HoldForCancellation", request, |tx, call, message| async move {
                app::hold_for_cancellation::run(&tx, &ports, &call.actor, message.application_number).await?;
                Ok(pb::HoldForCancellationResponse {})
            })
            .await
    }

    async fn list_payments(&self, request: Request<pb::ListPaymentsRequest>) -> Answer<pb::ListPaymentsResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::payments(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn confirm_payment(&self, request: Request<pb::ConfirmPaymentRequest>) -> Answer<pb::Billable> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ConfirmPayment", request, |tx, call, message| async move {
                app::confirm_payment::confirm(&tx, &ports, &call.actor, &message).await?;
                queries::one_billable(&*tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn decline_payment(&self, request: Request<pb::DeclinePaymentRequest>) -> Answer<pb::Billable> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("DeclinePayment", request, |tx, call, message| async move {
                app::confirm_payment::decline(&tx, &ports, &call.actor, &message).await?;
                queries::one_billable(&*tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }
}
