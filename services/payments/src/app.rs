//! Use-cases, one a file.

pub(crate) mod check_attempt;
pub(crate) mod inquire;
pub(crate) mod measure;
pub(crate) mod queries;
pub(crate) mod record_callback;
pub(crate) mod refund;
pub(crate) mod start_attempt;
pub(crate) mod void_invoice;

use std::{sync::Arc, time::Duration};

use chassis::{Context, Error, Tx, outbox::Outbox};
use kernel::MismatchId;
use proto::payments::v1 as pb;
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use tokio::sync::Notify;

use crate::{
    bank::{Bank, BankWay},
    config::Config,
    domain::{
        attempt::{Attempt, Fact},
        reasons::Decline,
        refund as refund_terms,
        schedule::Periods,
    },
    events,
    store::{self, mismatch},
};

/// What the use-cases work with. Cheap to clone, for units of work that outlive their callers.
#[derive(Clone)]
pub(crate) struct Ports {
    pub context: Context,
    pub config: Arc<Config>,
    pub bank: Bank,
    pub periods: Periods,
    /// Wakes the worker that asks the bank.
    pub wake: Arc<Notify>,
}

impl Ports {
    pub(crate) fn new(context: Context, mut config: Config, way: Arc<dyn BankWay>) -> Self {
        let slashless = config.api_url.trim_end_matches('/').to_owned();
        config.api_url = slashless;
        let config = Arc::new(config);
        let bank = Bank::new(Arc::clone(&config), context.sources.clone(), way);
        let inquiry = &config.inquiry;
        let periods = Periods {
            steps: inquiry.steps_seconds.iter().copied().map(Duration::from_secs).collect(),
            hourly: Duration::from_secs(inquiry.hourly_seconds),
            late: Duration::from_secs(inquiry.late_seconds),
            abandon: Duration::from_secs(inquiry.abandon_seconds),
            three_ds: Duration::from_secs(inquiry.three_ds_seconds),
            watch: Duration::from_secs(inquiry.watch_seconds),
            two_step: config.two_step,
        };
        Self { context, config, bank, periods, wake: Arc::default() }
    }

    pub(crate) fn refund_terms(&self) -> refund_terms::Terms {
        refund_terms::Terms {
            part_min: self.config.amount_min_minor,
            settle: Duration::from_secs(self.config.refund.settle_seconds),
            calls_max: self.config.refund.calls_max,
        }
    }
}

/// Saves an attempt that a verdict has changed, and publishes what that means.
pub(crate) async fn save(tx: &Tx, ports: &Ports, attempt: &mut Attempt, fact: Option<Fact>) -> Result<(), Error> {
    let context = &ports.context;
    store::save(tx, &context.sealer, attempt).await?;
    let Some(fact) = fact else { return Ok(()) };
    let mismatch_id = MismatchId::from_uuid(context.sources.uuid());
    let mut outbox = Outbox::new(tx, &context.sources, context.service, attempt.id, attempt.version);
    match &fact {
        Fact::Charged(charge) => outbox.append(&events::charge_verified(attempt, charge)).await,
        Fact::Closed { outcome, decline } => {
            let fact = pb::AttemptClosed {
                attempt_id: attempt.id.to_string(),
                invoice_id: attempt.invoice_id.to_string(),
                application_number: attempt.application_number,
                outcome: (*outcome).to_owned(),
                decline_class: decline.map(Decline::code).unwrap_or_default().to_owned(),
            };
            outbox.append(&fact).await
        }
        Fact::Mismatched { kind, charged_minor, currency, bank_operation_id, reference, card_mask } => {
            mismatch::Entity::insert(mismatch::ActiveModel {
                id: Set(mismatch_id.to_string()),
                attempt_id: Set(attempt.id.to_string()),
                application_number: Set(attempt.application_number),
                kind: Set(kind.code().to_owned()),
                expected_minor: Set(attempt.amount.minor()),
                expected_currency: Set(attempt.amount.currency().code().to_owned()),
                charged_minor: Set(*charged_minor),
                charged_currency: Set(currency.clone()),
                bank_operation_id: Set(bank_operation_id.clone()),
                reference: Set(reference.clone()),
                at: Set(context.sources.now().micros()),
            })
            .exec_without_returning(&**tx)
            .await?;
            let charged = proto::common::v1::Money { amount_minor: *charged_minor, currency: currency.clone() };
            let fact = pb::ChargeMismatched {
                bank_operation_id: bank_operation_id.clone(),
                reference: reference.clone(),
                card_mask: card_mask.clone(),
                ..events::charge_mismatched(attempt, mismatch_id, *kind, charged)
            };
            outbox.append(&fact).await
        }
    }
}
