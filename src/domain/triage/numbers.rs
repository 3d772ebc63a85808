//! Numbers in a report: euro, people, devices, servers.
//!
//! Only numbers beside a word that says what is counted. Dates, times and house numbers stay out.

use crate::domain::text::fold::{Folded, Gap, Word};
use crate::domain::triage::counted::{DEVICES, PEOPLE, PEOPLE_AT_THE_END, SERVERS};
use crate::domain::triage::facts::{FactKey, FactValue, Facts};
use crate::domain::triage::number_words::WORDS;

/// Words that may stand between a number and what it counts: "350 van onze burgers".
const BETWEEN: usize = 3;
/// Amounts and counts above this are taken for account or telephone numbers.
const MOST: u64 = 100_000_000_000;

/// Words of paying.
const PAID: &[&str] = &[
    "betaald",
    "betalen",
    "betaling",
    "overgeschreven",
    "overgemaakt",
    "overschrijving",
    "gestort",
    "factuur",
    "facturen",
    "losgeld",
    "bedrag",
    "paye",
    "payer",
    "paiement",
    "virement",
    "facture",
    "vire",
    "verse",
    "rancon",
    "montant",
    "paid",
    "pay",
    "payment",
    "invoice",
    "transferred",
    "transfer",
    "wired",
    "ransom",
];
/// So many words from an amount they may stand.
const PAID_WITHIN: usize = 6;
/// What stands behind an amount without its currency: no thing that is counted.
const BEHIND_AMOUNTS: &[&str] = &[
    "aan", "door", "is", "naar", "op", "te", "van", "vanop", "was", "werd", "zijn", "a", "au",
    "aux", "chez", "de", "est", "sur", "vers", "by", "from", "has", "in", "into", "of", "on", "to",
];

/// Adds the numbers of a text to the facts.
pub(crate) fn read(text: &Folded<'_>, facts: &mut Facts) {
    for (at, word) in text.words.iter().enumerate() {
        let Some((number, words)) = number_at(text, at) else {
            continue;
        };
        let last = at + words - 1;
        let quote = |until: usize| text.quote(at, until).to_owned();
        let amount = euro(text, at, last);
        let amount = amount.or_else(|| is_paid_in_thousands(text, at, last).then_some(last));
        if let Some(until) = amount {
            raise(facts, FactKey::Amount, number, &quote(until.max(last)));
        } else if !follows_sign(text, word)
            && !continues_number(text, at)
            && !is_a_time(text, at, last)
        {
            for (counted, key) in [
                (PEOPLE, FactKey::PeopleAffected),
                (DEVICES, FactKey::DevicesAffected),
                (SERVERS, FactKey::ServersAffected),
            ] {
                if let Some(until) = counts(text, last, counted) {
                    raise(facts, key, number, &quote(until));
                }
            }
        }
    }
}

/// Units of what is no count: times.
const TIMES: &[&str] = &[
    "uur", "u", "min", "minuten", "minuut", "dagen", "dag", "week", "weken", "maand", "maanden",
    "jaar", "jaren", "seconden", "heures", "heure", "jour", "jours", "semaine", "semaines", "mois",
    "an", "ans", "minutes", "hours", "hour", "days", "weeks", "month", "months", "year", "years",
    "h", "stunden", "tage", "tagen", "wochen", "jahre", "jahren",
];
/// Words before a year.
const BEFORE_YEARS: &[&str] = &[
    "in", "sinds", "van", "uit", "jaar", "begin", "eind", "midden", "en", "depuis", "annee", "de",
    "fin", "debut", "since", "of", "year", "from", "early", "late", "mid",
];
/// Words before a number that is a name: of a ticket, a room, an hour.
const NAMES: &[&str] = &[
    "crt",
    "om",
    "rond",
    "tegen",
    "sinds",
    "lokaal",
    "kamer",
    "nr",
    "toestelnummer",
    "bel",
    "gsm",
    "tel",
    "toestel",
    "vers",
    "salle",
    "at",
    "room",
    "since",
    "poste",
    "binnen",
    "dans",
    "within",
];

/// The first number of a short answer to "how many?": no time, no telephone number, no number of a ticket.
pub(crate) fn bare(text: &Folded<'_>) -> Option<u64> {
    let word = |at: usize| text.words.get(at).map_or("", |word| word.text.as_str());
    let mut at = 0;
    while at < text.words.len() {
        let one = matches!(word(at), "een" | "un" | "une") && at + 1 == text.words.len();
        let found = number_at(text, at).or(one.then_some((1, 1)));
        let Some((number, words)) = found else {
            at += 1;
            continue;
        };
        let before = at.checked_sub(1).map_or("", &word);
        let is_name = NAMES.contains(&before) || before.starts_with(|c: char| c.is_ascii_digit());
        let is_time = TIMES.contains(&word(at + words));
        let is_long = word(at).starts_with('0') && word(at).len() > 1;
        let follows_digits = word(at + words).starts_with(|c: char| c.is_ascii_digit());
        let signed = text
            .words
            .get(at)
            .is_some_and(|word| follows_sign(text, word));
        if !(is_name || is_time || is_long || follows_digits || signed) {
            return Some(number);
        }
        at += words;
    }
    None
}

