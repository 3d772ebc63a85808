//! Reports and conversations that a newcomer wrote to find out what goes wrong, and sayings that went wrong before.

#![cfg(test)]

use crate::corpora::say;
use eerstelijn::adapters::knowledge::examples::numbered_lines;
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords};
use eerstelijn::app::evaluate::evaluate;
use eerstelijn::app::ports::Knowledge;
use eerstelijn::domain::triage::assess::assess;
use eerstelijn::domain::triage::assessment::{Assessment, Channel, Report, Wish};
use eerstelijn::domain::triage::category::{Category, Kind};
use eerstelijn::domain::triage::evaluation::Evaluation;
use eerstelijn::domain::triage::facts::{FactKey, FactValue};
use eerstelijn::domain::triage::lexicon::TriageRules;
use jiff::Timestamp;
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<KnowledgeBase> =
    LazyLock::new(|| KnowledgeBase::embedded(OrganisationWords::default()).unwrap());
static RULES: LazyLock<TriageRules> = LazyLock::new(|| KNOWLEDGE.handbook().triage.clone());

fn understood(text: &str, earlier: Option<&Assessment>) -> Assessment {
    let report = Report {
        channel: Channel::Mail,
        subject: "",
        text,
        evidence: &[],
        machine: None,
        earlier,
        asked: &[],
    };
    assess(&RULES, &report)
}

/// The figures of labelled reports.
fn measured(lines: &str) -> Evaluation {
    let read: Result<Vec<_>, _> = numbered_lines("the fixture", lines).collect();
    let reports: Vec<_> = read.unwrap().into_iter().map(|(_, one)| one).collect();
    let evaluated = evaluate(&*KNOWLEDGE, &reports, Timestamp::UNIX_EPOCH);
    evaluated.unwrap().all
}

/// Hard on purpose: buried, in dialect, denied, of last year, played. The floors stand where the figures are.
#[test]
fn what_a_newcomer_tried_is_understood_as_far_as_it_was() {
    let all = measured(include_str!("../fixtures/triage/others.jsonl"));
    say(&format!(
        "others: kind {:?}, category {:?}, pages {:?}, quiet {:?}",
        all.kind, all.category, all.pages, all.quiet
    ));
    assert!(all.kind.right >= 76, "kind {:?}", all.kind);
    assert!(all.category.right >= 50, "category {:?}", all.category);
    assert!(all.pages.right >= 37, "pages {:?}", all.pages);
    assert!(all.quiet.right >= 35, "quiet {:?}", all.quiet);
}

