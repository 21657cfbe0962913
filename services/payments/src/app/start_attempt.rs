//! "Pay": opens an attempt on an invoice, or takes the live one up again with a fresh token. The attempt is committed
//! before the bank hears of it. Needs no idempotency key: there is one live attempt per invoice, and an answer kept
//! under a key would hold a dead token.

use std::time::Duration;

use chassis::{Error, Tx, auth::permit, command::Call, counter, dial, outbox::Outbox, status, wire};
use kernel::{AccountId, AttemptId, Code, InvoiceId, Locale, Money};
use proto::{
    billing::v1::{ReserveInvoiceRequest, ReservedInvoice, billing_client::BillingClient},
    payments::v1::StartAttemptRequest,
};
use uuid::Builder;

use super::{Ports, inquire, save};
use crate::{
    bank::{BankError, Order},
    domain::{
        attempt::{Attempt, Hold},
        codes,
        decision::{Invoice, Verdict},
        reasons::Decline,
        state::State,
    },
    events, store,
};

/// The first of our numbers at the bank.
const BANK_INVOICE_FIRST: i64 = 100_000_001;
/// Billing hears of a closed attempt a moment later than we do.
const RESERVE_TRIES: u32 = 10;
/// The payer waits no longer for the bank's status of the order before.
const ASK_WAIT: Duration = Duration::from_secs(3);
const RESERVE_PAUSE: Duration = Duration::from_millis(200);

pub(crate) struct Started {
    pub attempt: Attempt,
    pub payment_object: String,
    pub invoice_link: String,
}

pub(crate) async fn run(ports: &Ports, call: &Call, request: &StartAttemptRequest) -> Result<Started, Error> {
    let payer = permit::user(&call.actor)?;
    if !request.terms_accepted {
        return Err(Error::at("terms_accepted", codes::TERMS_NOT_ACCEPTED));
    }
    let invoice: InvoiceId = request.invoice_id.parse().map_err(|_| Error::NotFound)?;
    let locale = Locale::parse(&request.locale).unwrap_or_default();
    if !ports.config.has_bank() {
        return Err(BankError::NotConnected.into());
    }
    let (id, closed_before) = match taken_up(ports, payer, invoice).await? {
        Some(attempt) => (attempt.id, false),
        None => fresh_id(ports, invoice).await?,
    };
    let reserved = reserve(ports, call, invoice, id, closed_before).await?;
    let attempt = committed(ports, call, id, invoice, reserved).await?;
    let order = Order { attempt: &attempt, locale };
    let (token, link) = futures::join!(ports.bank.payment_token(&order), ports.bank.invoice_link(&order));
    let now = ports.context.sources.now();
    let (payment_object, page_expires_at) = match &token {
        Ok(token) => (order.payment_object(token, &ports.config.portal_url)?, token.expires_at),
        Err(error) => {
            tracing::warn!(attempt = %id, %error, "no payment token");
            (String::new(), now.plus(Duration::from_secs(u64::from(ports.config.link_days) * 86_400)))
        }
    };
    let invoice_link = link.unwrap_or_else(|error| {
        tracing::warn!(attempt = %id, %error, "no payment link");
        None
    });
    match token {
        Err(error) if invoice_link.is_none() => return Err(error.into()),
        Ok(_) | Err(_) => {}
    }
    let attempt = redirected(ports, id, page_expires_at).await?;
    Ok(Started { attempt, payment_object, invoice_link: invoice_link.unwrap_or_default() })
}

