//! The JSON of `triage` and `ask` as other programs read it: the names of all fields, their types and
//! the words that a closed list allows. Fields may be added, here too; none is renamed or removed.

use crate::commands::{eerstelijn, outcome, program};
use serde_json::Value;

const TRIAGE: &str = "alternatives answerable attachments authentication because category confidence \
    constituent duties facts failed_recipients forwarded from guidance id indicators kind language \
    look_alike machine_because page pgp questions reply severity subject text tlp wish";
const FACTS: &str = "admin_rights amount approved_mfa backups_reached clicked contained devices_affected \
    encrypted_device entered_credentials ongoing opened_attachment paid people_affected personal_data \
    sensitive_data servers_affected services_down supplier_involved \
    danger spreading cause_known";
const KINDS: &str =
    "incident question subscription other alert auto-reply bounce machine-report list";
const LANGUAGES: &str = "nl fr en de und";
const CATEGORIES: &str = "phishing account-compromise payment-fraud ransomware malware data-breach \
    lost-device ddos defacement intrusion vulnerability supplier-incident outage impersonation \
    extortion insider-misuse other";
const INDICATORS: &str = "url domain ipv4 ipv6 email md5 sha1 sha256 cve iban bitcoin phone file";

const VERDICTS: &str = "unchecked none pass fail neutral";
const PGP_FORMS: &str = "none mime-encrypted mime-signed inline-encrypted inline-signed";

const MAIL: &str = "\
From: An Peeters <an.peeters@hackegem.example>
To: crt@crt.example
Subject: Hulp
Message-ID: <melding@hackegem.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=grens

--grens
Content-Type: text/plain; charset=utf-8

ik heb op de link https://evil.example/login geklikt en mijn paswoord ingegeven,
en er vertrekken nu mails uit mijn naam

--grens
Content-Type: application/pdf; name=factuur.pdf
Content-Disposition: attachment; filename=factuur.pdf

%PDF
--grens
Content-Type: message/rfc822

From: Bank <bank@evil.example>
Subject: Uw rekening
Date: Mon, 23 Nov 2026 21:00:00 +0100

Klik op https://evil.example/login
--grens--
";

const BOUNCE: &str = "\
From: MAILER-DAEMON@mx.example
To: crt@crt.example
Subject: Undelivered Mail Returned to Sender
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=grens

--grens
Content-Type: text/plain

could not be delivered
--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; weg@hackegem.example
Action: failed
Status: 5.1.1
--grens--
";

fn parse(text: &str) -> Value {
    assert!(text.ends_with('\n') && text.lines().count() == 1, "{text}");
    serde_json::from_str(text).unwrap()
}

fn triage(mail: &str) -> Value {
    let told = eerstelijn(&["triage", "--json"], mail);
    assert_eq!(told.code, 0, "{told:?}");
    parse(&told.stdout)
}

fn keys(object: &Value, expected: &str) {
    let mut found: Vec<&String> = object.as_object().unwrap().keys().collect();
    found.sort();
    let mut expected: Vec<&str> = expected.split_whitespace().collect();
    expected.sort_unstable();
    assert_eq!(found, expected, "{object}");
}

fn one_of(value: &Value, words: &str) {
    let word = value.as_str().unwrap();
    assert!(
        words.split_whitespace().any(|allowed| allowed == word),
        "{word}: {words}"
    );
}

fn texts(list: &Value) {
    assert!(
        list.as_array().unwrap().iter().all(Value::is_string),
        "{list}"
    );
}

fn share(number: &Value) {
    assert!((0.0..=1.0).contains(&number.as_f64().unwrap()), "{number}");
}

fn text_or_null(value: &Value) {
    assert!(value.is_string() || value.is_null(), "{value}");
}

