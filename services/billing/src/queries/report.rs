//! The money of a span of days: by month out of the ledger, by product out of the documents, and how refunds stand.

use chassis::{Error, auth::permit, db::Source, wire};
use kernel::{Actor, Money, Period};
use proto::billing::v1 as pb;
use sea_orm::{
    ConnectionTrait, ExprTrait as _, FromQueryResult,
    sea_query::{Alias, Expr, Func, Order, Query},
};

use super::documents::BOOKS;
use crate::{
    app::Ports,
    domain::{
        document::DocumentKind,
        invoice::InvoiceState,
        ledger::{Account, Event},
    },
};

pub(crate) async fn run(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::GetMoneyReportRequest,
) -> Result<pb::MoneyReport, Error> {
    permit::staff(actor, &BOOKS)?;
    let period = Period::parse(&request.since, &request.until)?;
    Ok(pb::MoneyReport {
        months: months(db, ports, period).await?,
        products: products(db, period).await?,
        refunds: refunds(db, ports, period).await?,
    })
}

#[derive(FromQueryResult)]
struct Sum {
    name: String,
    number: i64,
    amount: i64,
}

/// Its beginning and its end, in microseconds.
fn bounds(ports: &Ports, period: Period) -> Result<(i64, i64), Error> {
    let zone = &ports.context.zone;
    let after = period.last().tomorrow().map_err(|error| Error::Internal(error.into()))?;
    Ok((zone.start_of(period.first()).micros(), zone.start_of(after).micros()))
}

async fn months(db: &impl ConnectionTrait, ports: &Ports, period: Period) -> Result<Vec<pb::MoneyMonth>, Error> {
    let mut months = Vec::new();
    for month in period.months() {
        let sums = moved(db, bounds(ports, month)?).await?;
        let of = |event: Event| {
            let sum = sums.iter().find(|sum| sum.name == event.code()).map_or(0, |sum| sum.amount);
            Some(wire::money(Money::home(sum.saturating_abs())))
        };
        months.push(pb::MoneyMonth {
            month: month.month(),
            received: of(Event::Applied),
            credited: of(Event::Credited),
            refunded: of(Event::Repaid),
        });
    }
    Ok(months)
}

/// What each event moved: one side of each transaction.
async fn moved(db: &impl ConnectionTrait, (from, to): (i64, i64)) -> Result<Vec<Sum>, Error> {
    let mut query = Query::select();
    query
        .expr_as(Expr::col(("ledger_transaction", "event")), "name")
        .expr_as(number(Func::count(Expr::col(("ledger_entry", "operation")))), "number")
        .expr_as(number(Func::sum(Expr::col(("ledger_entry", "amount")))), "amount")
        .from("ledger_transaction")
        .inner_join(
            "ledger_entry",
            Expr::col(("ledger_entry", "operation")).equals(("ledger_transaction", "operation")),
        )
        .and_where(Expr::col(("ledger_transaction", "at")).gte(from))
        .and_where(Expr::col(("ledger_transaction", "at")).lt(to))
        .and_where(
            Expr::col(("ledger_transaction", "event"))
                .eq(Event::Applied.code())
                .and(Expr::col(("ledger_entry", "account")).eq(Account::Receivable.code()))
                .or(Expr::col(("ledger_transaction", "event"))
                    .eq(Event::Credited.code())
                    .and(Expr::col(("ledger_entry", "account")).eq(Account::Revenue.code())))
                .or(Expr::col(("ledger_transaction", "event"))
                    .eq(Event::Repaid.code())
                    .and(Expr::col(("ledger_entry", "account")).eq(Account::Bank.code()))),
        )
        .group_by_col(("ledger_transaction", "event"));
    sums(db, &query).await
}

/// Sums are decimals in PostgreSQL, and whole numbers here.
fn number(of: impl Into<Expr>) -> Expr {
    of.into().cast_as("bigint")
}

async fn sums(db: &impl ConnectionTrait, query: &sea_orm::sea_query::SelectStatement) -> Result<Vec<Sum>, Error> {
    let rows = db.query_all(query).await?;
    rows.iter().map(|row| Sum::from_query_result(row, "").map_err(Error::from)).collect()
}

/// Lines of invoices that were paid, less what credit notes of these days give back.
async fn products(db: &impl ConnectionTrait, period: Period) -> Result<Vec<pb::ProductSum>, Error> {
    let mut products = std::collections::BTreeMap::<String, (i64, i64)>::new();
    for (kind, sign) in [(DocumentKind::Invoice, 1), (DocumentKind::CreditNote, -1)] {
        for sum in lines(db, kind, period).await? {
            let (quantity, amount) = products.entry(sum.name).or_default();
            *quantity = quantity.saturating_add(sign * sum.number);
            *amount = amount.saturating_add(sign * sum.amount);
        }
    }
    let mut products: Vec<_> = products.into_iter().collect();
    products.sort_by_key(|(_, (_, amount))| std::cmp::Reverse(*amount));
    let told = products.into_iter().map(|(product_code, (quantity, amount))| pb::ProductSum {
        product_code,
        quantity: u64::try_from(quantity).unwrap_or(0),
        amount: Some(wire::money(Money::home(amount))),
    });
    Ok(told.collect())
}

async fn lines(db: &impl ConnectionTrait, kind: DocumentKind, period: Period) -> Result<Vec<Sum>, Error> {
    let paid = [InvoiceState::Paid, InvoiceState::PartlyCredited, InvoiceState::Credited].map(InvoiceState::code);
    let mut query = Query::select();
    query
        .expr_as(Expr::col(("document_line", "product_code")), "name")
        .expr_as(number(Func::sum(Expr::col(("document_line", "quantity")))), "number")
        .expr_as(number(Func::sum(Expr::col(("document_line", "amount")))), "amount")
        .from("document")
        .inner_join("document_line", Expr::col(("document_line", "code")).equals(("document", "code")))
        .inner_join("invoice", Expr::col(("invoice", "id")).equals(("document", "invoice_id")))
        .and_where(Expr::col(("document", "kind")).eq(kind.code()))
        .and_where(Expr::col(("document", "document_date")).gte(period.first().to_string()))
        .and_where(Expr::col(("document", "document_date")).lte(period.last().to_string()))
        .and_where(Expr::col(("invoice", "state")).is_in(paid))
        .group_by_col(("document_line", "product_code"));
    sums(db, &query).await
}

/// Refunds that were asked for in these days, by how they stand now.
async fn refunds(db: &impl ConnectionTrait, ports: &Ports, period: Period) -> Result<Vec<pb::RefundCount>, Error> {
    let (from, to) = bounds(ports, period)?;
    let mut query = Query::select();
    let amount = Expr::col(("refund", "credited")).add(Expr::col(("refund", "released")));
    query
        .expr_as(Expr::col(("refund", "state")), "name")
        .expr_as(number(Func::count(Expr::col(("refund", "id")))), "number")
        .expr_as(number(Func::sum(amount)), "amount")
        .from("refund")
        .and_where(Expr::col(("refund", "requested_at")).gte(from))
        .and_where(Expr::col(("refund", "requested_at")).lt(to))
        .group_by_col(("refund", "state"))
        .order_by(Alias::new("name"), Order::Asc);
    let told = sums(db, &query).await?.into_iter().map(|sum| pb::RefundCount {
        state: sum.name,
        count: sum.number.unsigned_abs(),
        amount: Some(wire::money(Money::home(sum.amount))),
    });
    Ok(told.collect())
}
