//! What answers of every form say of the facts that were asked.

#![cfg(test)]

use crate::domain::triage::answers::complete;
use crate::domain::triage::facts::FactKey::{
    self, Clicked, DevicesAffected, EnteredCredentials, Ongoing, Paid, PeopleAffected,
    ServersAffected,
};
use crate::domain::triage::facts::{FactValue, Facts};

const THREE: &[FactKey] = &[EnteredCredentials, Clicked, Paid];
const COUNTED: &[FactKey] = &[DevicesAffected, ServersAffected, Ongoing];

fn said(asked: &[FactKey], text: &str) -> String {
    let mut facts = Facts::default();
    complete(&mut facts, text, asked);
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
    ] {
        assert_eq!(said(asked, text), expected, "{text:?}");
    }
}

#[test]
fn what_the_words_state_stands_unless_the_answer_names_its_question() {
    let mut facts = Facts::default();
    facts.state(Clicked, FactValue::Yes, "geklikt");
    let mut kept = facts.clone();
    complete(&mut kept, "nee", &[Clicked]);
    assert_eq!(kept.get(Clicked), FactValue::Yes);
    complete(&mut facts, "1) nee", &[Clicked]);
    assert_eq!(facts.get(Clicked), FactValue::No);
}

#[test]
fn only_the_sign_of_an_answer_is_kept() {
    let mut facts = Facts::default();
    complete(
        &mut facts,
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
