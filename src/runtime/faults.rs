//! Halting at a crash point, so that a test can kill the process exactly there. Debug builds only.

use crate::app::faults::{CrashPoint, Faults, NoFaults};
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

/// What happens at crash points: nothing, unless the environment of a debug build names one.
pub fn faults_from_environment(halt_at: Option<&str>) -> Arc<dyn Faults> {
    match halt_at
        .filter(|_| cfg!(debug_assertions))
        .and_then(|point| point.parse().ok())
    {
        Some(point) => Arc::new(HaltAt(point)),
        None => Arc::new(NoFaults),
    }
}
