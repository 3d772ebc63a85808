//! A mail server that shows mail instead of carrying it. For `demo` only.

use crate::adapters::console::screen::Screen;
use crate::app::ports::{Delivery, Extent, MailReader, MailSender, OutgoingMail};
use crate::domain::tlp::Protection;
use async_trait::async_trait;
use std::sync::{Arc, Mutex, PoisonError};

/// Shows each mail as its reader would see it.
pub struct ConsoleSender {
    reader: Arc<dyn MailReader>,
    screen: Screen,
    last: Mutex<Option<Vec<u8>>>,
}

impl ConsoleSender {
    /// Shows mails on `screen`, taken apart by `reader`.
    pub fn new(reader: Arc<dyn MailReader>, screen: Screen) -> Self {
        Self {
            reader,
            screen,
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
    // It never leaves the machine.
    fn protection(&self) -> Protection {
        Protection::EnforcedTls
    }

    async fn send(&self, mail: &OutgoingMail) -> Delivery {
        let read = self.reader.read(&mail.bytes, Extent::Whole);
        let from = read
            .single_from()
            .map(|from| format!("{} <{}>", from.name, from.address));
        let mut head = vec![
            format!("From:    {}", from.unwrap_or_default()),
            format!("To:      {}", mail.to),
            format!("Subject: {}", read.subject),
        ];
        let answered = read.in_reply_to.first();
        head.extend(answered.map(|id| format!("Answers: <{id}>")));
        head.push(String::new());
        let text = read.text.trim_end().lines().map(ToOwned::to_owned);
        let inside = head.into_iter().chain(text);
        let framed = inside
            .enumerate()
            .map(|(n, line)| format!("  {} {line}", if n == 0 { '┌' } else { '│' }))
            .chain(["  └".to_owned()]);
        self.screen.show(framed);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(mail.bytes.clone());
        Delivery::Done
    }
}
