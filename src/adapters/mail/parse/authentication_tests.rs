//! Which record of the sender is believed, and what it says.

use crate::adapters::mail::parse::authentication::{is_local_delivery, weigh};
use crate::app::ports::mail::Border;
use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::intake::message::{HeaderField, IncomingMail};
use crate::domain::intake::sender::{Authentication, Verdict};

const LMTP: &str = "from mx.crt.example by imap.crt.example with LMTP id 1; Mon, 23 Nov 2026";
const BORDER: &str =
    "from evil (evil.example [192.0.2.1]) by mx.crt.example (Postfix) with ESMTPS id 2";

fn mail(from: &str, headers: &[(&str, &str)]) -> IncomingMail {
    let headers = headers.iter().map(|(name, value)| HeaderField {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    });
    IncomingMail {
        from: vec![Mailbox {
            name: String::new(),
            address: EmailAddress::parse(from).unwrap(),
        }],
        headers: headers.collect(),
        ..IncomingMail::default()
    }
}

fn weighed(headers: &[(&str, &str)], hops: usize) -> Authentication {
    let border = Border {
        authserv_ids: vec!["mx.crt.example".to_owned()],
        own_hops: hops,
    };
    weigh(&mail("an@hackegem.example", headers), &border)
}

/// One sign each for SPF, DKIM and DMARC: `-` unchecked, `0` none, `+` pass, `x` fail, `~` neutral.
fn of(result: &str) -> String {
    let value = format!("mx.crt.example; {result}");
    let all = weighed(&[("Authentication-Results", &value)], 0);
    let sign = |verdict| match verdict {
        Verdict::Unchecked => '-',
        Verdict::None => '0',
        Verdict::Pass => '+',
        Verdict::Fail => 'x',
        Verdict::Neutral => '~',
    };
    [all.spf, all.dkim, all.dmarc].map(sign).iter().collect()
}

#[test]
fn methods_and_their_results() {
    for (expected, result) in [
        ("---", "none"),
        (
            "+0+",
            "spf=pass smtp.mailfrom=an@hackegem.example; dkim=none; dmarc=pass header.from=hackegem.example",
        ),
        ("--~", "dmarc=pass header.from=evil.example"),
        ("--~", "dmarc=pass"),
        ("--x", "dmarc=fail (p=reject) header.from=hackegem.example"),
        ("--+", "DMARC = PASS header.from = HACKEGEM.example"),
        ("-+-", "dkim=pass header.d=hackegem.example"),
        ("-+-", "dkim=pass header.d=mail.hackegem.example"),
        ("-+-", "dkim=pass header.i=@hackegem.example"),
        ("-~-", "dkim=pass header.d=example"),
        ("-~-", "dkim=pass header.d=evil.example"),
        ("-~-", "dkim=pass header.d=evilhackegem.example"),
        (
            "-+-",
            "dkim=fail header.d=a.example; dkim=pass header.d=hackegem.example",
        ),
        (
            "-x-",
            "dkim=fail header.d=hackegem.example; dkim=pass header.d=evil.example",
        ),
        ("~--", "spf=softfail smtp.mailfrom=x"),
        ("~--", "spf=temperror; x-odd=pass; ;;"),
        (
            "-+-",
            "dkim/1=pass reason=\"a; dmarc=pass header.from=hackegem.example\" header.d=hackegem.example",
        ),
        (
            "+--",
            r#"spf=pass smtp.mailfrom="x\"; dmarc=pass header.from=hackegem.example; y=\"z"@evil.example"#,
        ),
        (
            "--x",
            "dmarc=pass header.from=hackegem.example; dmarc=fail header.from=hackegem.example",
        ),
        (
            "00-",
            "spf=none (dmarc=pass header.from=hackegem.example); dkim=none",
        ),
    ] {
        assert_eq!(of(result), expected, "{result}");
    }
}

