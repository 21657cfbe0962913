//! Paying: invoices, attempts in one tab or two, calls that wait for the bank, callbacks, the payment desk.

use chassis::testing::Caller;
use kernel::Actor;
use proto::{
    billing::v1::{Billable, GetBillableRequest, PaymentStatus, billing_client::BillingClient},
    payments::v1::{
        CheckAttemptRequest, RecordCallbackRequest, StartAttemptRequest, StartedAttempt,
        payments_client::PaymentsClient,
    },
};

use super::{
    Simulation,
    command::{Command, told},
    people,
    place::{number, text},
};

const BANK_WORKERS: [(&str, &str); 2] = [("payments", "inquire"), ("payments", "refund")];
const TIMERS: [(&str, &str); 4] =
    [("billing", "expire"), ("booking", "lapse-holds"), ("booking", "remind-visitors"), ("booking", "displace-visits")];

impl Simulation {
    pub(super) async fn money(&mut self, number: i64, owner: &Actor) {
        let mut client = BillingClient::new(self.place.together.by("billing", owner.clone()));
        let request = GetBillableRequest { application_number: number };
        let Ok(found) = client.get_billable(request).await else {
            // The approval's news is on its way.
            if self.chance.percent(60) {
                self.hurry("applications", "billing-from-applications").await;
            }
            return self.note("money", "nothing to pay", false);
        };
        let found: Billable = found.into_inner();
        if found.payment_status() == PaymentStatus::Paid && self.chance.percent(85) {
            self.hurry("billing", "applications-from-billing").await;
            return self.note("money", "paid", false);
        }
        let draw = self.chance.below(100);
        let invoice = match &found.invoice {
            Some(invoice) if draw >= 8 => invoice.id.clone(),
            _ => {
                let command = people::issuing(&mut self.chance, number);
                return self.send(owner.clone(), command).await;
            }
        };
        if found.payment_status() == PaymentStatus::NotPaid && self.dawdles(number).await {
            return self.note("money", "later", true);
        }
        if draw < 14 || (found.payment_status() == PaymentStatus::Pending && draw < 80) {
            return self.desk(&found).await;
        }
        let by_transfer = found.payer.as_ref().is_some_and(|payer| payer.payment == "transfer");
        if self.chance.percent(if by_transfer { 85 } else { 12 }) {
            return self.transfer(owner, &found).await;
        }
        // Billing is asked again and again for the time of a closed attempt's news, so mostly it has them already.
        if self.chance.percent(95) {
            self.hurry("payments", "billing-from-payments").await;
        }
        self.start_attempt(owner, &invoice).await;
    }

    /// Where terms are short, some let the first one run out.
    async fn dawdles(&mut self, number: i64) -> bool {
        if number % 3 != 0 || self.place.rules.valid_days > 10 || self.chance.percent(5) {
            return false;
        }
        let over = format!("SELECT id FROM invoice WHERE application_number = {number} AND state = 'expired'");
        self.place.rows("billing", &over).await.is_empty()
    }

    pub(super) async fn refund(&mut self, number: i64, owner: &Actor) {
        let mut client = BillingClient::new(self.place.together.by("billing", owner.clone()));
        let request = GetBillableRequest { application_number: number };
        let Ok(found) = client.get_billable(request).await else { return self.note("refund", "nothing paid", false) };
        let (order, today) = (format!("PO-{}", self.keys + 1), self.today());
        let step = people::refunding(&mut self.chance, found.get_ref(), owner, (&order, &today));
        let Some((who, command)) = step else { return self.note("refund", "nothing to give back", false) };
        if let Command::ExecuteRefund(paid_out) = &command {
            self.account.pay_out(found.get_ref(), paid_out);
        }
        self.send(who, command).await;
    }

    /// Whoever was too late pays all the same.
    pub(super) async fn late(&mut self, number: i64, owner: &Actor) {
        let mut client = BillingClient::new(self.place.together.by("billing", owner.clone()));
        let request = GetBillableRequest { application_number: number };
        let Ok(found) = client.get_billable(request).await else { return self.note("late", "nothing to pay", false) };
        self.transfer(owner, found.get_ref()).await;
    }

    /// The bus is quick for once.
    pub(super) async fn hurry(&mut self, producer: &'static str, reader: &str) {
        let db = self.place.services[producer].context.db.clone();
        let _ = self.transit.relay(producer, &db, &self.place.consumers()).await;
        let found = self.place.consumers().into_iter().find(|consumer| consumer.name == reader).cloned();
        if let Some(reader) = found {
            self.transit.hasten(reader.name);
            let _ = self.transit.deliver(&reader, 64).await;
        }
    }

    async fn start_attempt(&mut self, owner: &Actor, invoice: &str) {
        // Billing reserves, and payments never hears of it.
        let lost = self.chance.percent(5);
        self.place.together.lose_answer("billing", lost);
        self.start_in_a_tab(owner, invoice).await;
        self.place.together.lose_answer("billing", false);
        if self.waiting.is_some() && self.chance.percent(40) {
            self.start_in_a_tab(owner, invoice).await;
        }
        if self.chance.percent(60) {
            let done = self.place.bank.act();
            self.note("bank", &done, true);
        }
    }

