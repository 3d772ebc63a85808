//! Understanding one message: taken apart, judged, stripped to the reporter's own words, assessed.
//!
//! The service and the `triage` command both come through here, so that what the command shows is what
//! the service does. Nothing is stored or sent.

use crate::app::ports::knowledge::Sought;
use crate::app::ports::mail::Border;
use crate::app::ports::{Extent, Knowledge, KnowledgeError, MailReader};
use crate::domain::address::EmailAddress;
use crate::domain::guidance::handbook::{Handbook, Passage, PassageKind};
use crate::domain::intake::machine::{self, MachineVerdict};
use crate::domain::intake::message::{ForwardedMail, IncomingMail};
use crate::domain::intake::sender::{Authentication, Verdict};
use crate::domain::text::own_words::{Borne, OwnWords, own_words, words_that_count};
use crate::domain::triage::assess::assess;
use crate::domain::triage::assessment::{Assessment, Channel, Known, Report};
use crate::domain::triage::category::{Category, Kind, Severity};
use jiff::Timestamp;

/// Passages that are looked up for one message.
const PASSAGES: usize = 8;
/// Characters of a report that are used as words to search with.
const SEARCH_WITH: usize = 2_000;

/// A mail that was read, before anybody asks what it tells of.
pub struct ReadMail {
    /// Its parts.
    pub mail: IncomingMail,
    /// Did a machine write it?
    pub verdict: MachineVerdict,
    /// The words that are triaged: the reporter's own, or those of the colleague whom he forwards.
    pub own: OwnWords,
    /// The texts of forwarded mails that are evidence and no words.
    pub evidence: Vec<String>,
    /// What was checked about the sender.
    pub authentication: Authentication,
    /// What our own check of the signatures said of it, where one was made.
    pub own_dkim: Option<Verdict>,
}

impl ReadMail {
    /// Takes over what our own check of the signatures said.
    pub fn note_own_dkim(&mut self, verdict: Verdict) {
        self.own_dkim = Some(verdict);
        self.authentication = self.authentication.with_own_dkim(verdict);
    }

    /// The mails that were forwarded, inline and attached.
    pub fn forwarded(&self) -> impl Iterator<Item = &ForwardedMail> {
        self.own.forwarded.iter().chain(&self.mail.attached_mails)
    }
}

/// Reads a mail.
pub fn read_mail(
    reader: &dyn MailReader,
    raw: &[u8],
    extent: Extent,
    own_addresses: &[EmailAddress],
    border: &Border,
) -> ReadMail {
    let mut mail = reader.read(raw, extent);
    let authentication = reader.authentication(&mail, border);
    let verdict = machine::judge(&mail, own_addresses);
    if verdict.kind == Some(Kind::Bounce) {
        let report = mail.delivery_report.get_or_insert_default();
        if report.original.is_none() {
            report.original = machine::letter::returned_message_id(&mail.text);
        }
    }
    let mut own = own_words(&mail.text, &mail.subject);
    let reporter = mail.single_from().map(|from| &from.address);
    let Borne { text, evidence } = words_that_count(&own, &mail.attached_mails, reporter);
    own.text = text;
    ReadMail {
        mail,
        verdict,
        own,
        evidence,
        authentication,
        own_dkim: None,
    }
}

/// Triage of a mail that was read, together with what earlier messages of its ticket said.
pub fn assess_mail(handbook: &Handbook, read: &ReadMail, known: Known<'_>) -> Assessment {
    // A list's mark on the mail of somebody who is on the ticket: silent, but his words count.
    let machine = match (read.verdict.kind, known.earlier) {
        (Some(Kind::List), Some(_)) => Some(Kind::Alert),
        (kind, _) => kind,
    };
    let report = Report {
        channel: Channel::Mail,
        subject: &read.mail.subject,
        text: &read.own.text,
        evidence: &read.evidence,
        machine,
        earlier: known.earlier,
        asked: known.asked,
    };
    let assessment = assess(&handbook.triage, &report);
    if read.mail.pgp.opening.has_failed() {
        as_unread(assessment)
    } else {
        assessment
    }
}

/// Somebody took the trouble to hide his words, and nobody here can read them: a person asks him at once. What his
/// subject says is still believed, where it says more.
fn as_unread(assessment: Assessment) -> Assessment {
    match assessment.kind {
        Kind::Incident | Kind::Question | Kind::Subscription | Kind::Other => Assessment {
            kind: Kind::Incident,
            category: assessment.category.or(Some(Category::Other)),
            severity: assessment.severity.max(Severity::High),
            page: true,
            citizen: false,
            ..assessment
        },
        _ => assessment,
    }
}

/// Triage of words that a person wrote in chat, or that somebody noted from a call.
pub fn assess_words(handbook: &Handbook, text: &str, known: Known<'_>) -> Assessment {
    let report = Report {
        channel: Channel::Chat,
        subject: "",
        text,
        evidence: &[],
        machine: None,
        earlier: known.earlier,
        asked: known.asked,
    };
    assess(&handbook.triage, &report)
}

/// What the knowledge says about a report or a question, best first. For an incident only memos: its
/// playbook is chosen by category, not found.
pub fn look_up(
    knowledge: &dyn Knowledge,
    assessment: &Assessment,
    subject: &str,
    text: &str,
    now: Timestamp,
) -> Result<Vec<Passage>, KnowledgeError> {
    if !matches!(assessment.kind, Kind::Incident | Kind::Question) {
        return Ok(Vec::new());
    }
    let words: String = subject
        .chars()
        .chain(" ".chars())
        .chain(text.chars())
        .take(SEARCH_WITH)
        .collect();
    let only = (assessment.kind == Kind::Incident).then_some(PassageKind::Memo);
    knowledge.search(&Sought {
        words: &words,
        language: assessment.language,
        on: Sought::day_of(now),
        only,
        limit: PASSAGES,
    })
}
