//! The table: one line for each measurement as it ends, then the ratios.

use std::collections::BTreeMap;

use super::{
    Form,
    drive::{Figures, Pace},
};

/// Whose work a line tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Portal,
    /// The bare database, and the name that its line has.
    Bare(&'static str),
    /// The portal's answer to one question among so many rows.
    Among(&'static str, u32),
}

impl Side {
    fn is_portal(self) -> bool {
        self == Self::Portal
    }
}

struct Line {
    form: Form,
    scenario: &'static str,
    side: Side,
    figures: Figures,
}

/// A heading, and what the columns say.
pub(super) fn head(text: &str) {
    title(text);
    println!(
        "  {:<16} {:>7} {:<12} {:>9} {:>8} {:>8} {:>8} {:>9} {:>9} {:>7}",
        "who", "clients", "pace", "a second", "p50 ms", "p99 ms", "p99.9", "CPU µs", "client µs", "others"
    );
}

/// A heading alone.
pub(super) fn title(text: &str) {
    println!("\n{text}");
}

pub(super) fn say(text: &str) {
    println!("  {text}");
}

/// CPU time by part, the dearest first.
pub(super) fn parts(spent: impl Iterator<Item = (String, f64)>) -> String {
    let mut spent: Vec<(String, f64)> = spent.filter(|(_, micros)| *micros >= 0.5).collect();
    spent.sort_by(|one, other| other.1.total_cmp(&one.1));
    spent.iter().map(|(role, micros)| format!("{role} {micros:.0}")).collect::<Vec<_>>().join(", ")
}

/// Collects measurements and prints them.
#[derive(Default)]
pub(super) struct Report {
    form: Form,
    lines: Vec<Line>,
}

impl Report {
    /// The form that is measured from now on.
    pub(super) fn begin(&mut self, form: Form) {
        self.form = form;
    }

    /// One measurement.
    pub(super) fn measured(&mut self, scenario: &'static str, side: Side, figures: Figures) {
        let spent = &figures.spent;
        let pace = match figures.pace {
            Pace::Closed => "closed".to_owned(),
            Pace::Open(per_second) => format!("{per_second:.0}/s"),
        };
        let client = if spent.client > 0 { format!("{:.0}", figures.each(spent.client)) } else { String::new() };
        let others = spent.machine.saturating_sub(spent.client + spent.work()) as f64
            / figures.elapsed.as_micros().max(1) as f64;
        println!(
            "  {:<16} {:>7} {:<12} {:>9.0} {:>8.2} {:>8.2} {:>8.2} {:>9.0} {:>9} {:>6.0}%{}",
            match side {
                Side::Portal => format!("portal {scenario}"),
                Side::Bare(name) => name.to_owned(),
                Side::Among(what, rows) => format!("{what} {rows}"),
            },
            figures.clients,
            pace,
            figures.per_second(),
            figures.millis(0.5),
            figures.millis(0.99),
            figures.millis(0.999),
            figures.each(spent.work()),
            client,
            others * 100.0,
            if figures.refused > 0 { format!("  {} refused", figures.refused) } else { String::new() },
        );
        if spent.parts.len() > 1 {
            let each = spent.parts.iter().map(|(role, micros)| (role.clone(), figures.each(*micros)));
            println!("           {}", parts(each));
        }
        self.lines.push(Line { form: self.form, scenario, side, figures });
    }

    /// The portal's best closed rate so far.
    pub(super) fn best(&self, scenario: &'static str) -> f64 {
        self.of(self.form, scenario, true, None).map(|line| line.figures.per_second()).fold(0.0, f64::max)
    }

    /// CPU time of the portal's request in microseconds, the rounds' median.
    pub(super) fn cost(&self, scenario: &'static str, clients: usize) -> f64 {
        median(self.of(self.form, scenario, true, Some(clients)).map(Line::cpu))
    }

    /// Portal against bare database, each at its number of clients; medians of the rounds.
    pub(super) fn compare(&self, scenario: &'static str, clients: usize, bare_clients: usize) {
        let rate = |line: &Line| line.figures.per_second();
        let portal = |figure: fn(&Line) -> f64| median(self.of(self.form, scenario, true, Some(clients)).map(figure));
        let bare =
            |figure: fn(&Line) -> f64| median(self.of(self.form, scenario, false, Some(bare_clients)).map(figure));
        let (rates, costs) = ((portal(rate), bare(rate)), (portal(Line::cpu), bare(Line::cpu)));
        say(&format!(
            "ratio at {clients} clients: rate {:.2} of bare SQL ({:.0} to {:.0}); CPU of bare SQL / the portal's {:.2} ({:.0} to {:.0} µs)",
            rates.0 / rates.1,
            rates.0,
            rates.1,
            costs.1 / costs.0,
            costs.1,
            costs.0,
        ));
    }

    /// What one of the portal's answers costs beside another one, medians of the rounds.
    pub(super) fn compare_answers(&self, scenario: &'static str, beside: &'static str, clients: usize) {
        let cost = |scenario| median(self.of(self.form, scenario, true, Some(clients)).map(Line::cpu));
        let (one, other) = (cost(scenario), cost(beside));
        say(&format!(
            "{scenario} at {clients} clients: CPU {:.2} of {beside}'s ({one:.0} / {other:.0} µs)",
            one / other
        ));
    }

    /// The price of separate services: CPU time of a request in both forms, at each number of clients.
    pub(super) fn compare_forms(&self, scenario: &'static str) {
        let mut costs: BTreeMap<usize, [Vec<f64>; 2]> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.scenario == scenario && line.is_closed_portal()) {
            let [embedded, separate] = costs.entry(line.figures.clients).or_default();
            if line.form == Form::Embedded { embedded } else { separate }.push(line.cpu());
        }
        for (clients, [embedded, separate]) in costs {
            if embedded.is_empty() || separate.is_empty() {
                continue;
            }
            let (embedded, separate) = (median(embedded.into_iter()), median(separate.into_iter()));
            say(&format!(
                "{scenario} at {clients} clients: {separate:.0} µs separate, {embedded:.0} µs embedded: {:.2} times",
                separate / embedded
            ));
        }
    }

    fn of(
        &self,
        form: Form,
        scenario: &'static str,
        portal: bool,
        clients: Option<usize>,
    ) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| {
            line.form == form
                && line.scenario == scenario
                && line.side.is_portal() == portal
                && matches!(line.figures.pace, Pace::Closed)
                && clients.is_none_or(|clients| clients == line.figures.clients)
        })
    }
}

impl Line {
    fn is_closed_portal(&self) -> bool {
        self.side.is_portal() && matches!(self.figures.pace, Pace::Closed)
    }

    /// CPU time of a request in microseconds.
    fn cpu(&self) -> f64 {
        self.figures.each(self.figures.spent.work())
    }
}

/// The middle of some figures, the mean of the two in the middle where their number is even.
pub(super) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len().saturating_sub(1) / 2;
    let two: Vec<f64> = sorted.iter().copied().skip(middle).take(2 - sorted.len() % 2).collect();
    two.iter().sum::<f64>() / two.len() as f64
}
