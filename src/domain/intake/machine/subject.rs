//! How machines begin their subjects, in the languages that meet us. Only the beginning counts: a person
//! who forwards a bounce has a prefix in front of it.

/// How bounces begin (Exchange, Postfix, Exim, Sendmail, qmail, Gmail and others).
const BOUNCE: &[&str] = &[
    "undeliverable",
    "undelivered mail",
    "undeliverable mail",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "delivery notification",
    "delivery report",
    "delivery problem",
    "delivery has failed",
    "delivery delayed",
    "delivery unsuccessful",
    "mail delivery failed",
    "mail delivery failure",
    "mail delivery problem",
    "mail delivery error",
    "mail delivery status",
    "mail delivery system",
    "mail could not be delivered",
    "mail not delivered",
    "mail failure",
    "mail error",
    "mail system error",
    "mail returned",
    "message delivery failure",
    "message undeliverable",
    "message not delivered",
    "message you sent blocked",
    "non deliverable",
    "non-deliverable",
    "non delivery",
    "nondeliverable",
    "nondelivery",
    "returned mail",
    "returned message",
    "returned to sender",
    "failure notice",
    "failure delivery",
    "failed mail",
    "failed delivery",
    "failed to deliver",
    "unable to deliver",
    "unzustellbar",
    "could not deliver",
    "could not send message",
    "error sending mail",
    "warning: could not send message",
    "warning: message",
    "user unknown",
    "there was an error sending your mail",
    "your message could not",
    "sorry, your mail could not",
    "bounce",
    "permanent delivery failure",
    "automatically rejected mail",
    "rejected mail",
    "onbestelbaar",
    "niet te bezorgen",
    "niet afgeleverd",
    "niet bezorgd",
    "kan niet worden bezorgd",
    "bericht niet bezorgd",
    "vertraagd",
    "non remis",
    "non distribuable",
    "non délivré",
    "échec de la remise",
    "échec de remise",
    "message non distribué",
    "notification d'état de remise",
    "nicht zustellbar",
    "zustellung fehlgeschlagen",
    "fehler bei der zustellung",
    "benachrichtigung zum übermittlungsstatus",
    "mailzustellung fehlgeschlagen",
];

/// What the subject of a delay says.
const DELAYED: &[&str] = &[
    "(delay)",
    "delayed",
    "delivery delay",
    "warning: could not send message",
    "still being retried",
    "will be retried",
    "vertraagd",
    "retard",
    "verzögert",
];

/// How reports begin that say a mail did arrive.
const DELIVERED: &[&str] = &[
    "delivery status notification (success)",
    "delivery status notification (relay)",
    "successful mail delivery",
    "delivered:",
    "relayed:",
    "afgeleverd:",
    "bezorgd:",
    "remis :",
    "remis:",
    "zugestellt:",
];

/// How read receipts begin (Outlook and others).
const READ: &[&str] = &[
    "gelezen:",
    "niet gelezen:",
    "read:",
    "not read:",
    "lu :",
    "lu:",
    "non lu :",
    "non lu:",
    "gelesen:",
    "ungelesen:",
    "return receipt (",
    "disposition notification",
    "leesbevestiging",
];

/// What only a machine writes at the beginning of a subject.
const AUTOMATIC_REPLY: &[&str] = &[
    "automatisch antwoord",
    "afwezigheidsbericht",
    "afwezigheidsmelding",
    "afwezigheidsassistent",
    "automatische reactie",
    "automatische ontvangstbevestiging",
    "réponse automatique",
    "reponse automatique",
    "absence du bureau",
    "message d'absence",
    "notification d'absence",
    "accusé de réception automatique",
    "automatic reply",
    "autoreply",
    "auto-reply",
    "auto reply",
    "autoresponder",
    "auto response",
    "automated reply",
    "automated response",
    "automatic response",
    "auto-response",
    "out of office autoreply",
    "out of office",
    "out-of-office",
    "vacation reply",
    "vacation:",
    "automatische antwort",
    "automatische eingangsbestätigung",
    "abwesenheitsnotiz",
    "abwesenheitsbenachrichtigung",
    "abwesenheitsassistent",
];

/// What a person may write as well; more must point the same way.
const PERHAPS_AWAY: &[&str] = &[
    "afwezig",
    "afwezigheid",
    // What RFC 3834, 3.1.5 proposes, and no proof by its own words: a car in Dutch.
    "auto:",
    "niet aanwezig",
    "niet op kantoor",
    "ik ben afwezig",
    "buiten kantoor",
    "met verlof",
    "uit dienst",
    "ontvangstbevestiging",
    "ontvangstmelding",
    "absent",
    "absence",
    "accusé de réception",
    "ooo",
    "i am out of",
    "i'm out of",
    "away from",
    "away until",
    "abwesenheit",
    "abwesend",
];

