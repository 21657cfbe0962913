//! What is to be paid, invoices, confirmation of payments.

use super::Call;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "/api/v1/applications/{application_number}/billing",
            "billing.Billing/GetBillable",
            "What there is to pay",
        ),
        Call::create(
            "/api/v1/applications/{application_number}/invoices",
            "billing.Billing/IssueInvoice",
            "Payer's data: issues the invoice",
        ),
        Call::get("/api/v1/invoices", "billing.Billing/ListInvoices", "Own invoices, newest first"),
        Call::get("/api/v1/invoices/{invoice_id}", "billing.Billing/GetInvoice", "One invoice"),
        Call::get(
            "/api/v1/documents",
            "billing.Billing/ListDocuments",
            "Own invoices, receipts, credit notes and acts",
        ),
        Call::get("/api/v1/documents/{code}/verification", "billing.Billing/VerifyDocument", "What a document says")
            .public(),
        Call::get("/api/v1/accounting/documents", "billing.Billing/ExportDocuments", "Documents of a span of days"),
        Call::get("/api/v1/reports/money", "billing.Billing/GetMoneyReport", "Money of a span of days"),
        Call::get("/api/v1/invoice-settings", "billing.Billing/ListSettings", "Beneficiary, VAT and texts of invoices"),
        Call::post(
            "/api/v1/invoice-settings/changes",
            "billing.Billing/ProposeSetting",
            "Propose what shall count from a day on",
        )
        .keyed(),
        Call::post(
            "/api/v1/invoice-settings/changes/{id}/decide",
            "billing.Billing/DecideSetting",
            "Publish or decline a change",
        )
        .keyed(),
        Call::get("/api/v1/payments", "billing.Billing/ListPayments", "Payments that wait for confirmation"),
        Call::post(
            "/api/v1/payments/{application_number}/confirm",
            "billing.Billing/ConfirmPayment",
            "Confirm a payment",
        )
        .keyed(),
        Call::post(
            "/api/v1/payments/{application_number}/transfers",
            "billing.Billing/RecordTransfer",
            "A transfer that was found on the account",
        )
        .keyed(),
        Call::post(
            "/api/v1/applications/{application_number}/refunds",
            "billing.Billing/RequestRefund",
            "Ask for money back",
        )
        .keyed(),
        Call::get("/api/v1/payments/refunds", "billing.Billing/ListRefunds", "Refunds by their due date"),
        Call::post(
            "/api/v1/payments/{application_number}/refunds/{refund_id}/review",
            "billing.Billing/ReviewRefund",
            "Put a refund before a supervisor",
        )
        .keyed(),
        Call::post(
            "/api/v1/payments/{application_number}/refunds/{refund_id}/decide",
            "billing.Billing/DecideRefund",
            "Grant or decline a refund",
        )
        .keyed(),
        Call::post(
            "/api/v1/payments/{application_number}/refunds/{refund_id}/send",
            "billing.Billing/SendRefund",
            "Give a refund back to the card",
        )
        .keyed(),
        Call::post(
            "/api/v1/payments/{application_number}/refunds/{refund_id}/execute",
            "billing.Billing/ExecuteRefund",
            "The payment order of a refund",
        )
        .keyed(),
        Call::post("/api/v1/payments/statements", "billing.Billing/ImportStatement", "A statement of the account")
            .keyed(),
        Call::get("/api/v1/payments/bank-days", "billing.Billing/GetBankDay", "A day at the bank beside the books"),
        Call::post(
            "/api/v1/payments/{application_number}/decline",
            "billing.Billing/DeclinePayment",
            "Decline a payment",
        )
        .keyed(),
    ]
}