/// "In 2022 werd onze server versleuteld", "20 minuten op haar pc": when and how long, not how many.
fn is_a_time(text: &Folded<'_>, at: usize, last: usize) -> bool {
    let word = |at: usize| text.words.get(at).map_or("", |word| word.text.as_str());
    let before = at.checked_sub(1).map_or("", &word);
    let year: Option<u32> = word(at).parse().ok();
    let is_year = year.is_some_and(|year| (1990..2040).contains(&year));
    TIMES.contains(&word(last + 1)) || (is_year && BEFORE_YEARS.contains(&before))
}

/// The largest number stands: "3 pc's, in totaal 12 pc's".
fn raise(facts: &mut Facts, key: FactKey, number: u64, quote: &str) {
    let known = facts.get(key).number().unwrap_or_default();
    let denied = facts.get(key).is_denied() && number > 0;
    if number > known || denied {
        facts.state(key, FactValue::Number(number), quote);
    }
}

/// The number that begins at a word, and how many words it takes: "12", "12 000", "12 duizend".
fn number_at(text: &Folded<'_>, at: usize) -> Option<(u64, usize)> {
    let word = &text.words.get(at)?.text;
    if let Some((_, number)) = WORDS.iter().find(|(name, _)| name == word) {
        let (number, more) = multiplied(text, at, *number);
        return Some((number, 1 + more));
    }
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut written = word.clone();
    let mut words = 1;
    // French and SI writing: "12 500".
    while written.bytes().all(|b| b.is_ascii_digit()) {
        let Some(next) = text.words.get(at + words) else {
            break;
        };
        let group = next.text.split(',').next().unwrap_or_default();
        let is_group = group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
        if !is_group || written.len() > 9 || (words == 1 && written.len() > 3) {
            break;
        }
        written.push_str(&next.text);
        words += 1;
    }
    let number = value(&written)?;
    let (number, more) = multiplied(text, at + words - 1, number);
    (number <= MOST).then_some((number, words + more))
}

fn multiplied(text: &Folded<'_>, last: usize, number: u64) -> (u64, usize) {
    let factor = match text.words.get(last + 1).map(|word| word.text.as_str()) {
        Some("duizend" | "mille" | "thousand" | "k") => 1_000,
        Some("honderd" | "hundred" | "cents") if number < 100 => 100,
        Some("miljoen" | "million" | "millions") => 1_000_000,
        _ => return (number, 0),
    };
    (number.saturating_mul(factor), 1)
}

/// "12.500", "12.500,75", "12,500.75", "12k", "2,5k", "1,2" (rounded down); no dates such as "12.05.2026".
fn value(written: &str) -> Option<u64> {
    let (digits, factor) = match written.strip_suffix('k') {
        Some(digits) => (digits, 1_000),
        None => (written, 1),
    };
    let digits = digits.strip_suffix("eur").unwrap_or(digits);
    let digits = digits.strip_suffix("euro").unwrap_or(digits);
    if !digits
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    {
        return None;
    }
    let mut pieces = digits.split(['.', ',']).collect::<Vec<_>>();
    let thousands = |piece: &&str| piece.len() == 3;
    let cents = pieces.len() > 1 && !pieces.last().is_some_and(thousands);
    let cents = if cents { pieces.pop() } else { None };
    if !pieces.iter().skip(1).all(thousands) {
        return None;
    }
    let whole: u64 = pieces.concat().parse().ok()?;
    // What stands behind the comma counts only in thousands.
    let of_thousand = cents
        .filter(|_| factor == 1_000)
        .map(|cents| format!("{cents:0<3}"));
    let rest: u64 = of_thousand.map_or(Some(0), |rest| rest.get(..3)?.parse().ok())?;
    whole.checked_mul(factor)?.checked_add(rest)
}

/// Does a euro sign or word stand beside it? Then the last word that belongs to the amount.
fn euro(text: &Folded<'_>, first: usize, last: usize) -> Option<usize> {
    let is_euro = |word: &Word| matches!(word.text.as_str(), "euro" | "eur" | "euros");
    let glued = |at: usize| {
        let text = text.words.get(at).map_or("", |word| word.text.as_str());
        text.ends_with("eur") || text.ends_with("euro")
    };
    if text.words.get(last + 1).is_some_and(is_euro) {
        return Some(last + 1);
    }
    let before = first.checked_sub(1).and_then(|at| text.words.get(at));
    let beside = before.is_some_and(is_euro) || glued(last);
    let start = text.words.get(first)?.start;
    let end = text.words.get(last)?.end;
    (beside || text.stands_beside(start, end, '€')).then_some(last)
}

