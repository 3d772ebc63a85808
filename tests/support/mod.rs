//! What tests share: real servers, the service as a process. No test stands here.

pub(crate) mod servers;
