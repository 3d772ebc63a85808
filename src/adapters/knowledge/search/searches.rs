//! What people ask, and what they must find: in three languages, misspelt, in passing, and off the
//! subject.

use crate::adapters::knowledge::shipped::{knowledge, look_for, look_for_on};
use crate::domain::guidance::handbook::{Passage, PassageKind};
use crate::domain::triage::language::Language;

/// Language, the entry that must come first, the question.
const ASKED: &str = "
nl | backup-en-recovery | Hoe vaak moeten wij onze back-ups testen?
nl | backup-en-recovery | Wat is de 3-2-1-regel?
nl | backup-en-recovery | Hoe lang bewaren we reservekopieën?
nl | backup-en-recovery | Wat betekenen RPO en RTO?
nl | backup-en-recovery | bakcup terugzetten na ransomware
nl | backup-en-recovery | Goeiedag, kunnen jullie ons advies geven over het beleid rond backups? Alvast bedankt
fr | backup-en-recovery | Comment organiser nos sauvegardes ?
fr | backup-en-recovery | Faut-il garder une copie hors ligne des sauvegardes ?
en | backup-en-recovery | How long should we keep our backups?
en | backup-en-recovery | Do we need immutable backups?
nl | tiktok-blokkeren | Moeten wij TikTok verbieden op diensttoestellen?
nl | tiktok-blokkeren | tiktok blokkeren op smartphones van het werk
nl | tiktok-blokkeren | Mag TikTok nog op de gsm van de communicatiedienst?
nl | tiktok-blokkeren | tikotk app verbieden
fr | tiktok-blokkeren | Peut-on interdire TikTok sur les téléphones de service ?
en | tiktok-blokkeren | Should we block TikTok on work phones?
nl | siem | Hebben wij een SIEM nodig?
nl | siem | Welke logs moet een SIEM verzamelen?
nl | siem | siem of soc, wat kiest een kleine gemeente?
fr | siem | Avons-nous besoin d'un SIEM ?
en | siem | Is a SIEM worth it for a small town?
und | siem | SIEM?
nl | phishing | Wat doen bij phishing?
nl | phishing | wat te doen met een phisingmail
fr | phishing | Que faire en cas d'hameçonnage ?
nl | duty:D1 | Wanneer moet ik een datalek melden bij de GBA?
nl | duty:D4 | Wij zijn een politiezone, moeten wij een datalek aan het COC melden?
fr | duty:D1 | Dans quel délai notifier une violation de données à l'APD ?
nl | obligation:eedaflegging | Aan wie moeten we de eedaflegging melden?
nl | obligation:aanvraag-ontslag-burgemeester | De burgemeester neemt ontslag, aan wie bezorgen we dat?
nl | obligation:akte-van-voordracht | artikel 58 DLB
nl | ceo-fraude | We betaalden een valse factuur, het rekeningnummer was gewijzigd
nl | lost-device | laptop gestolen wat nu
en | ransomware | What should we do about a ransomware attack?
fr | ddos | Que faire lors d'une attaque DDoS ?
en | ddos-voorbereiding | What should we do before a DDoS attack?
nl | obligation:toelichting-voorstel-bedrag-van-fractietoelagen | fractietoelagen
nl | obligation:toelichting-voorstel-bedrag-van-fractietoelagen | Aan wie moeten we de fractietoelagen melden?
";

/// Language and a question that nothing here is about.
const OFF_THE_SUBJECT: &str = "
nl | Wanneer is het containerpark open?
nl | Hoe vraag ik een nieuwe identiteitskaart aan?
nl | Wie is de burgemeester van onze gemeente?
nl | Wat is het recept voor pannenkoeken?
nl | Kan ik de feestzaal huren voor een trouw?
nl | Hoeveel bedraagt de premie voor zonnepanelen?
nl | Wij willen graag een offerte voor nieuwe bureaustoelen
nl | Wat is het telefoonnummer van de dienst burgerzaken?
nl | Wij zoeken een leverancier voor koffie en drank op kantoor
nl | Mijn printer doet het niet meer
nl | Hoe zit het met de verlofregeling van het personeel tijdens de kerstvakantie?
nl | Wanneer wordt het grofvuil opgehaald in onze straat?
nl | Kunnen wij de vergaderzaal reserveren voor volgende week dinsdag?
fr | Quels sont les horaires de la piscine ?
fr | Où puis-je acheter des sacs poubelle ?
en | What time does the library close on Sunday?
en | How do I register my dog with the town hall?
nl | ??? !!! (^ a:* title:x \u{0} AND OR NOT \"
nl | 2026 12 34
nl |
";

fn lines(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.split('|').map(str::trim).collect())
}

fn found(language: &str, question: &str) -> Vec<Passage> {
    let language: Language = language.parse().unwrap();
    look_for(question, language, 4)
}

fn shown(passages: &[Passage]) -> String {
    let each = passages
        .iter()
        .map(|passage| format!("{} {:.2}", passage.id, passage.score));
    each.collect::<Vec<_>>().join(", ")
}

