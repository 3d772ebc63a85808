//! What `triage` says to a person at a terminal: what was understood, who the sender is and by which checks, what
//! came along, and the reply that this sender would get. The JSON for programs stands in `json`.

use crate::app::triage::Inspection;
use crate::app::triage_sender::ToSender;
use crate::cli::output;
use crate::cli::ticket_events::{file_line, printable};
use crate::config::Config;
use crate::domain::intake::lookalike::{Likeness, look_alike};
use crate::domain::intake::message::{Defect, Via};
use crate::domain::intake::sender::{Authentication, Standing, Verdict};
use crate::domain::pgp::course::Protection;
use crate::domain::pgp::form::{Opening, PgpForm};
use crate::domain::pgp::reading::Signature;
use crate::domain::ticket::decide::Mode;
use crate::domain::ticket::message::AttachmentNote;
use crate::domain::ticket::words::Silence;

/// Prints one inspected mail.
pub(crate) fn print(inspected: &Inspection, config: Option<&Config>) {
    let parts = [
        understood(inspected),
        sender(inspected, config),
        evidence(inspected),
    ];
    for line in parts.iter().flatten() {
        output::line(printable(line));
    }
    let (heading, reply) = reply(inspected, config);
    output::line(format_args!("\n{heading}"));
    if let Some(reply) = reply {
        output::line("");
        for line in reply.lines() {
            output::line(printable(line));
        }
    }
}

fn understood(inspected: &Inspection) -> Vec<String> {
    let assessment = &inspected.assessment;
    let category = assessment
        .category
        .map_or("-", |category| category.as_str());
    let page = if assessment.page {
        ", calls for a human"
    } else {
        ""
    };
    let mut lines = vec![format!(
        "{} · {category} ({:.0} %) · {}{page} · {}",
        assessment.kind,
        assessment.confidence * 100.0,
        assessment.severity,
        assessment.language,
    )];
    lines.extend(listed("because", &assessment.because));
    lines.extend(listed("a machine", &inspected.machine_because));
    lines.extend(listed("could not be reached", &inspected.failed_recipients));
    lines.extend(assessment.facts.iter().map(|(key, fact)| {
        let value = serde_json::to_string(&fact.value).unwrap_or_default();
        format!("  {key} = {}  ({})", value.trim_matches('"'), fact.because)
    }));
    lines
}

fn listed(heading: &str, words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| format!("{heading}: {}", words.join(" · ")))
}

/// Who sent it, and what that rests on.
fn sender(inspected: &Inspection, config: Option<&Config>) -> Vec<String> {
    let from = inspected.from.as_ref();
    let mut lines = vec![match from {
        Some(from) if from.name.is_empty() => format!("from: {}", from.address),
        Some(from) => format!("from: {} <{}>", from.name, from.address),
        None => "from: not exactly one sender".to_owned(),
    }];
    match (config, &inspected.to_sender) {
        (Some(config), Some(to_sender)) => {
            lines.push(format!("sender: {}", who(inspected, to_sender, config)));
            lines.extend(likeness(inspected, config));
            lines.push(format!("checks: {}", checks(inspected.authentication)));
        }
        _ => lines.push(
            "sender: name a configuration with --config: without one nobody is known and no server's check of the sender is trusted".to_owned(),
        ),
    }
    lines.extend(openpgp(inspected));
    lines.extend(inspected.tlp.map(|label| format!("shared as: {label}")));
    lines
}

fn who(inspected: &Inspection, to_sender: &ToSender, config: &Config) -> String {
    let from = inspected.from.as_ref().map(|from| &from.address);
    let found = from.and_then(|address| config.constituents.find(address));
    let name = found.map_or("", |constituent| constituent.name.as_str());
    match to_sender.standing {
        Standing::Proven => format!("proven, {name}"),
        Standing::Listed if found.is_some_and(|listed| !listed.is_active()) => format!(
            "NOT PROVEN: a domain of {name} that is no longer in use, and that anybody may have registered since"
        ),
        Standing::Listed => {
            format!("NOT PROVEN: the address is one of {name}, but DMARC or DKIM doesn't prove it")
        }
        Standing::Unknown => "unknown: not on the list of constituents".to_owned(),
        Standing::Refused if from.is_some_and(|from| from.is_one_of(&config.own_addresses)) => {
            "REFUSED: it comes from our own address".to_owned()
        }
        Standing::Refused => "REFUSED: DMARC failed, so the address may be forged".to_owned(),
        Standing::Unclear => "unclear: there isn't exactly one From address to believe".to_owned(),
    }
}

fn likeness(inspected: &Inspection, config: &Config) -> Option<String> {
    let from = inspected.from.as_ref()?;
    let found = look_alike(&from.address, &config.constituents)?;
    let because = match found.because {
        Likeness::InFront => "the real name only stands in front",
        Likeness::Confusable => "with letters that look alike",
        Likeness::OtherEnding => "with another ending",
        Likeness::Hyphen => "with a hyphen more or less",
        Likeness::OneSlip => "but for one letter",
        Likeness::AddedWord => "with a word added",
    };
    Some(format!(
        "LOOK-ALIKE: the domain looks like {} ({}), {because}; call the registered number before you give anything",
        found.of.domain, found.of.name
    ))
}

