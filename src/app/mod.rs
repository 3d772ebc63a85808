//! Use cases: they order domain and ports, and own the transaction. No socket, file or SQL here.

pub mod ports;