/// Everything that holds for every object of `triage`.
fn is_triage_object(object: &Value) {
    keys(object, TRIAGE);
    one_of(&object["kind"], KINDS);
    one_of(&object["language"], LANGUAGES);
    one_of(&object["severity"], "critical high medium low");
    let incident = object["kind"] == "incident" || object["kind"] == "alert";
    assert_eq!(object["category"].is_string(), incident, "{object}");
    if incident {
        one_of(&object["category"], CATEGORIES);
    }
    share(&object["confidence"]);
    for other in object["alternatives"].as_array().unwrap() {
        keys(other, "category confidence");
        one_of(&other["category"], CATEGORIES);
        share(&other["confidence"]);
    }
    for list in [
        "because",
        "machine_because",
        "failed_recipients",
        "duties",
        "questions",
    ] {
        texts(&object[list]);
    }
    keys(&object["facts"], FACTS);
    for (name, fact) in object["facts"].as_object().unwrap() {
        let counted = fact.is_number() || fact == "unknown";
        let told = fact
            .as_str()
            .is_some_and(|word| ["yes", "no", "unknown"].contains(&word));
        assert!(counted || told, "{name}: {fact}");
    }
    assert!(object["page"].is_boolean() && object["answerable"].is_boolean());
    assert!(object["text"].is_string() && object["subject"].is_string());
    keys(&object["from"], "address name");
    has_evidence_form(object);
    for name in ["constituent", "tlp", "reply"] {
        text_or_null(&object[name]);
    }
    if object["answerable"] == false {
        assert!(object["reply"].is_null(), "{object}");
    }
}

fn has_evidence_form(object: &Value) {
    for file in object["attachments"].as_array().unwrap() {
        keys(file, "content mime name password sha256 size");
        assert!(file["content"].is_null() || file["content"].is_string());
        assert!(file["password"].is_boolean());
        assert!(file["size"].is_u64());
        assert_eq!(file["sha256"].as_str().unwrap().len(), 64);
    }
    for mail in object["forwarded"].as_array().unwrap() {
        keys(mail, "date from subject text via");
        keys(&mail["from"], "address name");
        one_of(&mail["via"], "inline rfc822 msg");
    }
    for indicator in object["indicators"].as_array().unwrap() {
        keys(indicator, "defanged type value");
        one_of(&indicator["type"], INDICATORS);
        assert!(indicator["value"].is_string() && indicator["defanged"].is_string());
    }
    keys(&object["authentication"], "dkim dmarc spf");
    for word in object["authentication"].as_object().unwrap().values() {
        one_of(word, VERDICTS);
    }
    keys(&object["pgp"], "decrypted form signature signer");
    assert!(object["pgp"]["decrypted"].is_boolean());
    one_of(&object["pgp"]["form"], PGP_FORMS);
    one_of(
        &object["pgp"]["signature"],
        "none good bad unknown-key outdated",
    );
    for used in object["guidance"].as_array().unwrap() {
        keys(used, "id kind score section version");
        one_of(&used["kind"], "playbook memo duty obligation contract");
        assert!(used["score"].is_f64());
    }
}

#[test]
fn one_mail_is_one_object_with_every_field() {
    let object = triage(MAIL);
    is_triage_object(&object);
    assert_eq!(object["id"], Value::Null);
    assert_eq!(object["category"], "account-compromise");
    assert_eq!(object["facts"]["clicked"], "yes");
    assert_eq!(object["from"]["name"], "An Peeters");
    assert_eq!(object["attachments"][0]["name"], "factuur.pdf");
    assert_eq!(object["forwarded"][0]["via"], "rfc822");
    assert_eq!(object["authentication"]["spf"], "unchecked");
    assert_eq!(object["pgp"]["form"], "none");
    assert!(object["reply"].is_string() && !object["guidance"].as_array().unwrap().is_empty());
    let url = &object["indicators"].as_array().unwrap()[0];
    assert_eq!(url["type"], "url");
    assert_eq!(url["defanged"], "hxxps://evil[.]example/login");
}

