//! Halting, pausing or panicking at a crash point, so that a test can see what happens then. Debug builds only.

use crate::app::faults::{CrashPoint, Faults, NoFaults};
use crate::config::environment::Environment;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a pause lasts.
const PAUSE: Duration = Duration::from_secs(5);

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

/// Stays at one point for a while, once: long enough for a test to stop the process there.
struct PauseAt(CrashPoint, AtomicBool);

impl Faults for PauseAt {
    fn reach(&self, point: CrashPoint) {
        if point == self.0 && !self.1.swap(true, Ordering::SeqCst) {
            tracing::warn!(point = point.as_str(), "paused at {point}");
            std::thread::sleep(PAUSE);
            tracing::warn!(point = point.as_str(), "goes on after {point}");
        }
    }
}

/// What happens at crash points: nothing, unless the environment of a debug build names one.
pub fn faults_from_environment(environment: &Environment) -> Arc<dyn Faults> {
    let point = |named: &Option<String>| {
        let named = named.as_deref().filter(|_| cfg!(debug_assertions));
        named.and_then(|point| point.parse().ok())
    };
    if let Some(point) = point(&environment.halt_at) {
        Arc::new(HaltAt(point))
    } else if let Some(point) = point(&environment.panic_at) {
        Arc::new(PanicAt(point))
    } else if let Some(point) = point(&environment.pause_at) {
        Arc::new(PauseAt(point, AtomicBool::new(false)))
    } else {
        Arc::new(NoFaults)
    }
}
