//! What holds for all commands together, and every text that people read.

use crate::domain::command::edit::newly;
use crate::domain::command::help::{help, help_for};
use crate::domain::command::list::CommandName;
use crate::domain::command::problem::Problem;
use crate::domain::command::read::{MOST_COMMANDS, Reading, read};
use crate::domain::command::spec::{Correction, Extent, Place, Spec};
use crate::domain::text::fold::fold;
use crate::domain::triage::language::Language;
use proptest::prelude::*;
use regex::Regex;

fn specs() -> impl Iterator<Item = &'static Spec> {
    CommandName::ALL.iter().map(|name| name.spec())
}

/// Every text that the commands can answer with.
fn every_text() -> Vec<String> {
    let mut texts = Vec::new();
    for language in Language::OF_REPLIES {
        texts.extend(Place::ALL.iter().map(|place| help(language, *place)));
        texts.extend(
            CommandName::ALL
                .iter()
                .map(|name| help_for(*name, language)),
        );
        texts.extend(mistakes(language));
    }
    texts
}

/// A line that is wrong for every command, and for every other reason, with what is answered.
fn mistakes(language: Language) -> Vec<String> {
    let wrong = [
        (Place::OncallThread, "!ack CRT-2026-0042"),
        (Place::OncallThread, "!take niet"),
        (Place::OncallThread, "!hand els of jan"),
        (Place::TicketRoom, "!reply"),
        (Place::TicketRoom, "!note"),
        (Place::TicketRoom, "!severity erg"),
        (Place::TicketRoom, "!category phising"),
        (Place::TicketRoom, "!category gsm"),
        (Place::TicketRoom, "!key klopt"),
        (Place::TicketRoom, "!tlp rood"),
        (Place::TicketRoom, "!close klaar"),
        (Place::DirectChat, "!open Hackegem"),
        (Place::OncallThread, "!show alles"),
        (Place::OncallThread, "!belongs 42"),
        (Place::OncallThread, "!new dossier"),
        (Place::OncallThread, "!drop niet"),
        (Place::OncallRoom, "!help iets anders"),
        (Place::OncallRoom, "!help tkae"),
        (Place::OncallThread, "!tkae"),
        (Place::OncallRoom, "!reply Dag"),
        (Place::OncallRoom, "!ack"),
        (Place::TicketRoom, "> citaat\n!ack"),
    ];
    let answered = wrong.map(|(place, line)| {
        let problem = read(line, place).problem.unwrap();
        format!(
            "> {}\n{}",
            line.replace('\n', "\n> "),
            problem.text(language)
        )
    });
    let too_much = [
        ("> 11 × !ack", Problem::TooMany),
        ("> 64 KB", Problem::TooLong),
    ];
    let too_much = too_much.map(|(line, problem)| format!("{line}\n{}", problem.text(language)));
    answered.into_iter().chain(too_much).collect()
}

#[test]
fn every_command_states_itself_once() {
    for name in CommandName::ALL {
        let spec = name.spec();
        assert_eq!(spec.name, *name);
        assert_eq!(spec.names.en, name.as_str(), "the English name is the name");
        assert!(!spec.places.is_empty());
    }
    let gone = specs().filter(|spec| spec.correction == Correction::TooLate);
    assert!(
        gone.into_iter().all(|spec| spec.extent == Extent::Message),
        "at most one a message"
    );
}

#[test]
fn no_two_commands_share_a_name() {
    let mut taken: Vec<(String, CommandName)> = Vec::new();
    for spec in specs() {
        for written in spec.names.all() {
            let word = fold(written);
            assert!(written.chars().all(char::is_lowercase), "{written}");
            let other = taken
                .iter()
                .find(|(known, name)| *known == word && *name != spec.name);
            assert_eq!(other, None);
            taken.push((word, spec.name));
        }
    }
}

#[test]
fn every_example_works_wherever_its_command_does() {
    for spec in specs() {
        for language in Language::OF_REPLIES {
            let example = spec.example.in_language(language);
            for place in spec.places {
                let Reading { commands, problem } = read(example, *place);
                assert_eq!(problem, None, "{example}");
                assert_eq!(commands.len(), 1, "{example}");
                assert_eq!(commands[0].name(), spec.name, "{example}");
            }
            let own = example.replacen(spec.name.as_str(), spec.names.in_language(language), 1);
            assert_eq!(
                read(&own, spec.places[0]),
                read(example, spec.places[0]),
                "{own}"
            );
        }
    }
}

#[test]
fn every_command_is_refused_where_it_does_not_work() {
    for spec in specs() {
        for place in Place::ALL.iter().filter(|place| !spec.works_in(**place)) {
            let reading = read(spec.example.nl, *place);
            assert_eq!(reading.commands, [], "{}", spec.name);
            let name = spec.name;
            assert_eq!(reading.problem, Some(Problem::NotHere { name }));
        }
    }
}