#[test]
fn turns_tell_the_stories_of_a_conversation() {
    let lines = [
        r#"{"id":"phish","channel":"mail","turns":["Wij kregen een verdachte mail met een link naar een aanmeldpagina van Microsoft.","1) neen 2) ja","Ze heeft toch haar wachtwoord ingevuld op die pagina.","Er vertrekken nu mails uit haar naam naar al onze contacten!"]}"#,
        r#"{"id":"slow","channel":"chat","turns":["onze fileserver is heel traag sinds vanmorgen","op de schijf staan ineens rare bestandsnamen, alles eindigt op .lockd en gaat niet meer open","nu staat er een README met een losgeldbrief op elk scherm"]}"#,
        r#"{"id":"alarm","channel":"chat","turns":["al onze servers zijn versleuteld, er staat een losgeldbrief!","vals alarm, het was een oefening","toch geen vals alarm, er worden nu echt bestanden versleuteld"]}"#,
        r#"{"id":"two","channel":"mail","turns":["Een collega kreeg een valse mail van de bank. Ze heeft nergens op geklikt.","Iets anders intussen: uit mijn wagen is mijn dienstlaptop gestolen met sociale dossiers op."]}"#,
        r#"{"id":"human","channel":"chat","turns":["ik kreeg een phishingmail van een valse bank","ik wil een mens spreken","is daar al iemand?"]}"#,
    ];
    let told = eerstelijn(&["triage", "--jsonl"], &(lines.join("\n") + "\n"));
    assert_eq!(told.code, 0, "{told:?}");
    let short = |turn: &Value| {
        let questions = turn["questions"].as_array().unwrap().len();
        let reply = if turn["reply"].is_null() {
            "silent"
        } else {
            "answered"
        };
        format!(
            "{} {} page={} wish={} {reply}, {questions} questions",
            turn["category"].as_str().unwrap(),
            turn["severity"].as_str().unwrap(),
            turn["page"],
            turn["wish"].as_str().unwrap_or("-"),
        )
    };
    let stories: Vec<String> = told
        .stdout
        .lines()
        .map(|line| {
            let story: Value = serde_json::from_str(line).unwrap();
            let turns = story["turns"].as_array().unwrap().iter().map(short);
            format!(
                "{}\n  {}",
                story["id"].as_str().unwrap(),
                turns.collect::<Vec<_>>().join("\n  ")
            )
        })
        .collect();
    insta::assert_snapshot!("stories_of_conversations", stories.join("\n"));
}

#[test]
fn a_machine_is_never_answered() {
    let object = triage(BOUNCE);
    is_triage_object(&object);
    assert_eq!(object["kind"], "bounce");
    assert_eq!(object["answerable"], false);
    assert_eq!(object["failed_recipients"][0], "weg@hackegem.example");
    assert!(!object["machine_because"].as_array().unwrap().is_empty());
}

#[test]
fn lines_of_triage_are_objects_in_order_and_turns_are_lists_of_them() {
    let input = "{\"id\":\"a\",\"channel\":\"mail\",\"subject\":\"Vraag\",\"text\":\"hoe maken wij back-ups?\"}\n\
        {\"id\":\"b\",\"channel\":\"chat\",\"turns\":[\"onze server is gehackt\",\"nu worden bestanden versleuteld\"]}\n\
        {\"channel\":\"chat\",\"subject\":\"\",\"text\":\"onze website ligt plat\"}\n";
    let told = eerstelijn(&["triage", "--jsonl"], input);
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    let lines: Vec<Value> = told
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ids: Vec<&Value> = lines.iter().map(|line| &line["id"]).collect();
    assert_eq!(ids, [&Value::from("a"), &Value::from("b"), &Value::Null]);
    is_triage_object(&lines[0]);
    is_triage_object(&lines[2]);
    keys(&lines[1], "id turns");
    let turns = lines[1]["turns"].as_array().unwrap();
    assert_eq!(turns.len(), 2);
    turns.iter().for_each(is_triage_object);
    assert_eq!(turns[1]["category"], "ransomware");
}

/// Everything that holds for every object of `ask`.
fn is_answer(object: &Value, most: usize) {
    keys(object, "answered answers id language");
    one_of(&object["language"], LANGUAGES);
    let answers = object["answers"].as_array().unwrap();
    assert_eq!(object["answered"], !answers.is_empty());
    assert!(answers.len() <= most);
    for answer in answers {
        keys(
            answer,
            "id kind reviewed_on score section sureness text title url version",
        );
        one_of(&answer["kind"], "playbook memo duty obligation contract");
        for name in ["url", "reviewed_on"] {
            assert!(answer[name].is_null() || answer[name].is_string(), "{name}");
        }
        assert!(answer["score"].is_f64());
        assert!((0.0..=1.0).contains(&answer["sureness"].as_f64().unwrap()));
        for name in ["id", "section", "text", "title", "version"] {
            assert!(answer[name].is_string(), "{name}");
        }
    }
}