#[test]
fn only_a_configured_server_is_believed() {
    let good = "dmarc=pass header.from=hackegem.example";
    for (id, expected) in [
        ("mx.crt.example;", Verdict::Pass),
        ("MX.crt.example 1;", Verdict::Pass),
        ("(our border) mx.crt.example;", Verdict::Pass),
        ("mx.crt.example 2;", Verdict::Unchecked),
        ("mx.evil.example;", Verdict::Unchecked),
        ("mx.crt.example.evil.example;", Verdict::Unchecked),
        ("", Verdict::Unchecked),
    ] {
        let value = format!("{id} {good}");
        assert_eq!(
            weighed(&[("Authentication-Results", &value)], 0).dmarc,
            expected,
            "{id}"
        );
    }
    let value = format!("mx.crt.example; {good}");
    let mail = mail("an@hackegem.example", &[("Authentication-Results", &value)]);
    assert_eq!(
        weigh(
            &mail,
            &Border {
                authserv_ids: Vec::new(),
                own_hops: 9
            }
        ),
        Authentication::default()
    );
}

#[test]
fn a_forged_field_is_not_believed() {
    let forged = (
        "Authentication-Results",
        "mx.crt.example; dmarc=pass header.from=hackegem.example",
    );
    let honest = (
        "Authentication-Results",
        "mx.crt.example; dmarc=fail header.from=hackegem.example",
    );
    let future = ("Authentication-Results", "mx.crt.example 2; dmarc=pass");
    let (lmtp, border) = (("Received", LMTP), ("Received", BORDER));
    for (headers, hops, expected) in [
        (&[lmtp, honest, border, forged][..], 0, Verdict::Fail),
        (&[lmtp, border, forged], 0, Verdict::Unchecked),
        (&[border, forged], 0, Verdict::Unchecked),
        (&[border, forged, border], 0, Verdict::Unchecked),
        (&[honest, forged, border], 0, Verdict::Fail),
        // Of a version that nobody knows, but ours: what is below is still not believed.
        (&[future, forged, border], 0, Verdict::Unchecked),
        // Behind a milter: one hop of ours above, and its field is the topmost.
        (&[lmtp, border, honest, forged], 1, Verdict::Fail),
        // Behind an internal relay.
        (&[lmtp, border, honest, border, forged], 1, Verdict::Fail),
        (&[lmtp, border, border, forged], 1, Verdict::Unchecked),
    ] {
        assert_eq!(weighed(headers, hops).dmarc, expected);
    }
}

#[test]
fn several_senders_prove_nothing() {
    let mut two = mail(
        "an@hackegem.example",
        &[(
            "Authentication-Results",
            "mx.crt.example; dmarc=pass header.from=hackegem.example",
        )],
    );
    two.from.push(two.from[0].clone());
    let border = Border::from(vec!["mx.crt.example".to_owned()]);
    assert_eq!(weigh(&two, &border).dmarc, Verdict::Neutral);
}

#[test]
fn local_delivery_is_told_from_the_way_in() {
    for (received, local) in [
        (LMTP, true),
        ("from mx by imap with UTF8LMTPS id 1", true),
        (BORDER, false),
        (
            "from evil with LMTP (evil [192.0.2.1]) by mx with ESMTP id 1",
            false,
        ),
        (
            "from x by y with LMTP ((( (evil [192.0.2.1]) by mx with ESMTP id 1",
            false,
        ),
        ("from evil (with LMTP id) by mx with ESMTP id 1", false),
        ("by mx (Postfix, from userid 0) id 1", false),
    ] {
        assert_eq!(is_local_delivery(received), local, "{received}");
    }
}

#[test]
fn only_the_first_line_can_be_the_delivery() {
    let forged = (
        "Authentication-Results",
        "mx.crt.example; dmarc=pass header.from=hackegem.example",
    );
    let trick = "from x by mx.crt.example (Postfix) for <x+)@crt.example>; with LMTP id 1";
    assert_eq!(
        weighed(&[("Received", LMTP), forged], 0).dmarc,
        Verdict::Pass
    );
    for second in [LMTP, trick] {
        let headers = [("Received", LMTP), ("Received", second), forged];
        assert_eq!(weighed(&headers, 0).dmarc, Verdict::Unchecked, "{second}");
    }
}