/// "De factuur van 27k is betaald": in thousands, beside a word of paying, and nothing that is counted behind it.
fn is_paid_in_thousands(text: &Folded<'_>, at: usize, last: usize) -> bool {
    let Some(number) = text.words.get(last) else {
        return false;
    };
    let is_in_thousands = number.text.ends_with('k')
        && text
            .quote(at, last)
            .starts_with(|c: char| c.is_ascii_digit());
    let ends = |word: &Word| word.before == Gap::Sentence;
    let is_paid = |word: &Word| PAID.contains(&word.text.as_str());
    let behind = text.words.iter().skip(last + 1).take(PAID_WITHIN);
    let counts_nothing = behind.clone().next().is_none_or(|next| {
        next.before > Gap::Close || is_paid(next) || BEHIND_AMOUNTS.contains(&next.text.as_str())
    });
    let from = at.saturating_sub(PAID_WITHIN);
    let before = text.words.get(from..at).unwrap_or_default();
    let begins = text
        .words
        .get(from..=at)
        .unwrap_or_default()
        .iter()
        .rposition(ends);
    let mut before = before.iter().skip(begins.unwrap_or_default());
    is_in_thousands
        && counts_nothing
        && (before.any(is_paid) || behind.take_while(|word| !ends(word)).any(is_paid))
}

/// "nr. 12 personen" is rare; "+32 470" and "#12" are not counts.
fn follows_sign(text: &Folded<'_>, word: &Word) -> bool {
    text.stands_before(word.start, '+') || text.stands_before(word.start, '#')
}

/// "0470 12 34 56": the later groups of a longer number.
fn continues_number(text: &Folded<'_>, at: usize) -> bool {
    let close = text
        .words
        .get(at)
        .is_some_and(|word| word.before == Gap::Close);
    let before = at.checked_sub(1).and_then(|before| text.words.get(before));
    close && before.is_some_and(|word| word.text.bytes().all(|b| b.is_ascii_digit()))
}

/// The word that says what is counted, close behind the number and in the same part of the sentence.
fn counts(text: &Folded<'_>, last: usize, what: &[&str]) -> Option<usize> {
    for at in last + 1..=last + 1 + BETWEEN {
        let word = text.words.get(at)?;
        if word.before > Gap::Close {
            return None;
        }
        let people = what == PEOPLE && PEOPLE_AT_THE_END.iter().any(|end| word.text.ends_with(end));
        if people || what.contains(&word.text.as_str()) {
            return Some(at);
        }
        if word.text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Vec<(FactKey, u64)> {
        let mut facts = Facts::default();
        read(&Folded::new(text), &mut facts);
        facts
            .iter()
            .filter_map(|(key, fact)| Some((key, fact.value.number()?)))
            .collect()
    }

    #[test]
    fn amounts_people_and_devices_are_read_in_their_usual_writings() {
        for (text, expected) in [
            (
                "er is 12.500 euro overgeschreven",
                (FactKey::Amount, 12_500),
            ),
            ("€ 12 500,00 weg", (FactKey::Amount, 12_500)),
            ("een bedrag van 48.250,75 EUR", (FactKey::Amount, 48_250)),
            ("12k euro kwijt", (FactKey::Amount, 12_000)),
            ("12500€", (FactKey::Amount, 12_500)),
            ("de factuur van 27k is betaald", (FactKey::Amount, 27_000)),
            ("27 k overgeschreven", (FactKey::Amount, 27_000)),
            ("factuur van 2,5k. Ze is weg", (FactKey::Amount, 2_500)),
            (
                "the attacker transferred 100k records",
                (FactKey::PeopleAffected, 100_000),
            ),
            ("twee miljoen euro", (FactKey::Amount, 2_000_000)),
            ("un montant de 7 300 €", (FactKey::Amount, 7_300)),
            ("lijst van 350 burgers", (FactKey::PeopleAffected, 350)),
            ("1.200 van onze inwoners", (FactKey::PeopleAffected, 1_200)),
            ("een paar honderd cliënten", (FactKey::PeopleAffected, 100)),
            ("des centaines de citoyens", (FactKey::PeopleAffected, 200)),
            ("6.000 verenigingsleden", (FactKey::PeopleAffected, 6_000)),
            ("260 personnel evaluations", (FactKey::PeopleAffected, 260)),
            ("3.000 lecteurs", (FactKey::PeopleAffected, 3_000)),
            ("3 pc's", (FactKey::DevicesAffected, 3)),
            ("twee laptops", (FactKey::DevicesAffected, 2)),
            ("4 van de 10 servers", (FactKey::ServersAffected, 10)),
        ] {
            assert_eq!(facts(text), [expected], "{text}");
        }
    }

    #[test]
    fn dates_and_telephone_numbers_count_nothing() {
        for text in [
            "op 12.05.2026 om 14 uur",
            "bel +32 470 burgers",
            "kamer 12, burgers wachten",
            "99999999999999999999 burgers",
            "3 collega's hebben geklikt",
            "de factuur voor het 4k scherm in de raadzaal",
            "12k phishingmails met een valse factuur",
            "hij heeft 12k. De factuur komt nog",
        ] {
            assert!(facts(text).is_empty(), "{text}");
        }
    }
}