/// The live attempt on the invoice, if the bank lets it be taken up again.
async fn taken_up(ports: &Ports, payer: AccountId, invoice: InvoiceId) -> Result<Option<Attempt>, Error> {
    let context = &ports.context;
    let Some(live) = store::live(context.db.read(), &context.sealer, invoice).await? else {
        if store::held(context.db.read(), &context.sealer, invoice).await?.is_some_and(|held| held.account == payer) {
            return Err(Error::refuse(codes::ATTEMPT_LIVE));
        }
        // Another attempt on what is charged already goes nowhere, and would hold the invoice until it is given up.
        return match store::charged(context.db.read(), &context.sealer, invoice).await? {
            None => Ok(None),
            Some(charged) if charged.account != payer => Err(Error::NotFound),
            Some(_) => Err(Error::refuse(codes::INVOICE_NOT_PAYABLE)),
        };
    };
    if live.account != payer {
        return Err(Error::NotFound);
    }
    if store::invoice(context.db.read(), &live).await? != Invoice::Payable {
        return Err(Error::refuse(codes::INVOICE_NOT_PAYABLE));
    }
    if live.state == State::Created {
        return Ok(Some(live));
    }
    let (attempt, verdict) = match tokio::time::timeout(ASK_WAIT, inquire::ask(ports, &live)).await {
        Ok(Ok(told)) => told,
        Ok(Err(Error::VersionConflict)) => return Err(Error::Unavailable("the attempt is being decided".to_owned())),
        Ok(Err(error)) => return Err(error),
        Err(_) => (live, Verdict::Unknown),
    };
    match (attempt.state, verdict) {
        (State::Created | State::Redirected, Verdict::UnderWay) => Err(Error::refuse(codes::ATTEMPT_LIVE)),
        // An answer that tells nothing is no failure: the same order can't be charged twice.
        (State::Created | State::Redirected, _) => Ok(Some(attempt)),
        (State::Authorised, _) => Err(Error::refuse(codes::ATTEMPT_LIVE)),
        (State::Failed | State::Abandoned | State::Reversed, _) => Ok(None),
        (State::Charged | State::Mismatched, _) => Err(Error::refuse(codes::INVOICE_NOT_PAYABLE)),
    }
}

/// The id follows from the invoice and the number of its attempts, so that an invoice reserved for an attempt whose
/// row was never written is taken up by the next try. Also tells whether there were attempts before.
async fn fresh_id(ports: &Ports, invoice: InvoiceId) -> Result<(AttemptId, bool), Error> {
    let before = store::count(ports.context.db.read(), invoice).await?;
    let index = ports.context.sealer.blind_index("attempt", &format!("{invoice}/{before}"));
    let bytes: [u8; 16] = index.try_into().map_err(|_| Error::Internal(anyhow::anyhow!("an index of 16 bytes")))?;
    Ok((AttemptId::from_uuid(Builder::from_custom_bytes(bytes).into_uuid()), before > 0))
}

/// Claims the invoice in the payer's name; billing checks whose it is and whether it is to be paid.
async fn reserve(
    ports: &Ports,
    call: &Call,
    invoice: InvoiceId,
    id: AttemptId,
    closed_before: bool,
) -> Result<ReservedInvoice, Error> {
    let mut client = BillingClient::new(ports.context.dialer.channel("billing")?);
    let mut tries = if closed_before { RESERVE_TRIES } else { 1 };
    loop {
        let message =
            ReserveInvoiceRequest { invoice_id: invoice.to_string(), attempt_id: id.to_string(), terms_accepted: true };
        let refused = match client.reserve_invoice(dial::request(message, &call.onward())).await {
            Ok(reserved) => return Ok(reserved.into_inner()),
            Err(refused) => refused,
        };
        tries -= 1;
        let told = status::parse(&refused);
        match known(&told.reason) {
            Some(code) if code == codes::ATTEMPT_LIVE && tries > 0 => tokio::time::sleep(RESERVE_PAUSE).await,
            Some(code) => return Err(Error::refuse(code)),
            None => {
                match told.violations.first().and_then(|violation| Some((&violation.field, known(&violation.code)?))) {
                    Some((field, code)) => return Err(Error::at(field, code)),
                    None => return Err(status::into_error(&refused)),
                }
            }
        }
    }
}

fn known(code: &str) -> Option<Code> {
    codes::ALL.iter().copied().find(|known| known.as_str() == code)
}