/// What it is (in brackets the kind of what is no report), and what somebody writes. `\n` is a new line.
const SAYINGS: &str = r"
other medium | hallo is daar iemand
other medium | ik ben gehackt
other medium | Ik denk dat ik gehackt ben
other medium | i think i've been hacked
other medium | je crois que je suis piraté
lost-device medium | Mijn laptop is gestolen
vulnerability medium | A researcher told us that by changing the number in the url you can view other people's bookings.
account-compromise high page | Ik heb per ongeluk mijn paswoord ingegeven op een valse site
payment-fraud critical page | Mijn chef vroeg me een factuur te betalen, die moest betaald worden dus heb ik 12000 euro overgeschreven naar een valse rekening.
insider-misuse high page | een collega heeft gegevens gestolen
ransomware critical page | Bedankt voor de infonamiddag, de broodjes waren lekker. Kunnen wij de powerpoint krijgen?\nPS: sinds vrijdag heten alle documenten op de P-schijf plots .akira vanachter en krijgen we ze niet meer open.
ransomware critical page | all files on the share have a strange ending
other medium | Kan iemand mij bellen aub?
other medium | ik wil een mens spreken
(other) low | Bedankt, u hoeft mij niet meer te bellen
ransomware critical page | Bedankt voor de infonamiddag, de broodjes waren lekker. Kunnen wij de powerpoint van de oefening krijgen?\nPS: sinds vrijdag heten alle documenten op de P-schijf plots .akira vanachter en krijgen we ze niet meer open.
(other) low | Bedankt voor de infonamiddag, de broodjes waren lekker. Kunnen wij de powerpoint krijgen?\nPS in het scenario: sinds vrijdag heten alle documenten op de P-schijf plots .akira vanachter en krijgen we ze niet meer open.
(other) low | Graag bedank ik jullie voor de infonamiddag en de lekkere broodjes.\nKunnen wij de powerpoint van de infonamiddag krijgen aub?
account-compromise high page | Ik heb NIET geklikt en NIETS ingevuld. Maar mijn collega wel, die heeft haar gegevens van HVM ingegeven.
account-compromise high page | Iemand heeft mijn mails gelezen
account-compromise high page | Our mayor's mailbox was hacked
account-compromise high page | Dag, stel dat iemand zijn wachtwoord heeft ingevuld op een valse pagina... euh, voor mij dus. Wat moet ik doen?
defacement high page | Our website was defaced.
defacement high page | Notre site a été défiguré cette nuit.
data-breach high page | Onze database met inwoners wordt te koop aangeboden op een forum.
outage medium | Mijn pc vraagt na de update een bitlocker herstelsleutel
lost-device low | De laptop die gisteren gestolen was is teruggevonden
other medium | Kan een medewerker mij contacteren?
(question) low | Kunnen jullie mij morgen tussen 9 en 10 eens opbellen? Liever niet per mail.
(question) low | Mag onze systeembeheerder mails van personeel lezen?
";

