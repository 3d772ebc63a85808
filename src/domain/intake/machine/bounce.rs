//! Mails that say what became of another mail: delivery reports by the book (RFC 3464), and the many that
//! are not.

use crate::domain::intake::machine::letter::{Notice, Wording, goes_on_trying, notice, wording};
use crate::domain::intake::machine::report::is_report_as_a_whole;
use crate::domain::intake::machine::responder::{is_generated, says_automatic};
use crate::domain::intake::machine::sender::nobody_reads;
use crate::domain::intake::machine::subject::{SubjectSign, read_subject, speaks_of_delay};
use crate::domain::intake::machine::verdict::{Certainty, Finding};
use crate::domain::intake::message::{IncomingMail, ReturnPath};
use crate::domain::triage::category::Kind;

/// Local parts under which only mail servers write.
const MAIL_SERVER: &[&str] = &[
    "mailer-daemon",
    "mailerdaemon",
    "mailer_daemon",
    "mail-daemon",
    "mail-deamon",
    "maildaemon",
    "mdaemon",
    "smtp-daemon",
    "post_master",
];

/// Local parts under which mail servers and people write.
const PERHAPS_MAIL_SERVER: &[&str] = &[
    "postmaster",
    "postoffice",
    "daemon",
    "root",
    "mail",
    "mailer",
    "mta",
    "smtp",
    "mailsystem",
    "mailadmin",
    "listserv",
    "listmaster",
    "bounce",
    "bounces",
];

/// Names that mail servers give themselves.
const SERVER_NAMES: &[&str] = &[
    "mail delivery",
    "mailer-daemon",
    "mailer daemon",
    "mail system",
    "delivery subsystem",
    "internet mail",
    "email delivery",
    "delivery system",
    "automated response",
    "automatic response",
];

/// Names that mail servers give themselves, and people too.
const PERHAPS_SERVER_NAMES: &[&str] = &[
    "mail administrator",
    "postmaster",
    "microsoft outlook",
    "system administrator",
    "systembeheerder",
    "administrateur système",
    "systemadministrator",
];

/// A report by the book. Its inside names the addresses that failed; without any, the mail may have been
/// delayed or delivered, and only the latter is no bounce.
pub fn delivery_report(mail: &IncomingMail) -> Option<Finding> {
    let by_type = mail.report_type.as_deref() == Some("delivery-status");
    // A complaint encloses the header of another mail too.
    let untyped = mail.report_type.is_none();
    let by_part = untyped
        && (mail.delivery_report.is_some()
            || mail
                .attachments
                .iter()
                .any(|file| file.mime.eq_ignore_ascii_case("message/delivery-status")));
    if !by_type && !by_part {
        return None;
    }
    // People attach the bounces that they report.
    let sure = by_type
        || is_report_as_a_whole(mail)
        || says_automatic(mail)
        || mail.from.is_empty()
        || local_parts(mail).any(|local| is_mail_server(&local))
        || mail.header("X-Failed-Recipients").next().is_some();
    if !sure {
        return Some(Finding::perhaps(Kind::Bounce, "dsn"));
    }
    let nobody_failed = mail
        .delivery_report
        .as_ref()
        .is_none_or(|report| report.failed_recipients.is_empty());
    let arrived = nobody_failed && read_subject(&mail.subject) == Some(SubjectSign::Delivered);
    Some(match (arrived, is_late(mail)) {
        (true, _) => Finding::machine(Kind::MachineReport, "dsn: delivered"),
        (false, true) => Finding::machine(Kind::Bounce, "dsn: delayed"),
        (false, false) => Finding::machine(Kind::Bounce, "dsn"),
    })
}

/// Does a mail tell, perhaps, that another did not arrive?
pub fn tells_of_a_bounce(mail: &IncomingMail) -> bool {
    let found = [delivery_report(mail), other_bounce(mail)];
    found
        .into_iter()
        .flatten()
        .any(|finding| finding.kind == Some(Kind::Bounce))
}

/// Is the mail late, and the server still trying (RFC 3464, 2.3.3)? Nobody has to write to another address.
pub fn is_late(mail: &IncomingMail) -> bool {
    let report = mail.delivery_report.as_ref();
    let failed = report.is_some_and(|report| !report.failed_recipients.is_empty());
    let delayed = report.is_some_and(|report| !report.delayed_recipients.is_empty());
    !failed && (delayed || speaks_of_delay(&mail.subject) || goes_on_trying(&mail.text))
}

