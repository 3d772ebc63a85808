//! What machines report about mail that did arrive: receipts, complaints, statistics, appointments.

use crate::domain::intake::machine::subject::{SubjectSign, read_subject};
use crate::domain::intake::machine::verdict::Finding;
use crate::domain::intake::message::{IncomingMail, ReturnPath};
use crate::domain::triage::category::Kind;

fn report(because: &str) -> Finding {
    Finding::machine(Kind::MachineReport, because)
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
    if mail.report_type.as_deref() == Some("disposition-notification")
        || has_file(mail, "message/disposition-notification")
    {
        return Some(report("mdn"));
    }
    let by_subject = read_subject(&mail.subject) == Some(SubjectSign::Read);
    let automatic = mail.return_path == ReturnPath::Null
        || mail.media_type == "multipart/report"
        || mail.header("Auto-Submitted").next().is_some();
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
        return Some(report("feedback-report"));
    }
    let tls = mail.header("TLS-Report-Domain").next().is_some()
        || has_file(mail, "application/tlsrpt+gzip")
        || has_file(mail, "application/tlsrpt+json");
    if tls {
        return Some(report("tls-report"));
    }
    if read_subject(&mail.subject) == Some(SubjectSign::AggregateReport)
        || mail
            .attachments
            .iter()
            .any(|file| is_dmarc_file(&file.name))
    {
        return Some(report("dmarc-report"));
    }
    if mail.media_type == "multipart/report" && mail.report_type.is_none() {
        return Some(report("multipart/report"));
    }
    None
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

/// An invitation or its answer: the calendar program of the sender wrote it.
pub fn calendar(mail: &IncomingMail) -> Option<Finding> {
    let exchange = mail
        .header("Content-Class")
        .any(|class| class.to_lowercase().contains("calendarmessage"));
    if exchange || has_file(mail, "text/calendar") {
        return Some(report("calendar"));
    }
    None
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
