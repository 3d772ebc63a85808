//! Mails as the people in the stories write them.

/// A mail that is being written.
#[derive(Clone)]
pub(crate) struct Mail {
    /// Who writes: name and address as in a From field.
    pub(crate) from: String,
    /// To whom.
    pub(crate) to: String,
    /// The subject.
    pub(crate) subject: String,
    /// The text.
    pub(crate) text: String,
    /// Further header fields, one a line.
    pub(crate) headers: String,
    /// Its Message-ID without brackets.
    pub(crate) message_id: String,
}

/// A secretary of a listed town hall.
pub(crate) const AN: &str = "An Peeters <an.peeters@hackegem.example>";
/// The head of IT of the same town hall.
pub(crate) const BART: &str = "Bart Claes <bart.claes@hackegem.example>";
/// Somebody with a private address.
pub(crate) const STRANGER: &str = "Iemand <iemand@elders.example>";
/// Our own address.
pub(crate) const CRT: &str = "crt@crt.example";
/// The name under which our own server records its checks.
pub(crate) const OUR_SERVER: &str = "mx.crt.example";

impl Mail {
    /// A mail to the team that our own server found to be proven where the domain is listed.
    pub(crate) fn from(from: &str, id: &str) -> Self {
        let domain = from.rsplit('@').next().unwrap().trim_end_matches('>');
        Self {
            from: from.to_owned(),
            to: CRT.to_owned(),
            subject: "Vraag".to_owned(),
            text: String::new(),
            headers: format!(
                "Authentication-Results: {OUR_SERVER}; dmarc=pass header.from={domain}\r\n"
            ),
            message_id: format!("{id}@{domain}"),
        }
    }

    /// With this subject.
    pub(crate) fn subject(mut self, subject: &str) -> Self {
        self.subject = subject.to_owned();
        self
    }

    /// With this text.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.text = text.to_owned();
        self
    }

    /// With one more header field.
    pub(crate) fn header(mut self, field: &str) -> Self {
        self.headers.push_str(field);
        self.headers.push_str("\r\n");
        self
    }

    /// Without any check of the sender on record.
    pub(crate) fn unproven(mut self) -> Self {
        self.headers.clear();
        self
    }

    /// As an answer to a mail with this Message-ID.
    pub(crate) fn answering(self, message_id: &str) -> Self {
        self.header(&format!("In-Reply-To: <{message_id}>"))
            .header(&format!("References: <{message_id}>"))
    }

    /// To somebody else than the team.
    pub(crate) fn to(mut self, to: &str) -> Self {
        self.to = to.to_owned();
        self
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self {
            from,
            to,
            subject,
            text,
            headers,
            message_id,
        } = self;
        format!(
            "Return-Path: <{envelope}>\r\n{headers}From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\n\
             Message-ID: <{message_id}>\r\nDate: Mon, 23 Nov 2026 21:40:00 +0100\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
            envelope = from.rsplit('<').next().unwrap().trim_end_matches('>'),
        )
        .into_bytes()
    }
}

/// The mail of the story: a secretary at night.
pub(crate) fn password_given() -> Mail {
    Mail::from(AN, "melding-1")
        .subject("Hulp aub")
        .text("Goeienavond,\n\nik heb op een link geklikt en mijn paswoord ingegeven. Wat moet ik doen?\n\nAn")
}