#[test]
fn questions_find_what_is_about_them() {
    let mut wrong = Vec::new();
    for line in lines(ASKED) {
        let passages = found(line[0], line[2]);
        if passages.first().is_none_or(|first| first.id != line[1]) {
            wrong.push(format!("{line:?}: {}", shown(&passages)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_of_an_obligation_in_passing_dont_ask_for_it() {
    for question in [
        "installatie van een programma op de laptop van een gemeenteraadslid",
        "De burgemeester krijgt geen mails meer na het ontslag van de ICT'er",
    ] {
        let passages = look_for(question, Language::Nl, 4);
        let listed = passages
            .iter()
            .any(|passage| passage.kind == PassageKind::Obligation);
        assert!(!listed, "{question}: {}", shown(&passages));
    }
}

#[test]
fn a_framework_contract_is_found_until_it_ends() {
    for (question, contract) in [
        (
            "Is er een raamcontract voor ICT-diensten?",
            "contract:ict-2022",
        ),
        (
            "raamovereenkomst SIEM of SOC",
            "contract:lokaal-digitaal-siem-soc",
        ),
    ] {
        let passages = look_for(question, Language::Nl, 3);
        let found = passages.iter().find(|passage| passage.id == contract);
        let found = found.unwrap_or_else(|| panic!("{question}: {}", shown(&passages)));
        assert_eq!(found.kind, PassageKind::Contract);
        assert!(found.text.contains("Nagekeken op"), "{}", found.text);
    }
    let question = "Is er een raamcontract voor ICT-diensten?";
    let ends = |day| {
        let passages = look_for_on(day, question, Language::Nl, 8);
        passages
            .iter()
            .any(|passage| passage.id == "contract:ict-2022")
    };
    assert_eq!((ends("2028-05-31"), ends("2028-06-01")), (true, false));
    let ended = look_for("raamovereenkomst audit penetratietest", Language::Nl, 8);
    assert!(!ended.is_empty());
    assert!(
        !ended
            .iter()
            .any(|passage| passage.id.contains("audit-vlaanderen"))
    );
}

#[test]
fn an_answer_about_a_duty_or_an_obligation_carries_what_a_person_needs() {
    for (language, question, parts) in [
        (
            "nl",
            "Wanneer moet ik een datalek melden bij GBA of VTC?",
            &[
                "72 uur",
                "GBA; VTC",
                "Betwist",
                "AVG art. 33",
                "https://",
                "Nagekeken op 01/11/2026",
            ][..],
        ),
        (
            "fr",
            "Dans quel délai notifier une violation de données à l'APD ?",
            &[
                "72 heures",
                "se contredisent",
                "AVG art. 33",
                "https://",
                "Vérifié le 01/11/2026",
            ],
        ),
        (
            "en",
            "To which supervisory authority must a personal data breach be notified?",
            &[
                "72 hours",
                "disagree",
                "AVG art. 33",
                "https://",
                "Checked on 1 November 2026",
            ],
        ),
        (
            "nl",
            "Aan wie moeten we de eedaflegging melden?",
            &[
                "Agentschap Binnenlands Bestuur",
                "beschadigd",
                "BA 2003/05",
                "https://",
                "De codex gaat voor",
            ],
        ),
    ] {
        let passages = found(language, question);
        let is_listed = |passage: &&Passage| {
            matches!(passage.kind, PassageKind::Duty | PassageKind::Obligation)
        };
        let answer = passages.iter().find(is_listed);
        let answer = answer.unwrap_or_else(|| panic!("{question}: {}", shown(&passages)));
        for part in parts {
            assert!(
                answer.text.contains(part),
                "{question}: no {part:?} in\n{}",
                answer.text
            );
        }
    }
}

#[test]
fn what_nothing_here_is_about_finds_nothing() {
    let mut wrong = Vec::new();
    for line in lines(OFF_THE_SUBJECT) {
        let passages = found(line[0], line[1]);
        if !passages.is_empty() {
            wrong.push(format!("{line:?}: {}", shown(&passages)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_long_report_finds_the_memo_it_touches() {
    let report = "Goedemorgen, deze nacht zijn al onze servers versleuteld. Op elk scherm staat een \
        losgeldboodschap en de bestanden hebben een vreemde extensie. Onze leverancier zegt dat de back-up \
        misschien nog bruikbaar is, maar we weten niet of we die mogen terugzetten. Kunt u ons bellen? \
        Met vriendelijke groeten, de ICT-dienst";
    let passages = look_for(report, Language::Nl, 8);
    let is_found = |id: &str| passages.iter().take(4).any(|passage| passage.id == id);
    assert!(
        is_found("ransomware") && is_found("backup-en-recovery"),
        "{}",
        shown(&passages)
    );
}

#[test]
fn playbooks_answer_in_the_language_of_the_question() {
    for (language, question, section) in [
        ("nl", "ransomware", "Nu doen"),
        ("fr", "ransomware", "À faire maintenant"),
        ("en", "ransomware", "Do now"),
        ("de", "ransomware", "Do now"),
    ] {
        let passages = found(language, question);
        let playbook = passages
            .iter()
            .find(|passage| passage.kind == PassageKind::Playbook)
            .unwrap();
        assert_eq!(
            (playbook.id.as_str(), playbook.section.as_str()),
            ("ransomware", section)
        );
        assert!(!playbook.text.contains("[[") && playbook.version.len() == 64);
    }
}

#[test]
fn a_playbook_leads_with_what_to_do_now_unless_another_block_is_asked_for() {
    for (question, playbook, section) in [
        ("laptop gestolen", "lost-device", "Nu doen"),
        ("losgeldbrief op het scherm", "ransomware", "Nu doen"),
        ("wat doen bij een virus", "malware", "Nu doen"),
        (
            "Wat mogen we vooral niet doen bij ransomware?",
            "ransomware",
            "Niet doen",
        ),
        (
            "na ransomware: welk bewijs niet wissen?",
            "ransomware",
            "Bewaren",
        ),
    ] {
        let passages = look_for(question, Language::Nl, 8);
        let first = passages.iter().find(|passage| passage.id == playbook);
        let first = first.unwrap_or_else(|| panic!("{question}: {}", shown(&passages)));
        assert_eq!(first.section, section, "{question}");
    }
}

#[test]
fn a_second_section_of_the_best_memo_comes_before_the_first_of_a_farther_one() {
    let passages = look_for(
        "Moeten wij TikTok verbieden op diensttoestellen?",
        Language::Nl,
        8,
    );
    let ids: Vec<&str> = passages.iter().map(|passage| passage.id.as_str()).collect();
    assert_eq!(ids[..3], ["tiktok-blokkeren"; 3], "{}", shown(&passages));
    // Its place is lower and its score isn't: that says whether it is worth telling.
    let again = passages
        .iter()
        .skip(1)
        .any(|passage| passage.id == ids[0] && passage.score > passages[0].score * 0.75);
    assert!(again, "{}", shown(&passages));
    let farther = passages.iter().find(|passage| passage.id != ids[0]);
    let farther = farther.unwrap_or_else(|| panic!("{}", shown(&passages)));
    assert!(
        farther.sureness < passages[0].sureness,
        "what stands far behind is less sure: {}",
        shown(&passages)
    );
}

#[test]
fn how_long_is_heard() {
    let passages = look_for("Hoelang bewaart u logs?", Language::Nl, 3);
    let found = passages
        .iter()
        .any(|passage| passage.id == "logging" && passage.section == "Hoelang bewaart u logs?");
    assert!(found, "{}", shown(&passages));
}

#[test]
fn a_contract_leads_where_it_is_asked_for_or_as_good_as_named() {
    for (asked, first) in [
        (
            "veiligheidsbouwstenen ACM/IDM aanvragen",
            PassageKind::Contract,
        ),
        (
            "via welk raamcontract kopen wij een SIEM?",
            PassageKind::Contract,
        ),
        ("wat doet een SIEM", PassageKind::Memo),
        ("SIEM", PassageKind::Memo),
        ("MFA", PassageKind::Memo),
    ] {
        let passages = look_for(asked, Language::Nl, 3);
        let kind = passages.first().map(|passage| passage.kind);
        assert_eq!(kind, Some(first), "{asked}: {}", shown(&passages));
    }
}

/// Memo and heading of every section.
fn shipped_headings() -> impl Iterator<Item = (&'static str, &'static str)> {
    knowledge().memos().iter().flat_map(|memo| {
        memo.sections
            .iter()
            .map(|section| (memo.id.as_str(), section.heading.as_str()))
            .filter(|(_, heading)| !heading.is_empty())
    })
}

#[test]
fn a_heading_finds_its_own_section() {
    let mut all = 0;
    let mut missed = Vec::new();
    for (memo, heading) in shipped_headings() {
        all += 1;
        let passages = found("nl", heading);
        let is_found = passages
            .iter()
            .take(3)
            .any(|passage| passage.id == memo && passage.section == heading);
        if !is_found {
            missed.push(format!("{memo}: {heading} -> {}", shown(&passages)));
        }
    }
    let found = all - missed.len();
    assert!(
        all >= 390 && found * 100 >= all * 96,
        "{found} of {all}\n{}",
        missed.join("\n")
    );
}

#[test]
fn hostile_text_is_only_words_and_costs_little() {
    let endless = "a".repeat(1_000_000);
    let many: Vec<String> = (0..50_000).map(|n| format!("woord{n}")).collect();
    let many = many.join(" ");
    for text in [
        endless.as_str(),
        many.as_str(),
        "\u{0}\u{202e}\u{feff}",
        "{{ x }} {% y %}",
    ] {
        assert!(look_for(text, Language::Nl, 4).is_empty());
    }
    assert!(look_for("back-up", Language::Nl, 0).is_empty());
}