/// What calendar programs write before the title of an appointment, with a colon behind it.
const INVITATION_ANSWERS: &[&str] = &[
    "geaccepteerd",
    "aanvaard",
    "afgewezen",
    "geweigerd",
    "voorlopig geaccepteerd",
    "voorlopig",
    "accepted",
    "declined",
    "tentative",
    "tentatively accepted",
    "accepté",
    "refusé",
    "provisoire",
    "zugesagt",
    "abgesagt",
    "abgelehnt",
    "mit vorbehalt",
];

/// What a subject says at its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectSign {
    /// A mail did not arrive.
    Bounce,
    /// A mail did arrive.
    Delivered,
    /// A mail was read, or deleted unread.
    Read,
    /// A machine answers for somebody.
    AutomaticReply,
    /// Somebody may be away.
    PerhapsAway,
    /// A DMARC or TLS report (RFC 7489, 7.2.1.1; RFC 8460, 5.3), or a complaint of a provider.
    AggregateReport,
}

/// Reads the beginning of a subject.
pub fn read_subject(subject: &str) -> Option<SubjectSign> {
    let start: String = subject.trim().chars().take(120).collect();
    let start = start.to_lowercase();
    let bare = start
        .trim_start_matches(|c: char| c == '*' || c == '[' || c == '(' || c.is_whitespace())
        .trim_end();
    let begins = |list: &[&str]| list.iter().any(|phrase| begins_with(bare, phrase));
    let aggregate = begins(&["report domain:"]) && bare.contains("submitter:")
        || begins(&["complaint about message from"]);
    [
        (aggregate, SubjectSign::AggregateReport),
        (begins(DELIVERED), SubjectSign::Delivered),
        (begins(BOUNCE), SubjectSign::Bounce),
        (begins(READ), SubjectSign::Read),
        (
            begins(AUTOMATIC_REPLY) || says_so_in_brackets(bare),
            SubjectSign::AutomaticReply,
        ),
        (begins(PERHAPS_AWAY), SubjectSign::PerhapsAway),
    ]
    .into_iter()
    .find_map(|(holds, sign)| holds.then_some(sign))
}

/// `Ontvangstmelding (automatisch)`: the label behind the subject, as ticket systems write it. A mail about
/// such a mail has a prefix.
fn says_so_in_brackets(subject: &str) -> bool {
    let answered = ["re:", "antw:", "fw:", "fwd:", "tr:", "wg:", "aw:"];
    let inside = subject
        .strip_suffix([')', ']'])
        .and_then(|rest| rest.rsplit(['(', '[']).next());
    !answered.iter().any(|prefix| subject.starts_with(prefix))
        && inside.is_some_and(|words| {
            ["automatisch", "automatique", "automatic", "automated"].contains(&words)
                || AUTOMATIC_REPLY.contains(&words)
        })
}

/// Does a subject say that a mail is late (Exchange, Google, Sendmail)?
pub fn speaks_of_delay(subject: &str) -> bool {
    let start: String = subject.trim().chars().take(120).collect();
    let start = start.to_lowercase();
    DELAYED.iter().any(|words| start.contains(words))
}

/// Is the whole subject the label of an answering program, or does a colon part it from the subject that is
/// answered? "Out of Office misbruikt" is a sentence.
pub fn is_labelled(subject: &str) -> bool {
    let start: String = subject.trim().chars().take(120).collect();
    let start = start.to_lowercase();
    AUTOMATIC_REPLY.iter().any(|phrase| {
        start.strip_prefix(phrase).is_some_and(|rest| {
            let rest = rest.trim_start();
            phrase.ends_with(':') || rest.is_empty() || rest.starts_with([':', '：'])
        })
    })
}

/// Is it the answer to an invitation, as calendar programs write it?
pub fn answers_invitation(subject: &str) -> bool {
    let start: String = subject.trim().chars().take(60).collect();
    let start = start.to_lowercase();
    INVITATION_ANSWERS.iter().any(|word| {
        start
            .strip_prefix(word)
            .is_some_and(|rest| rest.trim_start().starts_with(':'))
    })
}

/// Whole words only: `absent` does not begin `absenteïsme`.
fn begins_with(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| {
        phrase.ends_with([':', '(']) || !rest.chars().next().is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_beginning_of_a_subject_counts() {
        for (subject, expected) in [
            ("Onbestelbaar: uw melding", Some(SubjectSign::Bounce)),
            ("FW: Onbestelbaar: uw melding", None),
            ("Re: Automatisch antwoord: iets", None),
            (
                "Automatisch antwoord: iets",
                Some(SubjectSign::AutomaticReply),
            ),
            (
                "Réponse automatique : congé",
                Some(SubjectSign::AutomaticReply),
            ),
            ("Absenteïsme door ransomware", None),
            ("Afwezig", Some(SubjectSign::PerhapsAway)),
            (
                "Delivery Status Notification (Success)",
                Some(SubjectSign::Delivered),
            ),
            (
                "Report Domain: a.example Submitter: b.example Report-ID: 1",
                Some(SubjectSign::AggregateReport),
            ),
            ("Report domain: is dit echt?", None),
            ("Wij zijn gehackt", None),
        ] {
            assert_eq!(read_subject(subject), expected, "{subject}");
        }
    }
}
