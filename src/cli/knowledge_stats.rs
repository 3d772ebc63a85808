//! `knowledge stats`: what answered, what was never found, and what people asked in vain. Reading the questions is on record.

use crate::app::knowledge_stats::{KnowledgeStats, Question, Unreadable, knowledge_stats};
use crate::app::tickets::TicketError;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::moment::{day, shown};
use crate::cli::output;
use crate::cli::ticket_events::printable;
use crate::cli::tickets::print_json;
use crate::domain::guidance::entry::Entry;
use crate::domain::guidance::usage::{Answered, NeverFound};
use crate::domain::oncall::moment::instant;
use crate::domain::triage::assessment::Channel;
use crate::runtime::wire::{block_on, open_app};
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

/// Characters in a line of text.
const WIDTH: usize = 80;
/// Before the words of a question.
const INDENT: usize = 4;
/// Where the names of what answered begin, after how often and when.
const NAMES: usize = 21;

/// Arguments of `stats`.
#[derive(Debug, Args)]
pub(crate) struct Stats {
    /// From this day on, for example 2026-11-23; without it everything that is kept
    #[arg(long, value_name = "DAY", value_parser = day)]
    since: Option<Date>,
    /// Most questions to show, the newest; with 0 none is read, and nothing is on record
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    questions: usize,
    /// Name each entry that was never found; without it they are counted by kind
    #[arg(long)]
    all: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct StatsObject<'a> {
    since: Option<Date>,
    answered: &'a [Answered],
    never_found: &'a [Entry],
    never_found_by_kind: &'a [NeverFound],
    unanswered_count: usize,
    unanswered: &'a [Question],
    unreadable: Unreadable,
}

/// Runs it.
pub(crate) fn run(arguments: &Stats, context: &Context) -> Result<(), Failure> {
    let config = context.load()?;
    let reader = context.person();
    block_on(async {
        let app = open_app(&config).await?;
        let zone = &app.settings.time_zone;
        let since = arguments.since.map(|day| beginning_of(day, zone));
        let since = since.transpose()?;
        let stats = knowledge_stats(&app, since, arguments.questions, &reader)
            .await
            .map_err(TicketError::from)?;
        if arguments.json {
            return print_json(&StatsObject {
                since: arguments.since,
                answered: &stats.answered,
                never_found: &stats.never_found,
                never_found_by_kind: &stats.never_found_by_kind,
                unanswered_count: stats.unanswered_count,
                unanswered: &stats.unanswered,
                unreadable: stats.unreadable,
            });
        }
        let names = if arguments.all {
            Names::All
        } else {
            Names::Counted
        };
        for line in lines(&stats, names, zone) {
            output::line(line);
        }
        Ok(())
    })?
}

fn beginning_of(day: Date, zone: &TimeZone) -> Result<Timestamp, Failure> {
    instant(day.at(0, 0, 0, 0), zone)
        .ok_or_else(|| Failure::usage(format_args!("--since {day}: name a day of this century")))
}

/// How the entries that were never found are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// How many of each kind.
    Counted,
    /// Each by name.
    All,
}

/// What a person reads.
fn lines(stats: &KnowledgeStats, names: Names, zone: &TimeZone) -> Vec<String> {
    let mut lines = answered(&stats.answered, zone);
    lines.push(String::new());
    lines.extend(never_found(stats, names));
    lines.push(String::new());
    lines.push(match (stats.unanswered_count, stats.unanswered.len()) {
        (all, shown) if all == shown => format!("Questions without an answer ({all}):"),
        (all, shown) => format!("Questions without an answer ({all}, shown: {shown}):"),
    });
    for question in &stats.unanswered {
        lines.push(format!(
            "{}  {}  {}",
            shown(question.asked_at, zone),
            match question.channel {
                Channel::Mail => "mail",
                Channel::Chat => "chat",
            },
            question.language
        ));
        lines.extend(hanging(&" ".repeat(INDENT), &question.text, INDENT));
    }
    if stats.unreadable != Unreadable::default() {
        lines.push(String::new());
        let Unreadable { messages, tickets } = stats.unreadable;
        let said = format!(
            "Not counted, because it can't be read (messages: {messages}, tickets: {tickets}): \
             `eerstelijn audit verify` says which, unless it is only the words of a message."
        );
        lines.extend(hanging("", &said, 0));
    }
    lines
}

