//! What people ask, and what they must find: in three languages, misspelt, in passing, and off the
//! subject.

use crate::adapters::knowledge::shipped::knowledge;
use crate::app::ports::knowledge::Knowledge;
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
nl | data-breach | Wanneer moet ik een datalek melden bij de GBA?
nl | payment-fraud | We betaalden een valse factuur, het rekeningnummer was gewijzigd
nl | lost-device | laptop gestolen wat nu
en | ransomware | What should we do about a ransomware attack?
fr | ddos | Que faire lors d'une attaque DDoS ?
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
    knowledge().search(question, language, 4).unwrap()
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
    let passages = knowledge().search(report, Language::Nl, 8).unwrap();
    let memo = passages
        .iter()
        .find(|passage| passage.kind == PassageKind::Memo);
    assert_eq!(
        memo.map(|memo| memo.id.as_str()),
        Some("backup-en-recovery"),
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
        assert!(
            knowledge()
                .search(text, Language::Nl, 4)
                .unwrap()
                .is_empty()
        );
    }
    assert!(
        knowledge()
            .search("back-up", Language::Nl, 0)
            .unwrap()
            .is_empty()
    );
}
