//! Mails that say what became of another mail: delivery reports by the book (RFC 3464), and the many that
//! are not.

use crate::domain::intake::machine::report::is_report_as_a_whole;
use crate::domain::intake::machine::responder::says_automatic;
use crate::domain::intake::machine::subject::{SubjectSign, read_subject};
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
    "noreply",
    "no-reply",
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

/// How mail servers begin their letters.
const OPENINGS: &[&str] = &[
    "your message with subject",
    "your message could not be delivered",
    "your message to",
    "your message was not delivered",
    "your mail could not be delivered",
    "the message you sent",
    "the following message could not",
    "this message was created automatically by mail delivery",
    "delivery to the following recipient",
    "delivery has failed to these recipients",
    "unable to deliver message to",
    "error: invalid user",
    "i'm afraid i wasn't able to deliver",
    "uw bericht aan",
    "uw bericht kon niet",
    "uw bericht is niet",
    "votre message n'a pas",
    "votre message à",
    "ihre nachricht",
    "diese nachricht wurde automatisch",
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
    Some(if arrived {
        Finding::machine(Kind::MachineReport, "dsn: delivered")
    } else {
        Finding::machine(Kind::Bounce, "dsn")
    })
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
    let sign = read_subject(&mail.subject);
    let support = support(mail);
    if sign == Some(SubjectSign::Delivered)
        && let Some(certainty) = support
    {
        let because = "subject: delivered";
        return Some(Finding::of(Kind::MachineReport, certainty, because));
    }
    if local_parts(mail).any(|local| is_mail_server(&local)) {
        return bounce("from: mail server");
    }
    let because = "subject: not delivered";
    (sign == Some(SubjectSign::Bounce))
        .then(|| support.map(|certainty| Finding::of(Kind::Bounce, certainty, because)))
        .flatten()
}

/// Does anything beside the subject say that a mail server wrote this? A postmaster who reports that the
/// mail server was broken into has the address and the subject; he does not write as a server does.
fn support(mail: &IncomingMail) -> Option<Certainty> {
    let named = |names: &[&str]| {
        mail.from.iter().any(|from| {
            let name = from.name.to_lowercase();
            names.iter().any(|server| name.contains(server))
        })
    };
    let addressed = local_parts(mail).any(|local| PERHAPS_MAIL_SERVER.contains(&local.as_str()));
    let returned = match &mail.return_path {
        ReturnPath::Null => true,
        ReturnPath::Address(address) => is_mail_server(&address.local().to_lowercase()),
        ReturnPath::Missing => false,
    };
    let report = mail.media_type == "multipart/report";
    // Servers that name themselves here only: IMail and m-FILTER.
    let program = mail.header("X-Mailer").any(|name| {
        let name = name.trim_start_matches('<').to_lowercase();
        name.starts_with("smtp32") || name.starts_with("m-filter")
    });
    let by_header = mail.from.is_empty()
        || returned
        || says_automatic(mail)
        || report
        || program
        || named(SERVER_NAMES);
    let sender = addressed || named(PERHAPS_SERVER_NAMES);
    let words = begins_like_a_bounce(&mail.text) || quotes_a_server(&mail.text);
    match (by_header, sender, words) {
        (true, _, _) | (_, true, true) => Some(Certainty::Sure),
        (_, true, _) | (_, _, true) => Some(Certainty::Perhaps),
        _ => None,
    }
}

/// Is there a field of a delivery report (RFC 3464, 2.3), or the answer of a server with both its codes
/// (RFC 3463)?
fn quotes_a_server(text: &str) -> bool {
    let start: String = text.chars().take(4_000).collect();
    let start = start.to_lowercase();
    let field = ["final-recipient:", "diagnostic-code:", "reporting-mta:"];
    let words: Vec<&str> = start.split_whitespace().take(600).collect();
    field.iter().any(|name| start.contains(name))
        || words.windows(2).any(|pair| match pair {
            [code, enhanced] => is_reply_code(code) && enhanced.starts_with("5."),
            _ => false,
        })
}

/// `550`, also with what stands around it.
fn is_reply_code(word: &str) -> bool {
    let digits = word.trim_matches(|c: char| !c.is_ascii_digit());
    digits.len() == 3 && digits.starts_with('5') && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Does one of the first lines begin as only a mail server begins one?
fn begins_like_a_bounce(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(6)
        .any(|line| {
            let start: String = line.chars().take(80).collect();
            let start = start.to_lowercase();
            OPENINGS.iter().any(|opening| start.starts_with(opening))
        })
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
