//! What `triage FILE` says to a person: who the sender is and by which checks, what came along, and the reply that
//! this sender would get. The words of guidance are left out where they don't matter: they change with the
//! knowledge.

use crate::commands::{Desk, Outcome, eerstelijn, outcome};
use crate::support::gnupg::{GnuPg, entity, sealed};
use crate::support::mails::AN;
use std::path::PathBuf;

/// A desk that knows two towns, one of which is no more, and believes its own server.
fn desk() -> Desk {
    let desk = Desk::new();
    let list = desk.path("towns.csv");
    std::fs::write(
        &list,
        "domain,name,kind,status,contact,callback_phone\n\
         hackegem.example,Gemeente Hackegem,gemeente,actief,,\n\
         oud-lekkegem.example,Gemeente Lekkegem,gemeente,gefuseerd,,\n",
    )
    .unwrap();
    let list = list.display();
    desk.write_config(|text| {
        let text = text.replace("phone =", "mode = \"answer\"\nphone =");
        format!("{text}\n[constituents]\nfile = \"{list}\"\n")
    });
    desk
}

fn triage(desk: &Desk, mail: impl AsRef<[u8]>) -> String {
    said(outcome(&mut desk.command(&["triage", "-"]), mail.as_ref()))
}

fn said(told: Outcome) -> String {
    assert_eq!(told.code, 0, "{told:?}");
    told.stdout
}

fn fixture(name: &str) -> Vec<u8> {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    std::fs::read(fixtures.join(name)).unwrap()
}

/// All but the words of the reply.
fn without_words(told: &str) -> String {
    let (above, reply) = told.split_once("\n\n").unwrap();
    let heading = reply.lines().next().unwrap_or_default();
    format!("{above}\n\n{heading}")
}

#[test]
fn what_a_person_sees_of_a_mail() {
    let desk = desk();
    for name in [
        "triage/incident.eml",
        "triage/look-alike.eml",
        "triage/rfc822-forward.eml",
        "triage/bounce.eml",
        "mail/two-froms.eml",
    ] {
        let told = triage(&desk, fixture(name));
        let short = name.rsplit('/').next().unwrap();
        insta::assert_snapshot!(short.trim_end_matches(".eml"), without_words(&told));
    }
}

fn mail(from: &str, checks: &str, text: &str) -> String {
    format!(
        "Authentication-Results: mx.crt.example; {checks}\nFrom: Els Maes <{from}>\nTo: crt@crt.example\n\
         Subject: Hulp\nMessage-ID: <m1@hackegem.example>\n\n{text}\n"
    )
}

const BREACH: &str = "De persoonsgegevens van 200 inwoners zijn gelekt. Els Maes";

#[test]
fn the_reply_is_the_one_that_this_sender_would_get() {
    let desk = desk();
    let pass = |domain: &str| format!("spf=pass; dkim=none; dmarc=pass header.from={domain}");
    // The clock for notifying is only for who is proven.
    let clock = "72 uur";
    for (from, checks, sender, heading, has_clock) in [
        (
            "els@hackegem.example",
            pass("hackegem.example"),
            "sender: proven, Gemeente Hackegem",
            "This sender would get now:",
            true,
        ),
        (
            "els@hackegem.example",
            "spf=pass; dkim=none; dmarc=none".to_owned(),
            "sender: NOT PROVEN: the address is one of Gemeente Hackegem",
            "This sender would get now:",
            false,
        ),
        (
            "els@oud-lekkegem.example",
            pass("oud-lekkegem.example"),
            "sender: NOT PROVEN: a domain of Gemeente Lekkegem that is no longer in use",
            "This sender would get now:",
            false,
        ),
        (
            "els@elders.example",
            pass("elders.example"),
            "sender: unknown: not on the list of constituents",
            "This sender would get now:",
            false,
        ),
        (
            "els@hackegem.example",
            "dmarc=fail header.from=hackegem.example".to_owned(),
            "sender: REFUSED: DMARC failed",
            "No automatic reply: the sender is refused; a human looks.",
            false,
        ),
        (
            "crt@crt.example",
            pass("crt.example"),
            "sender: REFUSED: it comes from our own address",
            "No automatic reply: ",
            false,
        ),
    ] {
        let told = triage(&desk, mail(from, &checks, BREACH));
        assert!(told.contains(&format!("\n{sender}")), "{told}");
        assert!(told.contains(&format!("\n\n{heading}")), "{told}");
        assert_eq!(told.contains(clock), has_clock, "{from} {checks}: {told}");
    }
}