#[test]
fn what_went_wrong_before_is_understood() {
    let lines = SAYINGS.lines().filter(|line| !line.is_empty());
    let mut wrong = Vec::new();
    for (expected, text) in lines.filter_map(|line| line.split_once(" | ")) {
        let found = understood(&text.replace("\\n", "\n"), None);
        let category = found.category.map(|category| category.as_str().to_owned());
        let category = category.unwrap_or_else(|| format!("({})", found.kind));
        let page = if found.page { " page" } else { "" };
        let told = format!("{category} {}{page}", found.severity);
        if told != expected {
            wrong.push(format!("{text}: {told} because of {:?}", found.because));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn who_only_wants_to_be_called_is_served_by_no_memo() {
    for text in [
        "Kunnen jullie mij morgen tussen 9 en 10 eens opbellen? Liever niet per mail.",
        "kan iemand mij eens bellen aub, liever niet op schrift",
        "Kan iemand mij dringend bellen? 0470 12 34 56",
    ] {
        let found = understood(text, None);
        assert_eq!(
            (found.kind, found.wish),
            (Kind::Question, Some(Wish::Human)),
            "{text}"
        );
    }
    let asks = understood("Hoe lang moeten wij onze logs bijhouden?", None);
    assert_eq!((asks.kind, asks.wish), (Kind::Question, None));
}

#[test]
fn behind_a_greeting_a_message_is_a_first_one() {
    let talk = talked(&["Hallo", "Our website was defaced."]);
    assert!(talk.last().unwrap().page);
}

/// What each message of a conversation makes of it.
fn talked(turns: &[&str]) -> Vec<Assessment> {
    let mut all: Vec<Assessment> = Vec::new();
    for text in turns {
        let found = understood(text, all.last());
        all.push(found);
    }
    all
}

#[test]
fn what_was_contained_says_nothing_of_another_matter() {
    let talk = talked(&[
        "Een collega kreeg een valse belastingmail. Ze heeft hem ongelezen verwijderd, dit is enkel ter info.",
        "Nieuw probleem: alle bestanden op onze server zijn versleuteld en er staat een losgeldbrief.",
    ]);
    let last = talk.last().unwrap();
    assert_eq!(last.category, Some(Category::Ransomware));
    assert!(!last.facts.get(FactKey::Contained).holds());
    assert!(last.page);
}

#[test]
fn thanks_contain_nothing_of_what_comes_behind_them() {
    let talk = talked(&[
        "Ok bedankt, alles is opgelost!",
        "Iemand van Microsoft heeft een kwartier in mijn pc gezeten via anydesk.",
    ]);
    assert!(!talk[0].kind.tells_of_an_incident());
    assert!(!talk[1].facts.get(FactKey::Contained).holds());
    assert!(talk[1].page);
}

#[test]
fn a_name_stays_though_the_next_message_names_nothing() {
    let talk = talked(&[
        "onze firewall slaat alarm, iemand scant heel ons netwerk van binnenuit",
        "geen idee wie dat is, ik ga kijken",
    ]);
    assert_eq!(talk[0].category, Some(Category::Intrusion));
    assert_eq!(talk[1].category, Some(Category::Intrusion));
}

#[test]
fn a_denial_that_is_taken_back_wakes() {
    let talk = talked(&[
        "mail gekregen dat mijn postvak vol zit, ik heb op de knop geklikt maar niets ingevuld",
        "nee wacht, toch wel ingevuld. sorry",
    ]);
    assert!(!talk[0].page);
    assert_eq!(talk[1].category, Some(Category::AccountCompromise));
    assert!(talk[1].page);
}

#[test]
fn an_answer_denies_nothing_of_what_comes_behind_it() {
    let fact = |text: &str| understood(text, None).facts.get(FactKey::ServicesDown);
    assert!(!fact("Le site rame. Non non il reste accessible, juste lent.").holds());
    assert!(!fact("No IT systems are down.").holds());
}

/// By somebody who saw nothing of the program, as a mailbox and a room get them: never learned from, and nobody looked at
/// single mistakes.
#[test]
fn strangers_are_understood_as_a_careful_reader_does() {
    let all = measured(include_str!("../fixtures/triage/strangers.jsonl"));
    say(&format!(
        "strangers: kind {:?}, category {:?}, pages {:?}, quiet {:?}",
        all.kind, all.category, all.pages, all.quiet
    ));
    assert!(all.kind.share() >= 0.93, "kind {:?}", all.kind);
    assert!(all.category.share() >= 0.96, "category {:?}", all.category);
    assert!(all.pages.share() >= 0.98, "pages {:?}", all.pages);
    assert!(all.false_pages() <= 0.06, "quiet {:?}", all.quiet);
}

#[test]
fn a_year_and_minutes_are_no_counts() {
    for (text, key) in [
        (
            "Er staat een oud wachtwoord in van 10 jaar geleden.",
            FactKey::PeopleAffected,
        ),
        (
            "In 2022 werd onze server gecontroleerd.",
            FactKey::ServersAffected,
        ),
        ("Hij zat 20 minuten op haar pc.", FactKey::DevicesAffected),
    ] {
        let fact = understood(text, None).facts.get(key);
        assert!(!matches!(fact, FactValue::Number(_)), "{text}: {fact:?}");
    }
    let fact = understood("Er zijn 2022 servers versleuteld.", None).facts;
    assert_eq!(fact.get(FactKey::ServersAffected), FactValue::Number(2022));
}

#[test]
fn a_false_alarm_is_none_where_the_sentence_says_so() {
    let first = understood("help, iets raar met mijn pc", None);
    for (text, is_taken_back) in [
        ("vals alarm, sorry", true),
        ("Het was vals alarm, maar bedankt voor de hulp.", true),
        ("vals alarm, geen virus gevonden", true),
        ("vals alarm was het niet hoor", false),
        (
            "vals alarm maar nu is er wel iemand die mijn paswoord heeft",
            false,
        ),
        ("fausse alerte, mais maintenant tout est bloqué", false),
    ] {
        let found = understood(text, Some(&first));
        assert_eq!(found.is_taken_back(), is_taken_back, "{text}");
    }
}
