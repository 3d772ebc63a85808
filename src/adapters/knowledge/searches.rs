//! What people ask, and what they must find: in three languages, misspelt, and off the subject.

use crate::adapters::knowledge::shipped::knowledge;
use crate::app::ports::knowledge::Knowledge;
use crate::domain::triage::language::Language::{self, En, Fr, Nl, Und};

fn found(question: &str, language: Language) -> Vec<String> {
    let passages = knowledge().search(question, language, 4).unwrap();
    passages
        .into_iter()
        .map(|passage| format!("{} {:.2}", passage.id, passage.score))
        .collect()
}

fn is_first(question: &str, language: Language, id: &str) -> bool {
    let passages = knowledge().search(question, language, 4).unwrap();
    passages.first().is_some_and(|first| first.id == id)
}

#[test]
fn questions_find_what_is_about_them() {
    let mut wrong = Vec::new();
    for (question, language, id) in [
        (
            "Hoe vaak moeten wij onze back-ups testen?",
            Nl,
            "backup-en-recovery",
        ),
        ("Wat is de 3-2-1-regel?", Nl, "backup-en-recovery"),
        (
            "Hoe lang bewaren we reservekopieën?",
            Nl,
            "backup-en-recovery",
        ),
        ("Wat betekenen RPO en RTO?", Nl, "backup-en-recovery"),
        ("bakcup terugzetten na ransomware", Nl, "backup-en-recovery"),
        (
            "Comment organiser nos sauvegardes ?",
            Fr,
            "backup-en-recovery",
        ),
        (
            "Faut-il garder une copie hors ligne des sauvegardes ?",
            Fr,
            "backup-en-recovery",
        ),
        (
            "How long should we keep our backups?",
            En,
            "backup-en-recovery",
        ),
        ("Do we need immutable backups?", En, "backup-en-recovery"),
        (
            "Moeten wij TikTok verbieden op diensttoestellen?",
            Nl,
            "tiktok-blokkeren",
        ),
        (
            "tiktok blokkeren op smartphones van het werk",
            Nl,
            "tiktok-blokkeren",
        ),
        (
            "Mag TikTok nog op de gsm van de communicatiedienst?",
            Nl,
            "tiktok-blokkeren",
        ),
        (
            "Peut-on interdire TikTok sur les téléphones de service ?",
            Fr,
            "tiktok-blokkeren",
        ),
        (
            "Should we block TikTok on work phones?",
            En,
            "tiktok-blokkeren",
        ),
        ("Hebben wij een SIEM nodig?", Nl, "siem"),
        ("Welke logs moet een SIEM verzamelen?", Nl, "siem"),
        ("siem of soc, wat kiest een kleine gemeente?", Nl, "siem"),
        ("Avons-nous besoin d'un SIEM ?", Fr, "siem"),
        ("Is a SIEM worth it for a small town?", En, "siem"),
        ("SIEM?", Und, "siem"),
        ("Wat doen bij phishing?", Nl, "phishing"),
        ("Que faire en cas d'hameçonnage ?", Fr, "phishing"),
        ("laptop gestolen wat nu", Nl, "lost-device"),
        (
            "What should we do about a ransomware attack?",
            En,
            "ransomware",
        ),
        ("Que faire lors d'une attaque DDoS ?", Fr, "ddos"),
    ] {
        if !is_first(question, language, id) {
            wrong.push(format!(
                "{question}: {:?}, not {id}",
                found(question, language)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_nothing_here_is_about_finds_nothing() {
    let mut wrong = Vec::new();
    for (question, language) in [
        ("Wanneer is het containerpark open?", Nl),
        ("Hoe vraag ik een nieuwe identiteitskaart aan?", Nl),
        ("Wie is de burgemeester van onze gemeente?", Nl),
        ("Wat is het recept voor pannenkoeken?", Nl),
        ("Kan ik de feestzaal huren voor een trouw?", Nl),
        ("Hoeveel bedraagt de premie voor zonnepanelen?", Nl),
        ("Quels sont les horaires de la piscine ?", Fr),
        ("Où puis-je acheter des sacs poubelle ?", Fr),
        ("What time does the library close on Sunday?", En),
        ("How do I register my dog with the town hall?", En),
        ("Wij willen graag een offerte voor nieuwe bureaustoelen", Nl),
        ("", Nl),
        ("??? !!! (^ a:* title:x \u{0}", Nl),
    ] {
        let passages = found(question, language);
        if !passages.is_empty() {
            wrong.push(format!("{question}: {passages:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
