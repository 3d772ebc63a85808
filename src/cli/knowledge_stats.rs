//! `knowledge stats`: what answered, what was never found, and what people asked in vain. Reading the questions is on record.

use crate::app::knowledge_stats::{KnowledgeStats, Question, knowledge_stats};
use crate::app::tickets::TicketError;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::moment::{day, shown};
use crate::cli::output;
use crate::cli::ticket_events::printable;
use crate::cli::tickets::print_json;
use crate::domain::guidance::entry::Entry;
use crate::domain::guidance::usage::Answered;
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
const INDENT: &str = "    ";

/// Arguments of `stats`.
#[derive(Debug, Args)]
pub(crate) struct Stats {
    /// From this day on, for example 2026-11-23; without it everything that is kept
    #[arg(long, value_name = "DAY", value_parser = day)]
    since: Option<Date>,
    /// Most questions to show, the newest; with 0 none is read, and nothing is on record
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    questions: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct StatsObject<'a> {
    since: Option<Date>,
    answered: &'a [Answered],
    never_found: &'a [Entry],
    unanswered_count: usize,
    unanswered: &'a [Question],
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
                unanswered_count: stats.unanswered_count,
                unanswered: &stats.unanswered,
            });
        }
        for line in lines(&stats, zone) {
            output::line(line);
        }
        Ok(())
    })?
}

fn beginning_of(day: Date, zone: &TimeZone) -> Result<Timestamp, Failure> {
    instant(day.at(0, 0, 0, 0), zone)
        .ok_or_else(|| Failure::usage(format_args!("--since {day}: name a day of this century")))
}

/// What a person reads.
fn lines(stats: &KnowledgeStats, zone: &TimeZone) -> Vec<String> {
    let mut lines = vec![format!(
        "Answered, the most often first ({}):",
        stats.answered.len()
    )];
    for one in &stats.answered {
        let last = shown(one.last_at, zone);
        let last = last.get(..10).unwrap_or_default();
        let named = format!("{} {}: {}", one.kind, one.id, one.section);
        lines.push(cut(format!("{:5} ×  {last}  {named}", one.times)));
    }
    lines.push(String::new());
    lines.push(format!("Never found ({}):", stats.never_found.len()));
    for entry in &stats.never_found {
        let kind = entry.kind.as_str();
        lines.push(cut(format!(
            "{INDENT}{kind:10}  {}  {}",
            entry.id, entry.title
        )));
    }
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
        lines.extend(wrapped(&printable(&question.text)));
    }
    lines
}

/// A line that fits.
fn cut(line: String) -> String {
    match line.char_indices().nth(WIDTH) {
        Some(_) => {
            let kept: String = line.chars().take(WIDTH.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
        None => line,
    }
}

/// Words in lines that fit; one that is too long for a line has one of its own.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{INDENT}{word}")),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guidance::handbook::PassageKind;
    use crate::domain::triage::language::Language;
    use insta::assert_snapshot;

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
            }],
            never_found: vec![Entry {
                kind: PassageKind::Obligation,
                id: "obligation:wijziging-van-het-gemeentedecreet".to_owned(),
                title: "Wijziging van het decreet over het lokaal bestuur".to_owned(),
                owner: String::new(),
                review_before: None,
                last_day: None,
            }],
            unanswered_count: 3,
            unanswered: vec![Question {
                asked_at: at,
                channel: Channel::Chat,
                language: Language::Nl,
                text: "Mogen onze medewerkers hun eigen robotmaaier aan het netwerk van de gemeente hangen, en wie is er dan verantwoordelijk?".to_owned(),
            }],
        };
        let lines = lines(&stats, &TimeZone::get("Europe/Brussels").unwrap());
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
        assert_snapshot!(lines.join("\n"));
    }
}
