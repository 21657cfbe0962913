//! The table: one line for each measurement as it ends, then the ratios.

use super::drive::{Figures, Pace};

/// Whose work a line tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Portal,
    Bare,
}

struct Line {
    scenario: &'static str,
    side: Side,
    figures: Figures,
}

/// A heading, and what the columns say.
pub(super) fn head(text: &str) {
    title(text);
    println!(
        "  {:<8} {:>7} {:<12} {:>9} {:>8} {:>8} {:>8} {:>9} {:>9} {:>7}",
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

/// Collects measurements and prints them.
#[derive(Default)]
pub(super) struct Report {
    lines: Vec<Line>,
}

impl Report {
    /// One measurement. For the bare database the work is done in this process: all its CPU time counts.
    pub(super) fn measured(&mut self, scenario: &'static str, side: Side, figures: Figures) {
        let line = Line { scenario, side, figures };
        let figures = &line.figures;
        let pace = match figures.pace {
            Pace::Closed => "closed".to_owned(),
            Pace::Open(per_second) => format!("{per_second:.0}/s"),
        };
        let requests = (figures.done + figures.refused).max(1) as f64;
        let client = match side {
            Side::Portal => format!("{:.0}", figures.spent.own as f64 / requests),
            Side::Bare => String::new(),
        };
        let ours = figures.spent.own + figures.spent.portal;
        let others = figures.spent.machine.saturating_sub(ours) as f64 / figures.elapsed.as_micros().max(1) as f64;
        println!(
            "  {:<8} {:>7} {:<12} {:>9.0} {:>8.2} {:>8.2} {:>8.2} {:>9.0} {:>9} {:>6.0}%{}",
            if side == Side::Portal { "portal" } else { "bare SQL" },
            figures.clients,
            pace,
            figures.per_second(),
            figures.millis(0.5),
            figures.millis(0.99),
            figures.millis(0.999),
            line.cpu(),
            client,
            others * 100.0,
            if figures.refused > 0 { format!("  {} refused", figures.refused) } else { String::new() },
        );
        self.lines.push(line);
    }

    /// The best closed rate of a side so far.
    pub(super) fn best(&self, scenario: &'static str, side: Side) -> f64 {
        self.of(scenario, side, None).map(|line| line.figures.per_second()).fold(0.0, f64::max)
    }

    /// Portal against bare database, each at its number of clients; medians of the rounds.
    pub(super) fn compare(&self, scenario: &'static str, clients: usize, bare_clients: usize) {
        let rate = |line: &Line| line.figures.per_second();
        let portal = |figure: fn(&Line) -> f64| median(self.of(scenario, Side::Portal, Some(clients)).map(figure));
        let bare = |figure: fn(&Line) -> f64| median(self.of(scenario, Side::Bare, Some(bare_clients)).map(figure));
        let (rates, costs) = ((portal(rate), bare(rate)), (portal(Line::cpu), bare(Line::cpu)));
        println!(
            "  ratio at {clients} clients: rate {:.2} of bare SQL ({:.0} to {:.0}); CPU of bare SQL / the portal's {:.2} ({:.0} to {:.0} µs)",
            rates.0 / rates.1,
            rates.0,
            rates.1,
            costs.1 / costs.0,
            costs.1,
            costs.0,
        );
    }

    fn of(&self, scenario: &'static str, side: Side, clients: Option<usize>) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| {
            line.scenario == scenario
                && line.side == side
                && matches!(line.figures.pace, Pace::Closed)
                && clients.is_none_or(|clients| clients == line.figures.clients)
        })
    }
}

impl Line {
    /// CPU time of a request in microseconds.
    fn cpu(&self) -> f64 {
        let spent = match self.side {
            Side::Portal => self.figures.spent.portal,
            Side::Bare => self.figures.spent.own,
        };
        spent as f64 / (self.figures.done + self.figures.refused).max(1) as f64
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
