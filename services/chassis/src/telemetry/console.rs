//! The log on the console, as text or as one JSON object a line. Of a collector that is away it tells now and then.

use std::{
    io::IsTerminal as _,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tracing::{Event, Level, Metadata, Subscriber, level_filters::LevelFilter, subscriber::Interest};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::FilterExt as _,
    fmt,
    layer::{Context, Filter},
    registry::LookupSpan,
};

use super::json::Traced;

pub(super) fn layer<S>(json: bool, filter: EnvFilter) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
{
    let filter = filter.and(NowAndThen::default());
    if json {
        let lines = fmt::layer().json().flatten_event(true).map_event_format(Traced);
        lines.with_writer(std::io::stderr).with_filter(filter).boxed()
    } else {
        let lines = fmt::layer().compact().with_ansi(std::io::stderr().is_terminal());
        lines.with_writer(std::io::stderr).with_filter(filter).boxed()
    }
}

/// Between two complaints about the collector.
const TOLD_EVERY: Duration = Duration::from_mins(10);

/// Lets complaints of the telemetry itself pass only now and then, and everything else always.
#[derive(Default)]
struct NowAndThen {
    told: Mutex<Option<Instant>>,
}

impl NowAndThen {
    #[expect(clippy::disallowed_methods, reason = "pauses are measured by the monotonic clock")]
    fn is_due(&self) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let due = told.is_none_or(|at| at.elapsed() >= TOLD_EVERY);
        if due {
            *told = Some(Instant::now());
        }
        due
    }
}

fn is_telemetry(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("opentelemetry")
}

impl<S> Filter<S> for NowAndThen {
    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if !is_telemetry(metadata) {
            Interest::always()
        } else if *metadata.level() <= Level::WARN {
            Interest::sometimes()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        !is_telemetry(metadata) || *metadata.level() <= Level::WARN
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        !is_telemetry(event.metadata()) || self.is_due()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_complaint_is_told_and_the_next_waits() {
        let filter = NowAndThen::default();
        assert!(filter.is_due());
        assert!(!filter.is_due());
    }
}
