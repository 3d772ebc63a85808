//! What answers of every form say of the facts that were asked.

#![cfg(test)]

use crate::domain::triage::answers::complete;
use crate::domain::triage::facts::FactKey::{
    self, Clicked, Contained, DevicesAffected, EnteredCredentials, Ongoing, Paid, PeopleAffected,
    ServersAffected,
};
use crate::domain::triage::facts::{FactValue, Facts};

const THREE: &[FactKey] = &[EnteredCredentials, Clicked, Paid];
const COUNTED: &[FactKey] = &[DevicesAffected, ServersAffected, Ongoing];

fn said(asked: &[FactKey], text: &str) -> String {
    let mut facts = Facts::default();
    complete(&mut facts, None, text, asked);
    let words: Vec<String> = asked
        .iter()
        .map(|key| match facts.get(*key) {
            FactValue::Yes => "yes".to_owned(),
            FactValue::No => "no".to_owned(),
            FactValue::Unknown => "?".to_owned(),
            FactValue::Number(number) => number.to_string(),
        })
        .collect();
    words.join(" ")
}

#[test]
fn answers_find_their_questions() {
    for (asked, text, expected) in [
        (&[Clicked][..], "ja", "yes"),
        (&[Clicked], "Neen hoor, bedankt!", "no"),
        (&[Clicked], "ba nee", "no"),
        (&[Clicked], "geen idee", "?"),
        (&[Clicked], "dat weet ik begot niet", "?"),
        (&[Clicked], "ja, of nee wacht, toch niet", "no"),
        (&[Clicked], "oui hélas", "yes"),
        (&[Clicked], "not that I know of, no", "no"),
        (&[Clicked], "ok bedankt, ik bel u zo", "?"),
        (&[ServersAffected], "neen 2 pc's", "2"),
        (&[ServersAffected], "twee", "2"),
        (&[PeopleAffected], "een stuk of twintig", "20"),
        (&[PeopleAffected], "bel mij op 0470 12 34 56", "?"),
        (&[PeopleAffected], "binnen 5 minuten", "?"),
        (&[PeopleAffected], "het gaat om dossier CRT-2026-0042", "?"),
        (THREE, "1) ja 2) nee", "yes no ?"),
        (THREE, "1)ja\n3)nee", "yes ? no"),
        (THREE, "op 2: ja, op 1: nee", "no yes ?"),
        (THREE, "a) oui b) non c) non", "yes no no"),
        (THREE, "Vraag 3: neen", "? ? no"),
        (THREE, "ja ja nee", "yes yes no"),
        (THREE, "Ja, ja, nee.", "yes yes no"),
        (THREE, "ja\nnee\nweet ik niet", "yes no ?"),
        (THREE, "nee - ja - nee", "no yes no"),
        (THREE, "geklikt ja, ingevuld nee", "no yes ?"),
        (THREE, "nee", "no no no"),
        (THREE, "neen op alles", "no no no"),
        (THREE, "non à tout", "no no no"),
        (THREE, "ja op alle drie", "yes yes yes"),
        (THREE, "ja", "? ? ?"),
        (THREE, "", "? ? ?"),
        (COUNTED, "1. drie\n2. geen\n3. ja", "3 no yes"),
        (COUNTED, "3, geen, ja", "3 no yes"),
        (COUNTED, "servers: 2", "? 2 ?"),
        (&[], "ja", ""),
        (
            THREE,
            "1. Nee ik zelf niet, maar mijn collega wel\n2. nee",
            "yes no ?",
        ),
        (THREE, "Geen van onze collega's kan nog werken", "? ? ?"),
        (
            THREE,
            "Geen van ons weet zeker wat ze gedaan heeft",
            "? ? ?",
        ),
        (THREE, "Nee bedankt, verder niets", "? ? ?"),
        (THREE, "geen van de drie", "no no no"),
        (&[Ongoing, Contained], "Goedemorgen,\nJa", "? ?"),
        (
            &[Ongoing, Contained],
            "2) dat klopt niet 1) absoluut niet",
            "no no",
        ),
        (&[Contained], "helaas nog niet", "no"),
        (&[Contained], "helaas wel", "yes"),
        (&[Contained], "klopt", "yes"),
    ] {
        assert_eq!(said(asked, text), expected, "{text:?}");
    }
}

