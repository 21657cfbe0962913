//! Demo invoices.
