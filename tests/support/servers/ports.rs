//! Free ports on 127.0.0.1.
//!
//! They lie below the range from which the kernel takes ports for outgoing connections, and no two
//! tests of one process get the same. Another process may still be quicker: whoever starts a server
//! checks that the greeting is its own, and starts again on other ports if not.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

const FIRST: u16 = 12_000;
const COUNT: u16 = 18_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port that nobody listens on at this moment.
pub(crate) fn free_port() -> u16 {
    let start = u16::try_from(std::process::id().wrapping_mul(53) % u32::from(COUNT)).unwrap_or(0);
    (0..COUNT)
        .map(|_| NEXT.fetch_add(1, Ordering::Relaxed) % COUNT)
        .map(|n| FIRST + (start + n) % COUNT)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap_or_else(|| panic!("no free port from {FIRST} on"))
}
