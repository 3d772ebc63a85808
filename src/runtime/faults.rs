//! Halting or panicking at a crash point, so that a test can see what happens then. Debug builds only.

use crate::app::faults::{CrashPoint, Faults, NoFaults};
use crate::config::environment::Environment;
use std::sync::Arc;

/// Stops for good at one point.
struct HaltAt(CrashPoint);

impl Faults for HaltAt {
    fn reach(&self, point: CrashPoint) {
        if point == self.0 {
            tracing::warn!(point = point.as_str(), "halted at {point}");
            loop {
                std::thread::park();
            }
        }
    }
}

/// Panics at one point, with words that may stand nowhere.
struct PanicAt(CrashPoint);

impl Faults for PanicAt {
    fn reach(&self, point: CrashPoint) {
        assert!(point != self.0, "CANARY: what a reporter wrote");
    }
}

/// What happens at crash points: nothing, unless the environment of a debug build names one.
pub fn faults_from_environment(environment: &Environment) -> Arc<dyn Faults> {
    let point = |named: &Option<String>| {
        let named = named.as_deref().filter(|_| cfg!(debug_assertions));
        named.and_then(|point| point.parse().ok())
    };
    match (point(&environment.halt_at), point(&environment.panic_at)) {
        (Some(point), _) => Arc::new(HaltAt(point)),
        (None, Some(point)) => Arc::new(PanicAt(point)),
        (None, None) => Arc::new(NoFaults),
    }
}
