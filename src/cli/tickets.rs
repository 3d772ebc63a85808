//! `tickets`: list, read, approve. Reading a ticket is on record. `export` stands in `tickets_export`.

use crate::app::App;
use crate::app::tickets::{approve, list, show};
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::moment::shown;
use crate::cli::output;
use crate::cli::ticket_events::describe;
use crate::cli::tickets_export::Export;
use crate::domain::ids::TicketNumber;
use crate::domain::ticket::event::RecordedEvent;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::summary::TicketSummary;
use crate::domain::tlp::Label;
use crate::runtime::wire::{block_on, open_app};
use clap::Subcommand;
use jiff::tz::TimeZone;
use serde::Serialize;

/// Subcommands of `tickets`.
#[derive(Debug, Subcommand)]
pub(crate) enum Tickets {
    /// List tickets and what is waiting; shows nothing of the reports
    List {
        /// Most tickets to show
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Show one ticket; the read is on record
    Show {
        /// The number, for example CRT-2026-0042
        number: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Hand one ticket over as one encrypted file; the read and its reason are on record
    ///
    /// The file is in the format age: who gets it opens it with `age -d FILE | tar x`.
    Export(Export),
    /// Let the replies that wait on a ticket leave
    Approve {
        /// The number, for example CRT-2026-0042
        number: String,
    },
}

#[derive(Serialize)]
struct ListObject<'a> {
    tickets: &'a [TicketSummary],
    undecided: u64,
    set_aside: u64,
    awaiting_approval: u64,
    unsent: u64,
    given_up: u64,
}

#[derive(Serialize)]
struct TicketObject<'a> {
    ticket: TicketSummary,
    constituent: &'a Option<String>,
    tlp: Label,
    events: &'a [RecordedEvent],
}

/// Runs one of them.
pub(crate) fn run(arguments: &Tickets, context: &Context) -> Result<(), Failure> {
    let config = context.load()?;
    let person = context.person();
    if let Tickets::Export(export) = arguments {
        return export.run(&config, &person);
    }
    block_on(async {
        let app = open_app(&config).await?;
        match arguments {
            Tickets::List { limit, json: false } => print_list(&app, *limit).await,
            Tickets::List { limit, json: true } => print_list_json(&app, *limit).await,
            Tickets::Show { number, json } => {
                let (ticket, events) = show(&app, &parse(number)?, &person).await?;
                if *json {
                    output::line(ticket_json(&ticket, &events)?);
                    return Ok(());
                }
                for line in ticket_lines(&ticket, &events, &app.settings.time_zone) {
                    output::line(line);
                }
                Ok(())
            }
            Tickets::Export(_) => Ok(()),
            Tickets::Approve { number } => {
                let number = parse(number)?;
                let count = approve(&app, &number, &person).await?;
                output::line(format_args!(
                    "{number}: {count} reply approved; the service sends it now"
                ));
                Ok(())
            }
        }
    })?
}

/// A number as somebody wrote it.
pub(crate) fn parse(number: &str) -> Result<TicketNumber, Failure> {
    number.parse().map_err(Failure::usage)
}

async fn print_list(app: &App, limit: u32) -> Result<(), Failure> {
    let found = list(app, limit).await?;
    if found.tickets.is_empty() {
        output::line("no tickets");
    }
    for ticket in &found.tickets {
        output::line(summary_line(ticket, &app.settings.time_zone));
    }
    let waiting = [
        (found.backlog.undecided, "messages not yet decided"),
        (
            found.backlog.set_aside,
            "messages set aside: they failed too often, a human must look",
        ),
        (
            found.backlog.awaiting_approval,
            "replies waiting for approval (tickets approve NUMBER)",
        ),
        (
            found.backlog.unsent,
            "replies not yet taken by the mail server",
        ),
        (
            found.backlog.given_up,
            "replies that could not be delivered: reach the reporter another way",
        ),
    ];
    for (count, what) in waiting.into_iter().filter(|(count, _)| *count > 0) {
        output::line(format_args!("{count} {what}"));
    }
    Ok(())
}

async fn print_list_json(app: &App, limit: u32) -> Result<(), Failure> {
    let found = list(app, limit).await?;
    print_json(&ListObject {
        tickets: &found.tickets,
        undecided: found.backlog.undecided,
        set_aside: found.backlog.set_aside,
        awaiting_approval: found.backlog.awaiting_approval,
        unsent: found.backlog.unsent,
        given_up: found.backlog.given_up,
    })
}

/// One line of closed words about a ticket.
pub(crate) fn summary_line(ticket: &TicketSummary, zone: &TimeZone) -> String {
    let number = match (&ticket.number, &ticket.possibly) {
        (Some(number), _) => number.to_string(),
        (None, Some(possibly)) => format!("in the holding pen, possibly {possibly}"),
        (None, None) => ticket.id.to_string(),
    };
    let category = ticket.category.map_or("-", |category| category.as_str());
    let page = if ticket.page {
        " · calls for a human"
    } else {
        ""
    };
    let waits = if ticket.awaiting_approval > 0 {
        " · reply waits for approval"
    } else {
        ""
    };
    format!(
        "{number} · {category} · {} · {} · {}{page}{waits}",
        ticket.severity,
        ticket.state,
        shown(ticket.updated_at, zone)
    )
}

/// The whole ticket as a person reads it, line by line.
pub(crate) fn ticket_lines(
    ticket: &Ticket,
    events: &[RecordedEvent],
    zone: &TimeZone,
) -> Vec<String> {
    let mut lines = vec![summary_line(&ticket.summary(), zone)];
    lines.push(ticket.tlp.to_string());
    lines.extend(ticket.constituent.clone());
    for recorded in events {
        lines.push(String::new());
        lines.push(format!(
            "{:3}  {}  {}",
            recorded.seq,
            shown(recorded.at, zone),
            recorded.event.kind()
        ));
        let described = describe(&recorded.event, zone);
        lines.extend(described.iter().map(|line| format!("     {line}")));
    }
    lines
}

/// The whole ticket as one JSON object.
pub(crate) fn ticket_json(ticket: &Ticket, events: &[RecordedEvent]) -> Result<String, Failure> {
    let object = TicketObject {
        ticket: ticket.summary(),
        constituent: &ticket.constituent,
        tlp: ticket.tlp,
        events,
    };
    serde_json::to_string(&object).map_err(Failure::failed)
}

/// One JSON object as the answer.
pub(crate) fn print_json(object: &impl Serialize) -> Result<(), Failure> {
    output::line(serde_json::to_string(object).map_err(Failure::failed)?);
    Ok(())
}