#[test]
fn no_answer_is_a_command_when_it_is_copied() {
    for text in every_text() {
        for place in Place::ALL {
            let answers = text.lines().filter(|line| !line.starts_with('>'));
            let copied = answers.collect::<Vec<_>>().join("\n");
            assert_eq!(read(&copied, *place), Reading::default(), "{text}");
        }
    }
}

#[test]
fn no_text_is_a_verdict_or_has_an_odd_blank() {
    let verdict = Regex::new(
        r"(?i)\b(on)?veilige?\b|\bsafe(ly)?\b|\bsûre?s?\b|ongevaarlijk|onschuldig|harmless|inoffensif|geen gevaar|geen risico|no risk|aucun (danger|risque)",
    )
    .unwrap();
    for text in every_text() {
        assert!(!verdict.is_match(&text), "{text}");
        assert!(!text.contains("  ") && !text.contains(" \n"), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() < 500),
            "{text}"
        );
    }
}

#[test]
fn the_whole_help_as_people_read_it() {
    for language in Language::OF_REPLIES {
        let lists = Place::ALL.iter().map(|place| help(language, *place));
        let each = CommandName::ALL
            .iter()
            .map(|name| help_for(*name, language));
        let text = lists.chain(each).collect::<Vec<_>>().join("\n\n");
        insta::assert_snapshot!(format!("help-{language}"), text);
    }
}

#[test]
fn every_mistake_as_people_read_it() {
    for language in Language::OF_REPLIES {
        let text = mistakes(language).join("\n\n");
        insta::assert_snapshot!(format!("mistakes-{language}"), text);
    }
}

/// Pieces of which messages are made that come near to being commands.
const PIECES: &[&str] = &[
    "!ack",
    "!take",
    "!hand",
    "!reply",
    "!note",
    "!severity",
    "!category",
    "!close",
    "!open",
    "!belongs",
    "!new",
    "!drop",
    "!help",
    "!neem",
    "!réponds",
    "!tkae",
    "!!!",
    "!",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    ": ",
    "; ",
    ", ",
    "\u{a0}",
    "\u{200b}",
    "\u{feff}",
    "> ",
    ">",
    "`",
    "```",
    "~~~",
    "    ",
    "\t",
    "- ",
    "“",
    "”",
    "(",
    ")",
    "els",
    "@els:crt.example",
    "high",
    "hoog",
    "élevé",
    "ransomware",
    "phising",
    "resolved",
    "vals alarm",
    "pas d’incident",
    "Hackegem",
    "0470 00 00 00",
    "+32 9 000 00 00",
    "00",
    "112",
    "tel.",
    "Gemeente:",
    "nota:",
    "notes:",
    "CRT-2026-0042",
    "bij",
    "tekst",
    "|",
    ".",
    "\\",
];

fn message() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn place() -> impl Strategy<Value = Place> {
    proptest::sample::select(Place::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn no_message_breaks_it(text in any::<String>(), near in message(), place in place()) {
        for text in [text, near] {
            let reading = read(&text, place);
            prop_assert!(reading.commands.len() <= MOST_COMMANDS);
            for language in Language::ALL {
                let _ = reading.problem.as_ref().map(|problem| problem.text(*language));
            }
        }
    }

    #[test]
    fn a_message_without_a_sign_or_with_something_before_each_holds_none(text in message(), place in place()) {
        let without = text.replace('!', "");
        prop_assert_eq!(read(&without, place), Reading::default());
        for before in ["> ", ">", " ", "    ", "\t", "\u{200b}", "\u{feff}", "x"] {
            let moved: Vec<String> = text.split('\n').map(|line| format!("{before}{line}")).collect();
            prop_assert_eq!(read(&moved.join("\n"), place), Reading::default());
        }
        let fenced = format!("`````````\n{}\n`````````", text.replace("`````````", ""));
        prop_assert_eq!(read(&fenced, place), Reading::default());
    }

    #[test]
    fn what_was_read_is_read_again(name in proptest::sample::select(CommandName::ALL), text in message()) {
        let place = name.spec().places[0];
        for message in [text.clone(), format!("!{name} {text}"), format!("!{name}\n{text}")] {
            for command in read(&message, place).commands {
                let written = command.written();
                let again = read(&written, place);
                let once = Reading { commands: vec![command], problem: None };
                prop_assert_eq!(again, once, "{:?}", written);
            }
        }
    }

    #[test]
    fn an_edit_runs_nothing_twice(before in message(), added in message()) {
        let before = read(&before, Place::TicketRoom).commands;
        prop_assert_eq!(newly(&before, &before), []);
        prop_assert_eq!(newly(&[], &before), before.clone());
        let added = read(&added, Place::TicketRoom).commands;
        let new = newly(&before, &added);
        prop_assert!(new.iter().all(|command| added.contains(command)));
        let both = [before, new].concat();
        prop_assert_eq!(newly(&both, &added), []);
    }
}
