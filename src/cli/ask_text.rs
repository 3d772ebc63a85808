//! What `ask` says to a person at a terminal, in the language of the question. The JSON for programs stands in `json`,
//! with what is exact and reads badly: scores and versions.

use crate::app::ask::Answer;
use crate::cli::ticket_events::printable;
use crate::config::sections::Organisation;
use crate::domain::guidance::entry::{Background, SeeAlso};
use crate::domain::guidance::handbook::{Passage, PassageKind, Surety};
use crate::domain::triage::language::Language;
use jiff::civil::Date;

/// Before all of an answer but its heading: a text may be numbered too.
const INDENT: &str = "   ";

/// The words of one language.
struct Words {
    language: Language,
    reviewed: &'static str,
    perhaps: &'static str,
    see_also: &'static str,
    more: &'static str,
    in_dutch: Option<&'static str>,
    nothing: [&'static str; 2],
    report: [&'static str; 2],
    urgent: [&'static str; 2],
    report_to_somebody: &'static str,
    day: &'static str,
}

const NL: Words = Words {
    language: Language::Nl,
    reviewed: "nagekeken op",
    perhaps: "Minder zeker: dit gaat misschien niet over uw vraag.",
    see_also: "Zie ook:",
    more: "Alles hierover:",
    in_dutch: None,
    nothing: [
        "Geen memo hierover.",
        "Vraag het met andere woorden: noem het systeem, de dienst, of wat u wilt bereiken.",
    ],
    report: ["Gaat het om een incident? Mail het team: ", "."],
    urgent: ["Is het dringend? Bel ", "."],
    report_to_somebody: "Gaat het om een incident? Meld het aan uw Cyber Response Team.",
    day: "%d/%m/%Y",
};

const FR: Words = Words {
    language: Language::Fr,
    reviewed: "relu le",
    perhaps: "Moins sûr : ceci ne concerne peut-être pas votre question.",
    see_also: "Voir aussi :",
    more: "Tout à ce sujet :",
    in_dutch: Some("Nos mémos, notre inventaire et nos accords-cadres sont en néerlandais."),
    nothing: [
        "Pas de mémo à ce sujet.",
        "Posez la question avec d’autres mots : nommez le système, le service, ou ce que vous voulez faire.",
    ],
    report: ["S’agit-il d’un incident ? Écrivez à l’équipe : ", "."],
    urgent: ["Est-ce urgent ? Appelez le ", "."],
    report_to_somebody: "S’agit-il d’un incident ? Signalez-le à votre Cyber Response Team.",
    day: "%d/%m/%Y",
};

const EN: Words = Words {
    language: Language::En,
    reviewed: "reviewed on",
    perhaps: "Less sure: this may not be about your question.",
    see_also: "See also:",
    more: "All about this:",
    in_dutch: Some("Our memos, inventory and framework contracts are in Dutch."),
    nothing: [
        "No memo about this.",
        "Ask in other words: name the system, the service, or what you want to achieve.",
    ],
    report: ["Is it an incident? Mail the team: ", "."],
    urgent: ["Is it urgent? Call ", "."],
    report_to_somebody: "Is it an incident? Report it to your Cyber Response Team.",
    day: "%-d %B %Y",
};

impl Words {
    fn of(language: Language) -> &'static Self {
        match language.for_reply() {
            Language::Fr => &FR,
            Language::En => &EN,
            _ => &NL,
        }
    }

    fn kind(&self, kind: PassageKind) -> &'static str {
        kind.in_words(self.language)
    }

    fn day(&self, day: &str) -> String {
        let parsed = day.parse::<Date>();
        parsed.map_or_else(
            |_| day.to_owned(),
            |date| date.strftime(self.day).to_string(),
        )
    }
}

/// The lines for an answer, with what stands behind each of its passages; `team` is that of the settings.
pub(crate) fn lines(
    answer: &Answer,
    backgrounds: &[Background],
    team: Option<&Organisation>,
) -> Vec<String> {
    let words = Words::of(answer.language);
    if answer.passages.is_empty() {
        return nothing(words, team);
    }
    let mut lines = Vec::new();
    for (place, (passage, background)) in answer.passages.iter().zip(backgrounds).enumerate() {
        lines.push(format!("{}. {}", place + 1, heading(words, passage)));
        let text = passage.text.lines().map(str::to_owned).collect();
        let blocks = [
            about(words, passage, background),
            text,
            further(words, passage, background),
        ];
        for block in blocks.into_iter().filter(|block| !block.is_empty()) {
            lines.extend(block.into_iter().map(|line| format!("{INDENT}{line}")));
            lines.push(String::new());
        }
    }
    let is_in_dutch = |passage: &Passage| !passage.kind.has_translations();
    if let Some(in_dutch) = words
        .in_dutch
        .filter(|_| answer.passages.iter().any(is_in_dutch))
    {
        lines.push(in_dutch.to_owned());
    } else {
        lines.pop();
    }
    lines.iter().map(|line| printable(line)).collect()
}

/// Title and section; a section that only repeats what it is says nothing.
fn heading(words: &Words, passage: &Passage) -> String {
    let Passage { title, section, .. } = passage;
    let says_nothing = [
        title.as_str(),
        "",
        words.kind(passage.kind),
        NL.kind(passage.kind),
    ];
    if says_nothing.contains(&section.as_str()) {
        title.clone()
    } else {
        format!("{title} – {section}")
    }
}

/// What it is, its name, when somebody last looked at it, and whether it may be about something else.
fn about(words: &Words, passage: &Passage, background: &Background) -> Vec<String> {
    let mut what = named(words, passage.kind, &passage.id);
    if !background.reviewed_on.is_empty() {
        let day = words.day(&background.reviewed_on);
        what = format!("{what}, {} {day}", words.reviewed);
    }
    let mut lines = vec![what];
    if passage.surety() == Surety::Perhaps {
        lines.push(words.perhaps.to_owned());
    }
    lines
}

/// Where to read on.
fn further(words: &Words, passage: &Passage, background: &Background) -> Vec<String> {
    let mut lines = Vec::new();
    for also in &background.see_also {
        let kind = words.kind(PassageKind::Memo).to_lowercase();
        let SeeAlso { id, title } = also;
        lines.push(format!("{} {title} ({kind} {id})", words.see_also));
    }
    if let Some(url) = &passage.url {
        lines.push(format!("{} {url}", words.more));
    }
    lines
}

/// `Memo mfa`, `Meldplicht D1`: the kind is said in words already.
fn named(words: &Words, kind: PassageKind, id: &str) -> String {
    let name = id.split_once(':').map_or(id, |(_, name)| name);
    format!("{} {name}", words.kind(kind))
}

/// That nothing is about this, and what to do next. Only what the settings hold is named: who else answers mail or a
/// telephone isn't known here.
fn nothing(words: &Words, team: Option<&Organisation>) -> Vec<String> {
    let mut lines: Vec<String> = words.nothing.map(str::to_owned).to_vec();
    let within = |[before, behind]: [&str; 2], what: &str| format!("{before}{what}{behind}");
    match team {
        Some(team) => {
            lines.push(within(words.report, &team.address));
            lines.extend(team.phone.as_ref().map(|phone| within(words.urgent, phone)));
        }
        None => lines.push(words.report_to_somebody.to_owned()),
    }
    lines.iter().map(|line| printable(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    fn memo() -> Passage {
        Passage {
            id: "pentest".to_owned(),
            kind: PassageKind::Memo,
            section: "Wie betaalt?".to_owned(),
            title: "Pentest".to_owned(),
            version: "a1b2c3d4e5f6".to_owned(),
            url: Some("https://wiki.example/pentest".to_owned()),
            score: 34.2,
            sureness: 0.9,
            text: "Vraag het na.\n- Zie raamcontracten.\u{1b}[2J".to_owned(),
        }
    }

    fn contract() -> Passage {
        Passage {
            id: "contract:ict-2022".to_owned(),
            kind: PassageKind::Contract,
            section: "Raamcontract".to_owned(),
            title: "Raamovereenkomst ICT".to_owned(),
            url: None,
            sureness: 0.1,
            text: "Loopt tot 31/05/2028.".to_owned(),
            ..memo()
        }
    }

    fn told(language: Language, passages: Vec<Passage>, team: Option<&Organisation>) -> String {
        let background = |passage: &Passage| match passage.kind {
            PassageKind::Memo => Background {
                reviewed_on: "2026-11-03".to_owned(),
                see_also: vec![SeeAlso {
                    id: "raamcontracten".to_owned(),
                    title: "Raamcontracten voor ICT".to_owned(),
                }],
            },
            _ => Background::default(),
        };
        let backgrounds: Vec<Background> = passages.iter().map(background).collect();
        let answer = Answer { language, passages };
        lines(&answer, &backgrounds, team).join("\n")
    }

    #[test]
    fn answers_are_numbered_and_say_what_they_are_and_how_sure() {
        assert_snapshot!(told(Language::Nl, vec![memo(), contract()], None));
    }

    #[test]
    fn other_languages_are_told_what_is_in_dutch() {
        assert_snapshot!(told(Language::Fr, vec![memo()], None));
        let english = told(Language::De, vec![memo(), contract()], None);
        for part in [
            "Memo pentest, reviewed on 3 November 2026",
            "Framework contract ict-2022",
            "Less sure",
        ] {
            assert!(english.contains(part), "{part}: {english}");
        }
        let in_dutch = "Our memos, inventory and framework contracts are in Dutch.";
        assert!(english.ends_with(in_dutch));
        let contract = told(Language::En, vec![contract()], None);
        assert!(contract.ends_with(in_dutch), "{contract}");
    }

    #[test]
    fn what_no_memo_is_about_says_what_to_do_next_and_promises_nothing_that_isnt_set() {
        let with = |more: &str| -> Organisation {
            toml::from_str(&format!(
                "name = \"x\"\naddress = \"crt@crt.example\"\n{more}"
            ))
            .unwrap()
        };
        let (mail, both) = (with(""), with("phone = \"02 000 00 00\""));
        let all = [None, Some(&mail), Some(&both)]
            .into_iter()
            .flat_map(|team| {
                [Language::Nl, Language::Fr, Language::En, Language::Und]
                    .map(|language| told(language, vec![], team))
            });
        assert_snapshot!(all.collect::<Vec<_>>().join("\n\n"));
    }
}
