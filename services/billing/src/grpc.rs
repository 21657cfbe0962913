//! gRPC: parse, use-case, encode; nothing else.

mod files;

use std::sync::Arc;

use kernel::Locale;
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
        context
            .query(request, async |call, message| {
                let (invoice, _) =
                    queries::one_invoice(context.db.read(), &self.ports, &call.actor, &message.invoice_id).await?;
                let locale = Locale::parse(&message.locale).unwrap_or_default();
                let data = app::invoice_pdf::run(&self.ports, &invoice, locale).await?;
                Ok(pb::PdfFile { file_name: format!("{}.pdf", invoice.document_number.replace('/', "-")), data })
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
