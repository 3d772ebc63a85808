//! Alarms, mail that was passed on, notices of absence, groups: each with the person's mail next to it.

use crate::domain::address::{EmailAddress, MessageId};
use crate::domain::intake::machine::verdict::judge;
use crate::domain::intake::machine::verdict::tests::{from, mail, with_subject};
use crate::domain::intake::message::{IncomingMail, ReturnPath};
use crate::domain::triage::category::Kind;

fn with_fields(mut mail: IncomingMail, fields: &[(&str, &str)]) -> IncomingMail {
    mail.headers = self::mail(fields).headers;
    mail
}

fn person(subject: &str, text: &str) -> IncomingMail {
    with_subject(from("jan@gemeente.example", "Jan Peeters"), subject, text)
}

/// What monitoring, mail security, firewalls, cron and teams that warn send, in the forms that these
/// programs are known for.
#[test]
fn alarms_are_alarms() {
    let bulk: &[(&str, &str)] = &[
        ("List-Unsubscribe", "<https://x.example>"),
        ("Precedence", "bulk"),
    ];
    let generated: &[(&str, &str)] = &[("Auto-Submitted", "auto-generated")];
    let one_way: &[(&str, &str)] = &[("List-Id", "<w.x.example>"), ("List-Post", "NO")];
    for (address, subject, fields) in [
        (
            "nagios@mon.hackegem.example",
            "** PROBLEM Service Alert: mx1/disk is CRITICAL **",
            &[][..],
        ),
        (
            "mon@hackegem.example",
            "** RECOVERY Host Alert: mx1 is UP **",
            &[],
        ),
        (
            "zabbix.server@hackegem.example",
            "Problem: Te veel mislukte aanmeldingen op dc1",
            &[],
        ),
        (
            "defender-noreply@ms.example",
            "Melding met hoge ernst: malware op PC-12",
            &[],
        ),
        (
            "fortigate@fw.hackegem.example",
            "Intrusion detected: 198.51.100.7",
            &[],
        ),
        (
            "do-not-reply@central.edr.example",
            "Alerte critique : menace non nettoyée",
            &[],
        ),
        (
            "root@srv1.hackegem.example",
            "Cron <root@srv1> /usr/local/bin/backup",
            &[],
        ),
        (
            "it@hackegem.example",
            "Cron <backup@srv1> /usr/local/bin/backup",
            &[],
        ),
        ("it@hackegem.example", "[FIRING:2] DiskFull (srv1)", &[]),
        (
            "soc@x.example",
            "Verdachte aanmelding geblokkeerd",
            generated,
        ),
        (
            "warning@ccb.example",
            "Warning: critical vulnerability in VPN, patch immediately",
            bulk,
        ),
        (
            "info@safeonweb.example",
            "[TLP:CLEAR] Waarschuwing: valse mails van de politie",
            one_way,
        ),
        (
            "autoreports@feeds.example",
            "Shadow report: open RDP in uw netwerk",
            &[],
        ),
    ] {
        let alarm = with_fields(
            with_subject(from(address, ""), subject, "Zie details."),
            fields,
        );
        let verdict = judge(&alarm, &[]);
        assert_eq!(verdict.kind, Some(Kind::Alert), "{subject} {verdict:?}");
        assert!(!verdict.answerable, "{subject}");
    }
}

#[test]
fn what_people_write_about_alarms_and_newsletters_stay_what_they_are() {
    for subject in [
        "Re: ** PROBLEM Service Alert: mx1 is CRITICAL **",
        "FW: Problem: te veel aanmeldingen",
        "Wij krijgen een alarm van de firewall",
        "Crontab aangepast door onbekende",
    ] {
        assert_eq!(
            judge(&person(subject, "Wat doen we?"), &[]).kind,
            None,
            "{subject}"
        );
    }
    let newsletter = with_fields(
        person("Nieuwsbrief november", "Nieuws."),
        &[
            ("List-Unsubscribe", "<https://x.example>"),
            ("Precedence", "bulk"),
        ],
    );
    assert_eq!(judge(&newsletter, &[]).kind, Some(Kind::List));
    let discussion = with_fields(
        person("Warning about x", "Hi all"),
        &[
            ("List-Id", "<l.x.example>"),
            ("List-Post", "<mailto:l@x.example>"),
        ],
    );
    assert_eq!(judge(&discussion, &[]).kind, Some(Kind::List));
}

