//! A mail server that shows mail instead of carrying it. For `demo` only.

use crate::app::ports::{Delivery, Extent, MailReader, MailSender, OutgoingMail};
use async_trait::async_trait;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Shows each mail as its reader would see it.
pub struct ConsoleSender {
    reader: Arc<dyn MailReader>,
    out: Mutex<Box<dyn Write + Send>>,
    last: Mutex<Option<Vec<u8>>>,
}

impl ConsoleSender {
    /// Shows mails on `out`, taken apart by `reader`.
    pub fn new(reader: Arc<dyn MailReader>, out: Box<dyn Write + Send>) -> Self {
        Self {
            reader,
            out: Mutex::new(out),
            last: Mutex::default(),
        }
    }

    /// The bytes of the mail that was shown last.
    pub fn last(&self) -> Option<Vec<u8>> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait]
impl MailSender for ConsoleSender {
    async fn send(&self, mail: &OutgoingMail) -> Delivery {
        let read = self.reader.read(&mail.bytes, Extent::Whole);
        let from = read
            .single_from()
            .map(|from| format!("{} <{}>", from.name, from.address));
        let text = read.text.trim_end().replace('\n', "\n  │ ");
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // A terminal that went away has seen enough.
        let _ = write!(
            out,
            "  ┌ From:    {}\n  │ To:      {}\n  │ Subject: {}\n  │\n  │ {text}\n  └\n",
            from.unwrap_or_default(),
            mail.to,
            read.subject,
        );
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(mail.bytes.clone());
        Delivery::Done
    }
}