/// A bounce that is not by the book: a header of Exim or Exchange, a mail server as sender, or a subject
/// that something else supports.
pub fn other_bounce(mail: &IncomingMail) -> Option<Finding> {
    let bounce = |because: &str| Some(Finding::machine(Kind::Bounce, because));
    if mail.header("X-Failed-Recipients").next().is_some() {
        return bounce("x-failed-recipients");
    }
    if mail.header("X-MS-Exchange-Message-Is-Ndr").next().is_some() {
        return bounce("x-ms-exchange-message-is-ndr");
    }
    let signs = Signs::of(mail);
    if let Some(notice) = notice(&mail.text) {
        let kind = match notice {
            Notice::Bounce => Kind::Bounce,
            Notice::Other => Kind::MachineReport,
        };
        // Developers paste such notices.
        let by_program = signs.by_header || signs.writer == Writer::NobodyReads;
        let certainty = if by_program {
            Certainty::Sure
        } else {
            Certainty::Perhaps
        };
        return Some(Finding::of(kind, certainty, "notice of amazon ses"));
    }
    let sign = read_subject(&mail.subject);
    if sign == Some(SubjectSign::Delivered)
        && let Some(certainty) = signs.beside_the_subject()
    {
        let because = "subject: delivered";
        return Some(Finding::of(Kind::MachineReport, certainty, because));
    }
    if local_parts(mail).any(|local| is_mail_server(&local)) {
        return bounce(if is_late(mail) {
            "from: mail server, delayed"
        } else {
            "from: mail server"
        });
    }
    let by_subject = (sign == Some(SubjectSign::Bounce))
        .then(|| signs.beside_the_subject())
        .flatten()
        .map(|certainty| Finding::of(Kind::Bounce, certainty, "subject: not delivered"));
    let by_letter = || {
        let certainty = signs.without_the_subject()?;
        let because = "text: letter of a mail server";
        Some(Finding::of(Kind::Bounce, certainty, because))
    };
    match by_subject {
        Some(finding) if finding.certainty == Certainty::Sure => Some(finding),
        other => by_letter().or(other),
    }
}

/// What a mail has of a mail server, its subject left out. A postmaster who reports that the mail server
/// was broken into has the address; he does not write as a server does.
#[derive(Clone, Copy)]
struct Signs {
    by_header: bool,
    writer: Writer,
    encloses: bool,
    wording: Option<Wording>,
}

/// Who writes, by address and name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    /// Anybody.
    Somebody,
    /// A mail server, or the person who looks after it.
    PerhapsServer,
    /// A program: nobody reads what is sent to it.
    NobodyReads,
}

impl Signs {
    fn is_sender(self) -> bool {
        self.writer != Writer::Somebody
    }

    /// What supports a subject that begins as those of bounces do.
    fn beside_the_subject(self) -> Option<Certainty> {
        match (self.by_header, self.is_sender(), self.wording) {
            (true, _, _) | (_, true, Some(_)) => Some(Certainty::Sure),
            (_, true, None) | (_, _, Some(_)) => Some(Certainty::Perhaps),
            _ => None,
        }
    }

    /// What says enough under any subject.
    fn without_the_subject(self) -> Option<Certainty> {
        match self.wording? {
            Wording::BuiltIn if self.by_header || self.is_sender() => Some(Certainty::Sure),
            Wording::BuiltIn => Some(Certainty::Perhaps),
            Wording::Reports
                if self.by_header || (self.writer == Writer::NobodyReads && self.encloses) =>
            {
                Some(Certainty::Sure)
            }
            _ => None,
        }
    }

    fn of(mail: &IncomingMail) -> Self {
        let named = |names: &[&str]| {
            mail.from.iter().any(|from| {
                let name = from.name.to_lowercase();
                names.iter().any(|server| name.contains(server))
            })
        };
        let addressed =
            local_parts(mail).any(|local| PERHAPS_MAIL_SERVER.contains(&local.as_str()));
        let returned = match &mail.return_path {
            ReturnPath::Null => true,
            ReturnPath::Address(address) => is_mail_server(&address.local().to_lowercase()),
            ReturnPath::Missing => false,
        };
        // Servers that name themselves here only: IMail and m-FILTER.
        let program = mail.header("X-Mailer").any(|name| {
            let name = name.trim_start_matches('<').to_lowercase();
            name.starts_with("smtp32") || name.starts_with("m-filter")
        });
        let writer = if local_parts(mail).any(|local| nobody_reads(&local)) {
            Writer::NobodyReads
        } else if addressed || named(PERHAPS_SERVER_NAMES) {
            Writer::PerhapsServer
        } else {
            Writer::Somebody
        };
        Self {
            by_header: mail.from.is_empty()
                || returned
                || says_automatic(mail)
                || is_generated(mail)
                || mail.media_type == "multipart/report"
                || program
                || named(SERVER_NAMES),
            writer,
            encloses: !mail.attached_mails.is_empty(),
            wording: wording(&mail.text),
        }
    }
}

fn is_mail_server(local: &str) -> bool {
    MAIL_SERVER.iter().any(|known| {
        local
            .strip_prefix(known)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    }) || local.starts_with("microsoftexchange329e71ec88ae4615bbc36ab6ce41109e")
}

/// The local parts of the senders; of a mail server that leaves its domain away, the bare word.
fn local_parts(mail: &IncomingMail) -> impl Iterator<Item = String> {
    let bare = mail
        .header("From")
        .filter(|_| mail.from.is_empty())
        .map(|value| {
            value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
        });
    mail.from
        .iter()
        .map(|from| from.address.local())
        .chain(bare)
        .map(str::to_lowercase)
}

#[cfg(test)]
#[path = "bounce_tests.rs"]
mod bounce_tests;
