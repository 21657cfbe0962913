//! Load on the whole portal and, in the same run and in turn, the same work on the bare database: what counts is the
//! ratio of the two, since absolute figures drift between machines and between minutes. Nothing here asserts a time.
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "figures for people to read; no money is counted here"
)]

mod bare;
mod chain;
mod drive;
mod http;
mod people;
mod report;
mod scenarios;
mod seed;
mod usage;
mod world;

use std::time::Duration;

use clap::{Parser, ValueEnum};

use report::Report;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// S8: time until all are ready and to the first page, on an empty folder and on existing data; idle memory.
    Start,
    /// S1, S2 and S11: the ten newest of one's own applications among many, by the API and as a page.
    List,
    /// S9: a list and staff's searches among few and among many applications.
    Size,
    /// S3 and S4: bookings of one hot slot and of a thousand; then a slot with fewer places than buyers.
    Book,
    /// S5: submissions, until every reader has taken its fact.
    Submit,
    /// S6: an invoice as PDF.
    Pdf,
    /// S7: the whole journey, from signing up to a booked visit.
    Journey,
    /// S10: from a fact to its effect; facts carried a second.
    Effects,
}

/// How the portal under test is run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Everything in one process on SQLite files.
    #[default]
    Embedded,
    /// A process for each service and the gateway, on PostgreSQL and NATS with mutual TLS.
    Separate,
    /// One after the other, and then S12: what the separate form costs more.
    Both,
}

impl Form {
    /// The single forms.
    fn each(self) -> Vec<Self> {
        if self == Self::Both { vec![Self::Embedded, Self::Separate] } else { vec![self] }
    }
}

impl std::fmt::Display for Form {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Embedded => "embedded",
            Self::Separate => "separate",
            Self::Both => "both",
        })
    }
}

/// The load program's command line.
#[derive(Debug, Clone, Parser)]
#[command(about = "Measures the portal against the bare database. Build it with --release, the portal's binary too.")]
pub struct Options {
    /// What to measure; nothing named means all.
    pub scenarios: Vec<Scenario>,
    /// How the portal is run.
    #[arg(long, value_enum, default_value = "embedded")]
    pub form: Form,
    /// Applications in the database of `list`, spread over one person in twenty of them.
    #[arg(long, default_value_t = 1_000_000)]
    pub rows: u32,
    /// Applications in the databases that `size` compares.
    #[arg(long, value_delimiter = ',', default_value = "10000,1000000")]
    pub sizes: Vec<u32>,
    /// Length of one measurement.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// How often portal and bare database take turns.
    #[arg(long, default_value_t = 2)]
    pub rounds: u32,
    /// Clients at the same time, one measurement for each number.
    #[arg(long, value_delimiter = ',', default_value = "1,16,32")]
    pub clients: Vec<usize>,
    /// Drafts that are submitted in one measurement of `submit`.
    #[arg(long, default_value_t = 1_000)]
    pub drafts: usize,
    /// Cases of `effects` that are paid.
    #[arg(long, default_value_t = 100)]
    pub payments: usize,
    /// Facts of `effects` that wait at once.
    #[arg(long, default_value_t = 20_000)]
    pub facts: usize,
}

impl Options {
    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    fn wants(&self, scenario: Scenario) -> bool {
        self.scenarios.is_empty() || self.scenarios.contains(&scenario)
    }
}

/// Runs what was asked for, one scenario after another, and prints as it goes.
pub async fn run(options: Options) -> anyhow::Result<()> {
    chassis::auth::ed25519::install();
    report::title(&format!("load average before: {}", usage::load_average()));
    let mut report = Report::default();
    for form in options.form.each() {
        report.begin(form);
        if options.wants(Scenario::Start) {
            scenarios::start::run(&options, form).await?;
        }
        if options.wants(Scenario::List) {
            scenarios::list::run(&options, form, &mut report).await?;
        }
        if options.wants(Scenario::Size) {
            scenarios::size::run(&options, form, &mut report).await?;
        }
        if options.wants(Scenario::Book) {
            scenarios::book::run(&options, form, &mut report).await?;
        }
        if options.wants(Scenario::Submit) {
            scenarios::submit::run(&options, form, &mut report).await?;
        }
        if options.wants(Scenario::Pdf) {
            scenarios::pdf::run(&options, form, &mut report).await?;
        }
        if options.wants(Scenario::Journey) {
            scenarios::journey::run(&options, form).await?;
        }
        if options.wants(Scenario::Effects) {
            scenarios::effects::run(&options, form).await?;
        }
    }
    if options.form == Form::Both {
        report::title("== S12 CPU of a request, separate against embedded");
        report.compare_forms(scenarios::list::NAME);
        report.compare_forms(scenarios::submit::NAME);
    }
    report::title(&format!("load average after: {}", usage::load_average()));
    Ok(())
}