#[test]
fn what_a_rule_passed_on_is_never_lost_and_never_answered() {
    let agent = (
        "X-MS-Exchange-Generated-Message-Source",
        "Mailbox Rules Agent",
    );
    let generated = ("Auto-Submitted", "auto-generated");
    let text = "Al onze bestanden zijn versleuteld.";
    for (subject, fields, kind) in [
        (
            "Hulp nodig",
            vec![("Resent-From", "<info@gemeente.example>")],
            None,
        ),
        (
            "Hulp nodig",
            vec![("Resent-From", "<info@gemeente.example>"), agent, generated],
            None,
        ),
        (
            "Hulp nodig",
            vec![
                ("X-MS-Exchange-Inbox-Rules-Loop", "info@gemeente.example"),
                agent,
                generated,
            ],
            None,
        ),
        (
            "FW: Hulp nodig",
            vec![
                ("X-MS-Exchange-Inbox-Rules-Loop", "jan@gemeente.example"),
                agent,
                generated,
            ],
            Some(Kind::Alert),
        ),
        ("Hulp nodig", vec![agent], Some(Kind::Alert)),
    ] {
        let verdict = judge(&with_fields(person(subject, text), &fields), &[]);
        assert_eq!(verdict.kind, kind, "{fields:?}");
        assert!(!verdict.answerable, "{fields:?}");
    }
    let mut answer = with_fields(
        person("Re: uw melding", "Ik ben er niet."),
        &[agent, generated],
    );
    answer.in_reply_to = MessageId::parse("<a@b.example>").into_iter().collect();
    assert_eq!(judge(&answer, &[]).kind, Some(Kind::AutoReply));
}

/// The forms of Outlook, Exchange, Gmail and ticket systems; as such notices come: from nobody.
#[test]
fn notices_of_absence_are_known_in_their_languages() {
    for (subject, text) in [
        (
            "Automatisch antwoord: Melding",
            "Ik ben afwezig tot maandag.",
        ),
        (
            "Réponse automatique : Signalement",
            "Je suis absent jusqu'à lundi.",
        ),
        ("Automatic reply: Report", "I am out of the office."),
        ("Automatische Antwort: Meldung", "Ich bin im Urlaub."),
        ("Abwesend", "Ich bin nicht im Büro."),
        (
            "Afwezig: Melding",
            "Tijdens mijn afwezigheid belt u de helpdesk.",
        ),
        ("Melding (automatisch)", "Wij hebben uw bericht ontvangen."),
        ("Auto: Melding", "Uw vraag is goed ontvangen."),
        ("Out of Office: Report", "I am on annual leave."),
    ] {
        let mut notice = person(subject, text);
        let seen = judge(&notice, &[]);
        assert_eq!(
            seen.kind,
            Some(Kind::Alert),
            "{subject}: without a mark, a human looks"
        );
        assert!(!seen.answerable, "{subject}");
        notice.return_path = ReturnPath::Null;
        assert_eq!(judge(&notice, &[]).kind, Some(Kind::AutoReply), "{subject}");
    }
}

/// An old program answers our mail under "Re:" and marks nothing. It isn't answered again, and a human sees it.
#[test]
fn an_answer_that_says_no_more_than_absence_is_not_answered() {
    for (text, answerable) in [
        ("Ik ben afwezig tot maandag. Groeten, Jan", false),
        (
            "Bedankt voor uw bericht. Wij hebben het goed ontvangen onder nummer 4711.",
            false,
        ),
        ("Je suis absente jusqu'\u{e0} lundi.", false),
        ("Ja, ik heb het paswoord ingegeven.", true),
        ("Wij kunnen niet meer inloggen.", true),
    ] {
        let mut answer = person("Re: Re: Hulp", text);
        answer.in_reply_to = vec![MessageId::parse("abc@crt.example").unwrap()];
        let verdict = judge(&answer, &[]);
        assert_eq!(verdict.answerable, answerable, "{text}");
        let expected = (!answerable).then_some(Kind::Alert);
        assert_eq!(verdict.kind, expected, "{text}: shown");
        // A first mail of that text is a person's.
        answer.in_reply_to.clear();
        assert!(judge(&answer, &[]).answerable, "{text}");
    }
}

#[test]
fn people_write_of_absence_and_of_cars() {
    for (subject, text) in [
        ("Auto: gestolen met laptop erin", "De laptop is weg."),
        ("Re: Melding (automatisch)", "Dit heb ik niet gestuurd."),
        (
            "Laptop gestolen",
            "Ik ben afwezig tot maandag, bel mijn collega.",
        ),
        (
            "Re: Automatisch antwoord: Melding",
            "Dank u, wij zijn gehackt.",
        ),
        ("Afwezige collega stuurt mails", "Zijn mailbox is gehackt."),
    ] {
        let verdict = judge(&person(subject, text), &[]);
        assert_eq!(
            (verdict.kind, verdict.answerable),
            (None, true),
            "{subject}"
        );
    }
}

#[test]
fn our_own_mailbox_may_be_a_group() {
    let own = vec![EmailAddress::parse("crt@team.example").unwrap()];
    let fields: &[(&str, &str)] = &[
        ("List-Id", "<crt.team.example>"),
        ("List-Unsubscribe", "<mailto:x@team.example>"),
        (
            "Mailing-List",
            "list crt@team.example; contact crt+owners@team.example",
        ),
        ("Precedence", "list"),
    ];
    let report = with_fields(person("Gehackt", "Help."), fields);
    let verdict = judge(&report, &own);
    assert_eq!(
        (verdict.kind, verdict.answerable),
        (None, true),
        "{verdict:?}"
    );
    assert_eq!(judge(&report, &[]).kind, Some(Kind::List));
}
