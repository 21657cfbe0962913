//! Bank transfers: payers who send the right sum, a part, too much, for two invoices at once or for the wrong one, and who
//! show receipts; the desk that finds the money on the account by hand or by a statement.

use chassis::{testing::people, wire};
use kernel::{Actor, Money};
use proto::billing::v1::{
    Billable, GetBillableRequest, ImportStatementRequest, ReceiptStart, RecordTransferRequest, TransferPart,
    billing_client::BillingClient,
};

use super::{
    Simulation,
    account::{self, Line, Transfer},
    command::Command,
    people as crew,
    place::{number, text},
};

/// An invoice as a payer has it before him.
#[derive(Clone)]
struct Bill {
    case: i64,
    reference: String,
    document: String,
    rest: i64,
}

#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
fn sum(minor: i64) -> Option<proto::common::v1::Money> {
    Some(wire::money(Money::home(minor)))
}

impl Simulation {
    pub(super) fn today(&self) -> String {
        account::day(&self.place.services["billing"].context.zone, self.place.sources.now())
    }

    /// A payer pays by transfer what he thinks is due, or shows a receipt; of an invoice that is over, too.
    pub(super) async fn transfer(&mut self, owner: &Actor, found: &Billable) {
        let case = found.application_number;
        let shows_only = self.chance.percent(12);
        if shows_only {
            return self.show(owner, case, found.total.as_ref().map_or(0, |total| total.amount_minor)).await;
        }
        let bills = self.bills("").await;
        let own: Vec<Bill> = bills.iter().filter(|bill| bill.case == case).cloned().collect();
        let newest = own.last().cloned();
        let bill = if self.chance.percent(85) { newest } else { self.chance.pick(&own).cloned() };
        let Some(bill) = bill else { return self.note("transfer", "no invoice", false) };
        let mut parts = vec![(case, bill.rest)];
        let mut told = vec![bill.clone()];
        let extra = i64::try_from(1 + self.chance.below(50)).unwrap_or(1) * 10_000;
        match self.chance.below(100) {
            0..=49 => {}
            50..=69 => parts[0].1 = bill.rest * i64::try_from(1 + self.chance.below(9)).unwrap_or(1) / 10,
            70..=83 => parts[0].1 += extra,
            _ => {
                let open = self.bills("WHERE state IN ('issued', 'partly_paid')").await;
                let others: Vec<Bill> = open.into_iter().filter(|other| other.case != case).collect();
                if let Some(other) = self.chance.pick(&others).cloned() {
                    parts.push((other.case, other.rest));
                    told.push(other);
                }
            }
        }
        if bill.rest == 0 && self.chance.percent(25) {
            // Paid already, and paid again.
            parts[0].1 = extra;
        }
        parts.retain(|(_, minor)| *minor > 0);
        let minor: i64 = parts.iter().map(|(_, minor)| minor).sum();
        if minor == 0 {
            return self.note("transfer", "nothing is due", false);
        }
        let purpose = match self.chance.below(100) {
            0..=64 => told.iter().map(|bill| format!("ref {}", bill.reference)).collect::<Vec<_>>().join(" and "),
            65..=81 => told.iter().map(|bill| format!("invoice {}.", bill.document)).collect::<Vec<_>>().join(" "),
            82..=91 => self.chance.pick(&bills).map(|wrong| format!("ref {}", wrong.reference)).unwrap_or_default(),
            _ => "for services".to_owned(),
        };
        let sent = self.account.receive(minor, self.today(), purpose, parts);
        self.note("transfer", &format!("{} of {minor} for {:?}: {}", sent.reference, sent.parts, sent.purpose), true);
        if self.chance.percent(55) {
            self.show(owner, case, minor).await;
        }
    }

    async fn show(&mut self, owner: &Actor, application_number: i64, minor: i64) {
        let file_name = "receipt.pdf".to_owned();
        let shown = ReceiptStart { application_number, amount: sum(minor), paid_on: self.today(), file_name };
        let who = if self.chance.percent(88) { owner.clone() } else { people::finance() };
        self.send(who, Command::Upload(shown)).await;
    }

    async fn bills(&self, which: &str) -> Vec<Bill> {
        let query = format!(
            "SELECT application_number AS n, reference_number AS r, document_number AS d, total - settled AS rest FROM \
             invoice {which} ORDER BY issued_at, id"
        );
        let rows = self.place.rows("billing", &query).await;
        rows.iter()
            .map(|row| Bill {
                case: number(row, "n"),
                reference: text(row, "r"),
                document: text(row, "d"),
                rest: number(row, "rest"),
            })
            .collect()
    }