    /// Whoever was cut off while he paid comes back: his next try takes up what was reserved.
    pub(super) async fn pay_again(&mut self) {
        let asked = "SELECT application_number AS n, invoice_id AS i FROM billable WHERE live_attempt <> ''";
        for row in self.place.rows("billing", asked).await {
            let case = self.cases.iter().find(|case| case.number == number(&row, "n"));
            if let Some(owner) = case.map(|case| case.owner.clone()) {
                self.start_in_a_tab(&owner, &text(&row, "i")).await;
                self.let_go().await;
            }
        }
    }

    async fn start_in_a_tab(&mut self, owner: &Actor, invoice: &str) {
        let caller = self.place.together.by("payments", owner.clone());
        let message =
            StartAttemptRequest { invoice_id: invoice.to_owned(), terms_accepted: true, locale: "en".to_owned() };
        let call = async move { told(PaymentsClient::new(caller).start_attempt(message).await, started) };
        self.call_bank("start", call).await;
    }

    /// The browser comes back from the bank, or somebody reloads the page.
    pub(super) async fn check_attempt(&mut self) {
        let rows = self.place.rows("payments", "SELECT id, account_id FROM attempt ORDER BY bank_invoice_id").await;
        let Some(row) = self.chance.pick(&rows) else { return };
        let (id, account) = (text(row, "id"), text(row, "account_id"));
        let known = self.cases.iter().map(|case| case.owner.clone());
        let owner = known.into_iter().find(|who| who.account().is_some_and(|known| known.to_string() == account));
        let Some(owner) = owner else { return };
        let caller: Caller = self.place.together.by("payments", owner);
        let call = async move {
            let answer = PaymentsClient::new(caller).check_attempt(CheckAttemptRequest { attempt_id: id }).await;
            told(answer, |found| format!("{} {}", found.bank_invoice_id, found.state().as_str_name()))
        };
        self.call_bank("check", call).await;
    }

    /// A call that asks the bank; now and then one of its questions waits there while other things happen.
    async fn call_bank(&mut self, what: &str, call: impl Future<Output = Result<String, String>> + Send + 'static) {
        if self.waiting.is_none() && self.chance.percent(35) {
            self.place.bank.hold_after(Some(u32::try_from(self.chance.below(3)).unwrap_or(0)));
        }
        let mut task = tokio::spawn(call);
        let holds = self.place.bank.holds.clone();
        tokio::select! {
            biased;
            done = &mut task => {
                self.place.bank.hold_after(None);
                self.ended(what, done.unwrap());
            }
            () = holds.notified() => {
                self.waiting = Some((what.to_owned(), task));
                self.note(what, "waits for the bank", true);
            }
        }
    }

    fn ended(&mut self, what: &str, done: Result<String, String>) {
        let shown = done.clone().unwrap_or_else(|code| code);
        self.note(what, &shown, done.is_ok());
        if let Some(id) = done.ok().filter(|_| what == "start").as_deref().and_then(|told| told.split(' ').next()) {
            self.acknowledged.insert(("attempt", id.to_owned()));
        }
    }

    /// The bank answers at last.
    pub(super) async fn let_go(&mut self) {
        let Some((what, task)) = self.waiting.take() else { return };
        self.place.bank.let_go();
        let done = task.await.unwrap();
        self.ended(&what, done);
    }

    pub(super) async fn callback(&mut self) {
        let Some(callback) = self.place.bank.callback() else { return };
        let client_address = "192.0.2.1".to_owned();
        let request =
            RecordCallbackRequest { attempt_id: callback.attempt, body: callback.body.into_bytes(), client_address };
        self.send(Actor::Anonymous, Command::Callback(request)).await;
    }

    /// The workers that ask the bank look for what is due.
    pub(super) async fn work(&mut self) {
        for (service, name) in BANK_WORKERS {
            self.take_step(service, name).await;
        }
    }

    /// What a clock does in the services: invoices end, holds lapse, visitors are reminded.
    pub(super) async fn timers(&mut self) {
        for (service, name) in TIMERS {
            self.take_step(service, name).await;
        }
    }

    async fn take_step(&mut self, service: &str, name: &str) {
        let worker = self.place.services[service].workers.iter().find(|worker| worker.name() == name).cloned();
        let done = worker.unwrap().step().await;
        let shown = done.as_ref().map_or_else(ToString::to_string, ToString::to_string);
        self.note(&format!("work {name}"), &shown, done.is_ok());
    }
}

fn started(found: &StartedAttempt) -> String {
    let attempt = found.attempt.clone().unwrap_or_default();
    format!("{} {} {}", attempt.id, attempt.bank_invoice_id, attempt.state().as_str_name())
}