/// The attempt's row, written before the bank is called.
async fn committed(
    ports: &Ports,
    call: &Call,
    id: AttemptId,
    invoice: InvoiceId,
    reserved: ReservedInvoice,
) -> Result<Attempt, Error> {
    let payer = permit::user(&call.actor)?;
    if reserved.account_id != payer.to_string() || reserved.invoice_id != invoice.to_string() {
        return Err(Error::NotFound);
    }
    let amount = wire::parse_money(reserved.amount.as_ref())?;
    let inner = ports.clone();
    let attempt = ports
        .context
        .db
        .write(move |tx| async move {
            match store::load(&*tx, &inner.context.sealer, &id.to_string()).await {
                Ok(attempt) => Ok(attempt),
                Err(Error::NotFound) => create(&tx, &inner, id, invoice, payer, amount, reserved).await,
                Err(error) => Err(error),
            }
        })
        .await?;
    if attempt.state.is_live() { Ok(attempt) } else { Err(Error::refuse(codes::INVOICE_NOT_PAYABLE)) }
}

async fn create(
    tx: &Tx,
    ports: &Ports,
    id: AttemptId,
    invoice: InvoiceId,
    account: AccountId,
    amount: Money,
    reserved: ReservedInvoice,
) -> Result<Attempt, Error> {
    let (context, config) = (&ports.context, &ports.config);
    // Two tabs may come here at once: the counter's lock puts one behind the other, who looks again.
    let number = counter::next(tx, &format!("bank_invoice/{}", config.terminal), BANK_INVOICE_FIRST).await?;
    match store::load(&**tx, &context.sealer, &id.to_string()).await {
        Ok(attempt) => return Ok(attempt),
        Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    if let Some(other) = store::live(&**tx, &context.sealer, invoice).await? {
        tracing::info!(attempt = %other.id, "another attempt was started just now");
        return Err(Error::refuse(codes::ATTEMPT_LIVE));
    }
    let now = context.sources.now();
    let mut attempt = Attempt {
        id,
        version: 1,
        invoice_id: invoice,
        application_number: reserved.application_number,
        account,
        state: State::Created,
        amount,
        bank_invoice_id: number.to_string(),
        terminal: config.terminal.clone(),
        document_number: reserved.document_number,
        secret_hash: hex::encode(context.sources.random::<24>()),
        decline: None,
        reason_code: String::new(),
        created_at: now,
        started_at: now,
        page_expires_at: now,
        closed_at: None,
        late_polls: 0,
        last_inquiry_at: kernel::Time::from_micros(0),
        next_inquiry_at: None,
        hold: Hold::default(),
    };
    attempt.next_inquiry_at = ports.periods.next(&attempt, now);
    store::insert(tx, &context.sealer, &attempt).await?;
    Outbox::new(tx, &context.sources, context.service, id, attempt.version)
        .append(&events::attempt_started(&attempt))
        .await?;
    if !(config.amount_min_minor..=config.amount_max_minor).contains(&amount.minor()) {
        // The bank would not take it; the invoice must not stay reserved for it.
        let refused = Verdict::Failed { decline: Some(Decline::Limit), reason_code: String::new() };
        let fact = attempt.apply(&refused, now, &ports.periods);
        save(tx, ports, &mut attempt, fact).await?;
    }
    Ok(attempt)
}

/// The bank's page may be open from now on.
async fn redirected(ports: &Ports, id: AttemptId, page_expires_at: kernel::Time) -> Result<Attempt, Error> {
    let inner = ports.clone();
    ports
        .context
        .db
        .write(move |tx| async move {
            let context = &inner.context;
            let mut attempt = store::load(&*tx, &context.sealer, &id.to_string()).await?;
            let void = store::invoice(&*tx, &attempt).await? != Invoice::Payable;
            if void || !attempt.redirect(context.sources.now(), page_expires_at, &inner.periods) {
                return Err(Error::refuse(codes::INVOICE_NOT_PAYABLE));
            }
            save(&tx, &inner, &mut attempt, None).await?;
            Ok(attempt)
        })
        .await
}