fn answered(answered: &[Answered], zone: &TimeZone) -> Vec<String> {
    let mut lines = vec![format!(
        "Answered, the most often first ({}):",
        answered.len()
    )];
    for one in answered {
        let last = shown(one.last_at, zone);
        let last = last.get(..10).unwrap_or_default();
        let named = format!("{} {}", one.kind, short(one.kind, &one.id));
        let named = match one.section.as_str() {
            "" => named,
            section => format!("{named}: {section}"),
        };
        lines.extend(hanging(
            &format!("{:5} ×  {last}  ", one.times),
            &named,
            NAMES,
        ));
    }
    lines
}

fn never_found(stats: &KnowledgeStats, names: Names) -> Vec<String> {
    let kinds = &stats.never_found_by_kind;
    let (never, of) = (
        stats.never_found.len(),
        kinds.iter().map(|kind| kind.of).sum::<usize>(),
    );
    let remedy = match names {
        Names::Counted if never > 0 => "; `--all` names them",
        Names::Counted | Names::All => "",
    };
    let mut lines = vec![format!("Never found ({never} of {of}{remedy}):")];
    for kind in kinds.iter().filter(|kind| kind.never > 0) {
        let name = kind.kind.as_str();
        lines.push(format!(
            "{:INDENT$}{name:10} {:4} of {}",
            "", kind.never, kind.of
        ));
        if names == Names::Counted {
            continue;
        }
        for entry in stats.never_found.iter().filter(|one| one.kind == kind.kind) {
            let named = format!("{}: {}", short(name, &entry.id), entry.title);
            lines.extend(hanging(&" ".repeat(2 * INDENT), &named, 3 * INDENT));
        }
    }
    lines
}

/// The name of an entry without its kind, which stands beside it: `D1` of `duty:D1`.
fn short<'a>(kind: &str, id: &'a str) -> &'a str {
    id.strip_prefix(kind)
        .and_then(|rest| rest.strip_prefix(':'))
        .unwrap_or(id)
}

/// Words in lines that fit, behind a beginning; what comes after the first line is indented.
fn hanging(beginning: &str, text: &str, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = beginning.to_owned();
    let mut words_on_line = 0_usize;
    for word in printable(text).split_whitespace() {
        let width = line.chars().count() + words_on_line.min(1) + word.chars().count();
        if words_on_line > 0 && width > WIDTH {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            words_on_line = 0;
        }
        if words_on_line > 0 {
            line.push(' ');
        }
        line.push_str(word);
        words_on_line += 1;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guidance::handbook::PassageKind;
    use crate::domain::triage::language::Language;
    use insta::assert_snapshot;

    fn entry(kind: PassageKind, id: &str, title: &str) -> Entry {
        Entry {
            kind,
            id: id.to_owned(),
            title: title.to_owned(),
            owner: String::new(),
            review_before: None,
            last_day: None,
        }
    }

    #[test]
    fn it_is_read_in_eighty_columns() {
        let at: Timestamp = "2026-11-23T20:40:00Z".parse().unwrap();
        let stats = KnowledgeStats {
            answered: vec![Answered {
                kind: "memo",
                id: "logging".to_owned(),
                section: "Hoelang bewaart u logs, en waarom is dat voor iedere dienst anders?"
                    .to_owned(),
                times: 12,
                last_at: at,
            },
            Answered {
                kind: "duty",
                id: "duty:D1".to_owned(),
                section: String::new(),
                times: 3,
                last_at: at,
            }],
            never_found: vec![entry(
                PassageKind::Obligation,
                "obligation:wijziging-van-het-gemeentedecreet",
                "Wijziging van het decreet over het lokaal bestuur",
            )],
            never_found_by_kind: vec![
                NeverFound {
                    kind: PassageKind::Memo,
                    never: 0,
                    of: 45,
                },
                NeverFound {
                    kind: PassageKind::Obligation,
                    never: 1,
                    of: 12,
                },
            ],
            unanswered_count: 3,
            unanswered: vec![Question {
                asked_at: at,
                channel: Channel::Chat,
                language: Language::Nl,
                text: "Mogen onze medewerkers hun eigen robotmaaier aan het netwerk van de gemeente hangen, en wie is er dan verantwoordelijk?".to_owned(),
            }],
            unreadable: Unreadable {
                messages: 2,
                tickets: 1,
            },
        };
        let zone = TimeZone::get("Europe/Brussels").unwrap();
        let counted = lines(&stats, Names::Counted, &zone);
        let named = lines(&stats, Names::All, &zone);
        for line in counted.iter().chain(&named) {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
        assert_snapshot!(counted.join("\n"));
        let added = named.iter().filter(|line| !counted.contains(line));
        let added: Vec<&str> = added.map(String::as_str).collect();
        assert_snapshot!("every_entry_is_named", added.join("\n"));
    }
}
