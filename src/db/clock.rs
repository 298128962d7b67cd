//! The only place that asks the machine for the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::columns::Moment;

/// Real time, or real time moved by a fixed amount (`demo --on DATE`, tests).
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// The machine's time.
    pub fn real() -> Self {
        Self::default()
    }

    /// The present moment.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may ask")]
    pub fn now(&self) -> Moment {
        let real = Moment::new(chrono::Utc::now());
        Moment::from_micros(real.micros() + self.0.load(Ordering::Relaxed))
    }

    /// Moves the clock so that it shows this moment now, and runs on from there.
    pub fn set(&self, to: Moment) {
        let moved = self.0.load(Ordering::Relaxed);
        self.0.store(moved + to.micros() - self.now().micros(), Ordering::Relaxed);
    }

    /// Moves the clock to nine in the morning (Việt Nam) of a day.
    pub fn set_day(&self, day: chrono::NaiveDate) {
        if let Some(nine) = day.and_hms_opt(2, 0, 0) {
            self.set(Moment::new(nine.and_utc()));
        }
    }
}