#[test]
fn what_the_words_state_stands_unless_the_answer_names_its_question() {
    let mut facts = Facts::default();
    facts.state(Clicked, FactValue::Yes, "geklikt");
    let mut kept = facts.clone();
    for softer in ["nee", "1) nee", "1) weet ik niet"] {
        complete(&mut kept, None, softer, &[Clicked, Paid]);
        assert_eq!(kept.get(Clicked), FactValue::Yes, "{softer}");
    }
    complete(&mut facts, None, "geklikt nee", &[Clicked]);
    assert_eq!(facts.get(Clicked), FactValue::No, "nothing but the answer");
    let mut contained = Facts::default();
    contained.state(Contained, FactValue::No, "nog niet afgesloten");
    complete(&mut contained, None, "1) ja", &[Contained]);
    assert_eq!(contained.get(Contained), FactValue::No);
}

#[test]
fn an_answer_by_its_place_never_changes_what_was_known() {
    let mut known = Facts::default();
    known.state(Ongoing, FactValue::Yes, "");
    let mut stated = Facts::default();
    complete(
        &mut stated,
        Some(&known),
        "Nee, nog niemand gehoord",
        &[Ongoing],
    );
    assert!(stated.get(Ongoing).is_unknown());
}

#[test]
fn what_was_denied_and_is_said_after_all_is_so() {
    let mut known = Facts::default();
    known.state(EnteredCredentials, FactValue::No, "niets ingevuld");
    known.state(Paid, FactValue::No, "neen");
    for (text, expected) in [
        ("nee wacht, toch wel ingevuld. sorry", "yes ? ?"),
        ("nee wacht ik heb het toch ingevuld", "yes ? ?"),
        ("Ma collègue a quand même encodé son code.", "yes ? ?"),
        ("I did actually type... entered it after all", "yes ? ?"),
        ("De boekhouding heeft intussen toch betaald", "? ? yes"),
        ("we hebben toch niets ingevuld", "? ? ?"),
        ("je hebt het toch niet ingevuld?", "? ? ?"),
        ("ik heb toch ingevuld wat jullie vroegen?", "? ? ?"),
        ("wel geklikt", "? ? ?"),
        ("On n'a finalement jamais payé.", "? ? ?"),
        ("No, it actually wasn't paid by anyone.", "? ? ?"),
        ("ik heb da eigenlijk ni betaald", "? ? ?"),
        (
            "Als de boekhouding toch betaald heeft laat ik iets weten.",
            "? ? ?",
        ),
        ("Morgen vraag ik of er toch betaald is.", "? ? ?"),
        ("De andere factuur is wel betaald.", "? ? ?"),
        ("Ik heb me toch aangemeld voor de opleiding.", "? ? ?"),
    ] {
        for asked in [&[][..], &[EnteredCredentials]] {
            let mut stated = Facts::default();
            complete(&mut stated, Some(&known), text, asked);
            let found: Vec<&str> = THREE
                .iter()
                .map(|key| match stated.get(*key) {
                    FactValue::Yes => "yes",
                    FactValue::No => "no",
                    _ => "?",
                })
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}

#[test]
fn only_the_sign_of_an_answer_is_kept() {
    let mut facts = Facts::default();
    complete(
        &mut facts,
        None,
        "1) ja, het was Zomer2026!",
        &[EnteredCredentials],
    );
    let kept: Vec<&str> = facts
        .iter()
        .map(|(_, fact)| fact.because.as_str())
        .collect();
    assert_eq!(kept, ["ja"]);
}

#[test]
fn hostile_answers_are_read_in_bounded_steps() {
    for text in [
        "1) ".repeat(50_000),
        "ja, ".repeat(50_000),
        "/".repeat(50_000),
        "é\u{301}".repeat(50_000),
    ] {
        said(THREE, &text);
    }
}
