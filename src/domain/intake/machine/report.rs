//! What machines report about mail that did arrive: receipts, complaints, statistics, appointments.

use crate::domain::intake::machine::responder::says_automatic;
use crate::domain::intake::machine::subject::{SubjectSign, answers_invitation, read_subject};
use crate::domain::intake::machine::verdict::{Certainty, Finding};
use crate::domain::intake::message::{IncomingMail, ReturnPath};
use crate::domain::triage::category::Kind;

fn report(because: &str) -> Finding {
    Finding::machine(Kind::MachineReport, because)
}

fn sure_if(sure: bool, because: &str) -> Finding {
    let certainty = if sure {
        Certainty::Sure
    } else {
        Certainty::Perhaps
    };
    Finding::of(Kind::MachineReport, certainty, because)
}

/// Does the mail as a whole say that it is a report, or that nobody sent it? Only then do its parts prove
/// what it is: people attach reports, invitations and receipts to what they write.
pub fn is_report_as_a_whole(mail: &IncomingMail) -> bool {
    mail.media_type == "multipart/report" || mail.return_path == ReturnPath::Null
}

fn has_file(mail: &IncomingMail, mime: &str) -> bool {
    mail.media_type == mime
        || mail
            .attachments
            .iter()
            .any(|file| file.mime.eq_ignore_ascii_case(mime))
}

/// A read receipt (RFC 8098). Its subject alone is not enough: `Read: this` is what people write too.
pub fn read_receipt(mail: &IncomingMail) -> Option<Finding> {
    if mail.report_type.as_deref() == Some("disposition-notification") {
        return Some(report("mdn"));
    }
    if has_file(mail, "message/disposition-notification") {
        return Some(sure_if(is_report_as_a_whole(mail), "mdn"));
    }
    let by_subject = read_subject(&mail.subject) == Some(SubjectSign::Read);
    let automatic = is_report_as_a_whole(mail) || says_automatic(mail);
    if by_subject && automatic {
        return Some(report("subject: read"));
    }
    None
}

/// A complaint of a provider (RFC 5965), or the daily statistics on DMARC and TLS (RFC 8460).
pub fn about_mail(mail: &IncomingMail) -> Option<Finding> {
    match mail.report_type.as_deref() {
        Some("feedback-report") => return Some(report("feedback-report")),
        Some("tlsrpt") => return Some(report("tls-report")),
        _ => {}
    }
    if has_file(mail, "message/feedback-report") {
        return Some(sure_if(is_report_as_a_whole(mail), "feedback-report"));
    }
    if mail.header("TLS-Report-Domain").next().is_some() {
        return Some(report("tls-report"));
    }
    if has_file(mail, "application/tlsrpt+gzip") || has_file(mail, "application/tlsrpt+json") {
        return Some(sure_if(is_report_as_a_whole(mail), "tls-report"));
    }
    if let Some(finding) = dmarc_report(mail) {
        return Some(finding);
    }
    if mail.media_type == "multipart/report" && mail.report_type.is_none() {
        return Some(report("multipart/report"));
    }
    None
}

/// Daily statistics on DMARC (RFC 7489, 7.2.1.1), known by two of three: the subject, the name of the file,
/// a sender who is a program. One alone is what a person sends who wonders about them.
fn dmarc_report(mail: &IncomingMail) -> Option<Finding> {
    let subject = read_subject(&mail.subject) == Some(SubjectSign::AggregateReport);
    let file = mail
        .attachments
        .iter()
        .any(|file| is_dmarc_file(&file.name));
    if !subject && !file {
        return None;
    }
    let program = mail.from.iter().any(|from| {
        let local = from.address.local().to_lowercase();
        ["dmarc", "reply", "postmaster", "report"]
            .iter()
            .any(|word| local.contains(word))
    });
    // A provider passes the mail on and says nothing itself.
    let passed_on = subject && mail.text.trim().is_empty() && !mail.attached_mails.is_empty();
    let sure = (subject && file)
        || passed_on
        || program
        || is_report_as_a_whole(mail)
        || says_automatic(mail);
    Some(sure_if(sure, "dmarc-report"))
}

/// The file name of an aggregate report: receiver, domain, begin and end with `!` between them.
fn is_dmarc_file(name: &str) -> bool {
    let name = name.to_lowercase();
    let ends = [".xml.gz", ".xml", ".zip", ".gz"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    let Some(stem) = ends else { return false };
    let fields: Vec<&str> = stem.split('!').take(6).collect();
    let seconds = |text: &&str| text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit());
    fields.len() >= 4 && fields.iter().skip(2).take(2).all(seconds)
}

/// An invitation or its answer. A person who calls a meeting about an incident writes the words in it, so
/// only what is an appointment and nothing else, or the answer to one, is surely of a program.
pub fn calendar(mail: &IncomingMail) -> Option<Finding> {
    let exchange = mail
        .header("Content-Class")
        .any(|class| class.to_lowercase().contains("calendarmessage"));
    if !exchange && !has_file(mail, "text/calendar") {
        return None;
    }
    let sure = mail.media_type == "text/calendar" || answers_invitation(&mail.subject);
    Some(sure_if(sure, "calendar"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aggregate_reports_are_known_by_their_file_name() {
        for (name, expected) in [
            ("google.com!a.example!1700000000!1700086399.zip", true),
            ("b.example!a.example!1700000000!1700086399!77.xml.gz", true),
            ("verslag!nu!meteen!graag.zip", false),
            ("factuur.zip", false),
        ] {
            assert_eq!(is_dmarc_file(name), expected, "{name}");
        }
    }
}