    /// The desk looks at a case: what its payer shows is looked for on the account.
    pub(super) async fn desk(&mut self, found: &Billable) {
        let waits = found.receipts.iter().any(|receipt| receipt.state == "waiting");
        if waits && self.chance.percent(55) {
            let known = self.recorded().await;
            let of_case = |sent: &&Transfer| sent.parts.iter().any(|(case, _)| *case == found.application_number);
            let sent = self.account.came.iter().find(|sent| of_case(sent) && !known.contains(&sent.reference)).cloned();
            if let Some(sent) = sent {
                let command = self.recording(&sent).await;
                return self.send(people::finance(), command).await;
            }
        }
        let (who, command) = crew::desk(&mut self.chance, found);
        self.send(who, command).await;
    }

    /// The desk looks at the account: it records what it finds, or takes a statement in.
    pub(super) async fn desk_day(&mut self) {
        if self.account.came.is_empty() && self.chance.percent(90) {
            return self.note("desk", "nothing has come", false);
        }
        if self.chance.percent(45) {
            let content = self.statement().await;
            let file_name = "statement.txt".to_owned();
            let import = ImportStatementRequest { file_name, content: content.into_bytes() };
            return self.send(people::finance(), Command::Import(import)).await;
        }
        let (known, any) = (self.recorded().await, self.chance.percent(8));
        let came = self.account.came.iter().filter(|sent| any || !known.contains(&sent.reference));
        let came: Vec<Transfer> = came.cloned().collect();
        if let Some(sent) = self.chance.pick(&came).cloned() {
            let command = self.recording(&sent).await;
            self.send(people::finance(), command).await;
        }
    }

    /// What has been recorded, by hand or by a statement.
    pub(super) async fn recorded(&self) -> Vec<String> {
        let rows = self.place.rows("billing", "SELECT bank_document_number AS d FROM transfer ORDER BY d").await;
        rows.iter().map(|row| text(row, "d")).collect()
    }

    /// All of the account or some of it, as it stands now.
    async fn statement(&mut self) -> String {
        let lines = self.on_account().await;
        let from = match self.chance.below(10) {
            0..=4 => 0,
            _ => self.chance.below(lines.len()),
        };
        let till = if self.chance.percent(70) { lines.len() } else { from + 1 + self.chance.below(lines.len()) };
        let some: Vec<Line> = lines.into_iter().take(till).skip(from).collect();
        account::file(&some, &mut self.chance)
    }

    pub(super) async fn on_account(&self) -> Vec<Line> {
        let zone = &self.place.services["billing"].context.zone;
        let charges = self.place.bank.charges();
        let charges: Vec<_> = charges.into_iter().map(|one| (one.clone(), account::day(zone, one.at))).collect();
        let rows = self.place.rows("billing", "SELECT order_number AS o FROM refund WHERE order_number <> ''").await;
        let standing: Vec<String> = rows.iter().map(|row| text(row, "o")).collect();
        self.account.lines(&charges, |order| standing.contains(&order.reference))
    }

    /// What the payer meant is recorded, with the receipt that shows it where there is one.
    async fn recording(&mut self, sent: &Transfer) -> Command {
        let case = sent.parts[0].0;
        let mut client = BillingClient::new(self.place.together.by("billing", people::finance()));
        let found = client.get_billable(GetBillableRequest { application_number: case }).await;
        let waiting = found.ok().and_then(|found| {
            let shown = found.into_inner().receipts;
            shown.into_iter().find(|receipt| receipt.state == "waiting").map(|receipt| receipt.id)
        });
        Command::Record(RecordTransferRequest {
            application_number: case,
            bank_document_number: sent.reference.clone(),
            amount: sum(sent.minor),
            received_on: sent.day.clone(),
            sender: "A payer".to_owned(),
            parts: sent
                .parts
                .iter()
                .map(|(application_number, minor)| TransferPart {
                    application_number: *application_number,
                    amount: sum(*minor),
                })
                .collect(),
            receipt_id: waiting.filter(|_| self.chance.percent(75)).unwrap_or_default(),
        })
    }

    /// The desk's last day: what stands on the account and in no book is recorded, and the whole account is taken in,
    /// twice; the second time everything is known.
    pub(super) async fn work_off(&mut self) {
        let known = self.recorded().await;
        let left: Vec<Transfer> =
            self.account.came.iter().filter(|sent| !known.contains(&sent.reference)).cloned().collect();
        for sent in left {
            let command = self.recording(&sent).await;
            let _ = self.surely(people::finance(), command).await;
        }
        let lines = self.on_account().await;
        if lines.is_empty() {
            return;
        }
        for again in [false, true] {
            let content = account::file(&lines, &mut self.chance).into_bytes();
            let import = ImportStatementRequest { file_name: "all".to_owned(), content };
            let answer = self.surely(people::finance(), Command::Import(import)).await;
            let known = format!(" {} known", lines.len());
            if again && !answer.as_ref().is_ok_and(|told| told.ends_with(&known)) {
                self.broken.push(format!("the same statement again: {answer:?}, not {known}"));
            }
        }
    }
}