#[test]
fn a_domain_is_the_same_in_unicode_and_as_dns_writes_it() {
    let (unicode, ascii) = ("gemeente-café.example", "xn--gemeente-caf-meb.example");
    let desk = desk();
    let apart = "Gemeente-Cafe\u{301}.example";
    for (listed, from, signed) in [
        (unicode, ascii, unicode),
        (ascii, unicode, ascii),
        (ascii, apart, unicode),
    ] {
        std::fs::write(
            desk.path("towns.csv"),
            format!(
                "domain;name;kind;status;contact;callback_phone\n{listed};Gemeente Café;gemeente;actief;;\n"
            ),
        )
        .unwrap();
        let checks = format!("dkim=pass header.d={signed}");
        let told = triage(&desk, mail(&format!("els@{from}"), &checks, BREACH));
        assert!(
            told.contains("\nsender: proven, Gemeente Café\n"),
            "{listed} {from} {signed}: {told}"
        );
    }
    let alike = "gemeente-caf\u{435}.example";
    let checks = format!("dkim=pass header.d={alike}");
    let told = triage(&desk, mail(&format!("els@{alike}"), &checks, BREACH));
    assert!(
        told.contains("\nsender: unknown") && told.contains("\nLOOK-ALIKE: "),
        "{told}"
    );
}

#[test]
fn a_mail_that_is_not_written_to_us_is_said_to_be() {
    let elsewhere = mail("els@hackegem.example", "dmarc=none", BREACH)
        .replace("To: crt@crt.example", "To: els@hackegem.example");
    let told = triage(&desk(), elsewhere);
    assert!(
        told.contains("No automatic reply: none of our addresses is in To or Cc"),
        "{told}"
    );
}

#[test]
fn the_mode_says_whether_the_reply_leaves() {
    let desk = Desk::new();
    for (mode, heading) in [
        (
            "observe",
            "Only a draft is written (mode = \"observe\"); this sender would get:",
        ),
        ("approve", "After `tickets approve` this sender would get:"),
    ] {
        desk.write_config(|text| text.replace("phone =", &format!("mode = \"{mode}\"\nphone =")));
        let told = triage(&desk, mail("els@hackegem.example", "dmarc=none", BREACH));
        assert!(told.contains(&format!("\n\n{heading}\n")), "{told}");
    }
}

#[test]
fn without_a_configuration_it_says_what_it_needs_and_shows_what_a_proven_sender_gets() {
    let told = said(eerstelijn(
        &["triage", "-"],
        &mail("els@hackegem.example", "dmarc=pass", BREACH),
    ));
    assert!(
        told.contains("\nsender: name a configuration with --config"),
        "{told}"
    );
    assert!(told.contains("\n\nA proven sender would get:\n"), "{told}");
    assert!(told.contains("72 uur"), "{told}");
}

#[test]
fn words_from_outside_can_not_turn_the_terminal_around() {
    let hostile = "From: \"Els \u{202e}\u{1b}[2J\" <els@hackegem.example>\nTo: crt@crt.example\nSubject: Hulp\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\n\nik klikte op een link\n\
         --b\nContent-Type: application/pdf; name=\"\u{202e}fdp.exe\"\n\n%PDF-1.4\n--b--\n";
    let told = triage(&desk(), hostile);
    assert!(
        told.contains("file: ") && !told.contains(['\u{202e}', '\u{1b}']),
        "{told}"
    );
}

#[test]
fn the_openpgp_layer_is_said_in_words() {
    let desk = desk();
    let file = desk.path("team.asc");
    let config = std::fs::read_to_string(desk.path("config.toml")).unwrap();
    let config = format!("{config}\n[pgp]\nkey_file = \"{}\"\n", file.display());
    std::fs::write(desk.path("config.toml"), config).unwrap();
    let made = desk.run(&["keys", "pgp"]);
    assert_eq!(made.code, 0, "{made:?}");
    let an = GnuPg::of("An Peeters", "an.peeters@hackegem.example").knows(&made.stdout);
    let plain = entity("Hulp", "Ik gaf mijn paswoord af.", None);
    let bare = sealed(AN, "m1", &an.encrypts(&plain, &["--sign"]));
    let told = triage(&desk, &bare);
    assert!(
        told.contains(
            "\nOpenPGP: encrypted (PGP/MIME), opened; signature of a key that did not come along\n"
        ),
        "{told}"
    );
    let with_key = entity("Hulp", "Ik gaf mijn paswoord af.", Some(&an.public()));
    let told = triage(
        &desk,
        sealed(AN, "m1", &an.encrypts(&with_key, &["--sign"])),
    );
    assert!(
        told.contains("\nOpenPGP: encrypted (PGP/MIME), opened; good signature of "),
        "{told}"
    );
    assert!(
        told.contains("\n\nThis sender would get now, encrypted to ")
            && told.contains(" and signed:\n"),
        "{told}"
    );
}
