//! The network between a service and its database, with its troubles: slow, cut, or silent.

use crate::support::servers::ports::free_port;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// How the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Network {
    /// As it should be.
    Well,
    /// Everything takes a fifth of a second longer.
    Slow,
    /// Nothing arrives, and nobody is told.
    Silent,
    /// Connections are cut, and new ones refused.
    Cut,
}

impl Network {
    fn of(number: u8) -> Self {
        [Self::Well, Self::Slow, Self::Silent, Self::Cut][number as usize]
    }
}

/// What the threads of a proxy share.
struct Shared {
    network: AtomicU8,
    open: Mutex<Vec<TcpStream>>,
    changed: (Mutex<()>, Condvar),
}

impl Shared {
    fn network(&self) -> Network {
        Network::of(self.network.load(Ordering::SeqCst))
    }

    /// Waits while nothing may pass.
    fn pass(&self) {
        match self.network() {
            Network::Well | Network::Cut => {}
            Network::Slow => std::thread::sleep(Duration::from_millis(200)),
            Network::Silent => {
                let (lock, changed) = &self.changed;
                let waiting = lock.lock().unwrap();
                let silent = |(): &mut ()| self.network() == Network::Silent;
                drop(changed.wait_while(waiting, silent).unwrap());
            }
        }
    }
}

/// A door to a server, on a port of its own. Its threads end with this process.
pub(crate) struct Proxy {
    /// Where it listens, on 127.0.0.1.
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

impl Proxy {
    /// A door to this port.
    #[expect(clippy::disallowed_methods, reason = "a test has no supervisor")]
    pub(crate) fn to(server: u16) -> Self {
        let port = free_port();
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let shared = Arc::new(Shared {
            network: AtomicU8::new(Network::Well as u8),
            open: Mutex::default(),
            changed: (Mutex::default(), Condvar::new()),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for inside in listener.incoming().flatten() {
                if accepting.network() != Network::Cut {
                    connect(&accepting, inside, server);
                }
            }
        });
        Self { port, shared }
    }

    /// Changes the network.
    pub(crate) fn make(&self, network: Network) {
        self.shared.network.store(network as u8, Ordering::SeqCst);
        drop(self.shared.changed.0.lock().unwrap());
        self.shared.changed.1.notify_all();
        if network == Network::Cut {
            for stream in self.shared.open.lock().unwrap().drain(..) {
                // Whoever is gone already is cut too.
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test has no supervisor")]
fn connect(shared: &Arc<Shared>, inside: TcpStream, server: u16) {
    let Ok(outside) = TcpStream::connect(("127.0.0.1", server)) else {
        return;
    };
    let both = [inside.try_clone().unwrap(), outside.try_clone().unwrap()];
    shared.open.lock().unwrap().extend(both);
    let back = (outside.try_clone().unwrap(), inside.try_clone().unwrap());
    for (from, to) in [(inside, outside), back] {
        let shared = Arc::clone(shared);
        std::thread::spawn(move || carry(&shared, from, to));
    }
}

fn carry(shared: &Shared, mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut buffer) {
        if count == 0 {
            break;
        }
        shared.pass();
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