#[test]
fn words_without_quotes_are_one_question_and_a_limit_of_none_is_refused() {
    let told = eerstelijn(
        &["ask", "hoe", "maken", "wij", "back-ups?", "--limit", "1"],
        "",
    );
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    assert!(told.stdout.starts_with("1. "), "{}", told.stdout);
    assert!(
        told.stdout
            .contains("Memo backup-en-recovery, nagekeken op ")
    );
    let quoted = eerstelijn(&["ask", "hoe maken wij back-ups?", "--limit", "1"], "");
    assert_eq!(quoted.stdout, told.stdout);
    let none = eerstelijn(&["ask", "mfa", "--limit", "0"], "");
    assert_eq!((none.code, none.stdout.as_str()), (2, ""));
    assert!(none.stderr.contains("name at least 1"), "{}", none.stderr);
    let french = eerstelijn(&["ask", "qui a gagné le match de football hier ?"], "");
    assert!(
        french.stdout.starts_with("Pas de mémo"),
        "{}",
        french.stdout
    );
}

#[test]
fn a_question_has_answers_or_says_that_it_has_none() {
    let question = "hoe organiseren wij het best onze back-ups?";
    let told = outcome(
        program().args(["ask", question, "--json", "--limit", "2"]),
        b"",
    );
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    let object = parse(&told.stdout);
    is_answer(&object, 2);
    assert_eq!(
        (&object["id"], &object["answered"]),
        (&Value::Null, &true.into())
    );

    let input = format!(
        "{{\"id\":\"a\",\"text\":\"{question}\"}}\n{{\"id\":\"b\",\"text\":\"xyzzy plugh\"}}\n"
    );
    let told = eerstelijn(&["ask", "--jsonl"], &input);
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    let lines: Vec<Value> = told
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        is_answer(line, 3);
    }
    assert_eq!(
        (&lines[0]["id"], &lines[1]["id"]),
        (&"a".into(), &"b".into())
    );
    assert_eq!(lines[1]["answered"], false);
}

#[test]
fn a_duty_an_obligation_and_a_contract_are_answers_like_a_memo() {
    let asked = [
        (
            "duty",
            "Melding van een inbreuk op persoonsgegevens aan de toezichthouder",
        ),
        (
            "obligation",
            "Wie moet de wijziging van de statuten van een opdrachthoudende vereniging goedkeuren?",
        ),
        (
            "contract",
            "Wat zit er in de raamovereenkomsten Programma ICT 2022?",
        ),
    ];
    let input: Vec<String> = asked
        .iter()
        .map(|(kind, text)| format!("{{\"id\":\"{kind}\",\"text\":\"{text}\"}}\n"))
        .collect();
    let told = eerstelijn(&["ask", "--jsonl", "--limit", "8"], &input.concat());
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    assert_eq!(told.stdout.lines().count(), asked.len());
    for ((kind, _), line) in asked.iter().zip(told.stdout.lines()) {
        let object: Value = serde_json::from_str(line).unwrap();
        is_answer(&object, 8);
        assert_eq!(object["id"], *kind);
        let mut answers = object["answers"].as_array().unwrap().iter();
        let answer = answers.find(|answer| answer["kind"] == *kind);
        let answer = answer.unwrap_or_else(|| panic!("no {kind}: {object}"));
        let id = answer["id"].as_str().unwrap();
        assert!(id.starts_with(&format!("{kind}:")), "{id}");
        // Its text names the day and the address.
        assert_eq!(
            (&answer["reviewed_on"], &answer["url"]),
            (&Value::Null, &Value::Null)
        );
        for name in ["section", "text", "title", "version"] {
            assert_ne!(answer[name], "", "{name}: {answer}");
        }
    }
}