fn checks(authentication: Authentication) -> String {
    let Authentication { spf, dkim, dmarc } = authentication;
    if [spf, dkim, dmarc] == [Verdict::Unchecked; 3] {
        return "none that you trust was recorded in the mail (trusted_authserv_ids and own_hops of [[mailbox]])".to_owned();
    }
    format!(
        "SPF {}; DKIM {}; DMARC {}",
        verdict(spf),
        verdict(dkim),
        verdict(dmarc)
    )
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unchecked => "was not checked",
        Verdict::None => "found nothing to check",
        Verdict::Pass => "passed",
        Verdict::Fail => "FAILED",
        Verdict::Neutral => "says nothing about this sender",
    }
}

fn openpgp(inspected: &Inspection) -> Option<String> {
    let form = match inspected.pgp.form {
        PgpForm::None => return None,
        PgpForm::MimeEncrypted => "encrypted (PGP/MIME)",
        PgpForm::InlineEncrypted => "encrypted in the text",
        PgpForm::MimeSigned => "signed (PGP/MIME)",
        PgpForm::InlineSigned => "signed in the text",
    };
    let opened = match inspected.pgp.opening {
        Opening::NotEncrypted => "",
        Opening::Opened => ", opened",
        Opening::NoKey => ", NOT OPENED: none of our keys fits",
        Opening::Damaged => ", NOT OPENED: damaged, or not protected against changes",
    };
    let signature = match &inspected.signature {
        Signature::None => "no signature".to_owned(),
        Signature::Good(signer) => format!("good signature of {signer}"),
        Signature::Bad => "BAD SIGNATURE: something was changed on the way".to_owned(),
        Signature::UnknownKey => "signature of a key that did not come along".to_owned(),
        Signature::Outdated => "signature of a key or method that no longer counts".to_owned(),
    };
    Some(format!("OpenPGP: {form}{opened}; {signature}"))
}

/// What came along, and what was found in it.
fn evidence(inspected: &Inspection) -> Vec<String> {
    let files = inspected.attachments.iter();
    let files = files.map(|file| file_line(&AttachmentNote::from(file)));
    let forwarded = inspected.forwarded.iter().map(|mail| {
        let via = match mail.via {
            Via::Inline => "in the text",
            Via::Rfc822 => "as an attached mail",
            Via::Msg => "as an Outlook file",
        };
        format!(
            "forwarded {via}: {} <{}> · {} · {}",
            mail.from_name, mail.from_address, mail.subject, mail.date
        )
    });
    let indicators = inspected.assessment.indicators.iter();
    let indicators = indicators.map(|found| format!("  {}: {}", found.kind, found.defanged));
    files.chain(forwarded).chain(indicators).collect()
}

/// What the sender would get. Who he is can't be told without a configuration: then it is what a proven one gets.
fn reply<'a>(inspected: &'a Inspection, config: Option<&Config>) -> (String, Option<&'a str>) {
    let (Some(config), Some(to_sender)) = (config, &inspected.to_sender) else {
        return match &inspected.reply {
            Some(reply) => ("A proven sender would get:".to_owned(), Some(reply)),
            None => ("No automatic reply.".to_owned(), None),
        };
    };
    let how = match &to_sender.protection {
        Protection::EncryptedTo(key) => format!(", encrypted to {} and signed", key.fingerprint),
        Protection::Plain | Protection::NoticeOnly(_) => String::new(),
    };
    match &to_sender.reply {
        Ok(reply) => {
            let when = match config.file.organisation.mode {
                Mode::Answer => "This sender would get now",
                Mode::Approve => "After `tickets approve` this sender would get",
                Mode::Observe => {
                    "Only a draft is written (mode = \"observe\"); this sender would get"
                }
            };
            (format!("{when}{how}:"), Some(reply))
        }
        Err(silence) => (format!("No automatic reply: {}.", why(*silence)), None),
    }
}

fn why(silence: Silence) -> &'static str {
    match silence {
        Silence::Machine => "a machine wrote it, or it asks for none",
        Silence::NoSingleSender => "there isn't exactly one sender",
        Silence::RefusedSender => "the sender is refused; a human looks",
        Silence::NotAddressedToUs => {
            "none of our addresses is in To or Cc (organisation.address, own_addresses); a human looks"
        }
        Silence::NothingToSay => "it tells of no incident and asks nothing",
        Silence::NotWritten => "its words could not be put together; a human answers",
        other => other.as_str(),
    }
}

/// What is odd about a mail.
pub(crate) fn sentence(defect: Defect) -> &'static str {
    match defect {
        Defect::Empty => "the mail has no text; a human would look at it",
        Defect::TooLarge => "the mail is larger than 25 MB; only its beginning was read",
        Defect::TooComplex => {
            "the mail has too many or too deeply nested parts; the rest was not read"
        }
        Defect::Unreadable => "the mail can't be taken apart; a human would look at it",
        Defect::NoFrom => "the mail names no sender; it would be shown to a human and not answered",
        Defect::SeveralFrom => {
            "the mail names several senders; it would be shown to a human and not answered"
        }
        Defect::OddHeaders => {
            "the mail has malformed header names, a known trick; it would be shown to a human and not answered"
        }
        Defect::BadCharset => {
            "the text doesn't fit its character set; unreadable characters were replaced"
        }
    }
}
