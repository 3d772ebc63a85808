//! What each command of the team does.

use crate::app::App;
use crate::app::chat::card::ROOM_LANGUAGE;
use crate::app::chat::key_words;
use crate::app::chat::letters::reply;
use crate::app::chat::pen::{belongs, put_away, release};
use crate::app::chat::place::{accounts, name_of};
use crate::app::chat::readers::show;
use crate::app::chat::team::{Beside, Hearing};
use crate::app::chat::words;
use crate::app::number::next_number;
use crate::app::ports::{KeyPin, PinnedBy};
use crate::app::step::StepError;
use crate::app::take::{acknowledge, take};
use crate::app::understand::assess_words;
use crate::domain::command::close::Closing;
use crate::domain::command::help::{help, help_for};
use crate::domain::command::key::KeyQuestion;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::open::PhoneReport;
use crate::domain::ids::TicketId;
use crate::domain::oncall::people::{Person, PersonId};
use crate::domain::pgp::certificate::Fingerprint;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::state::{Ticket, TicketState};
use crate::domain::ticket::words::AckWay;
use crate::domain::triage::assessment::Known;
use crate::domain::triage::category::Category;

/// Does what a command says.
pub(super) async fn run(hearing: &mut Hearing<'_>, command: &Command) -> Result<(), StepError> {
    match command {
        Command::Help(about) => {
            give_help(hearing, *about);
            return Ok(());
        }
        Command::Open(report) => return open(hearing, report).await,
        _ => {}
    }
    let Some(ticket) = hearing.ticket.clone() else {
        hearing.says(words::NO_TICKET);
        return Ok(());
    };
    let by = hearing.person.id.clone();
    match command {
        Command::Ack => {
            hearing
                .events
                .push(acknowledge(&ticket, &by, AckWay::Command));
            let name = name_of(hearing.app(), &by);
            hearing.says(if ticket.running_page().is_some() {
                words::acknowledged(&name)
            } else {
                let owner = ticket
                    .owner
                    .as_ref()
                    .map(|owner| name_of(hearing.app(), owner));
                words::seen(&name, owner.as_deref())
            });
        }
        Command::Take => take_it(hearing, &ticket, &by),
        Command::Hand(to) => match find(hearing.app(), to.as_str()) {
            Some(colleague) => take_it(hearing, &ticket, &colleague),
            None => hearing.says(words::unknown_person(to.as_str())),
        },
        Command::Reply(text) => reply(hearing, text.as_str()).await?,
        Command::Note(text) => {
            let text = text.as_str().to_owned();
            hearing.events.push(TicketEvent::Noted { by, text });
            hearing.says(words::NOTED);
        }
        Command::Severity(severity) => {
            let severity = *severity;
            hearing.says(words::severity_set(severity));
            hearing
                .events
                .push(TicketEvent::SeveritySet { by, severity });
        }
        Command::Category(category) => {
            let category = *category;
            let title = title_of(hearing.app(), category);
            hearing.says(words::category_set(&title));
            hearing
                .events
                .push(TicketEvent::CategorySet { by, category });
        }
        Command::Kind(kind) => {
            let kind = *kind;
            hearing.says(words::kind_set(kind));
            hearing.events.push(TicketEvent::KindSet { by, kind });
        }
        Command::Key(KeyQuestion::Which) => hearing.says(key_words::keys_of(&ticket)),
        Command::Key(KeyQuestion::Accept(of)) => accept_key(hearing, &ticket, by, of),
        Command::Tlp(label) => {
            let label = *label;
            hearing.says(words::label_set(label));
            hearing.events.push(TicketEvent::TlpSet { by, label });
        }
        Command::Close(closing) => close(hearing, by, closing),
        Command::Show => show(hearing, &ticket),
        Command::New => release(hearing, ticket.state()).await?,
        Command::Drop => put_away(hearing, ticket.state(), by),
        Command::Belongs(number) => belongs(hearing, &ticket, number).await?,
        Command::Help(_) | Command::Open(_) => {}
    }
    Ok(())
}

fn give_help(hearing: &mut Hearing<'_>, about: Option<CommandName>) {
    let help = match about {
        Some(name) => help_for(name, ROOM_LANGUAGE),
        None => help(ROOM_LANGUAGE, hearing.place),
    };
    hearing.says(help);
}

fn take_it(hearing: &mut Hearing<'_>, ticket: &Ticket, by: &PersonId) {
    if ticket.state() == TicketState::Held {
        hearing.says(words::STILL_HELD);
        return;
    }
    if let Some(number) = &ticket.merged_into {
        hearing.says(words::part_of(number));
        return;
    }
    let said_by = hearing.person.id.clone();
    let events = take(hearing.app(), ticket, &said_by, by, AckWay::Taking);
    hearing.events.extend(events);
    let name = name_of(hearing.app(), by);
    hearing.says(words::taken(&name));
    if accounts(hearing.app(), std::slice::from_ref(by)).is_empty() {
        hearing.says(words::no_account(&name));
    }
}

/// The new key is the reporter's: he was asked. From now on it is the one for all his tickets.
fn accept_key(hearing: &mut Hearing<'_>, ticket: &Ticket, by: PersonId, of: &Fingerprint) {
    let Some((party, certificate)) = ticket.keys.claim_of(of) else {
        return hearing.says(key_words::NO_NEW_KEY);
    };
    let certificate = certificate.clone();
    hearing.says(key_words::key_accepted(&certificate.fingerprint));
    hearing.pin = Some(KeyPin {
        party,
        certificate: certificate.clone(),
        by: PinnedBy::Person,
    });
    hearing
        .events
        .push(TicketEvent::KeyAccepted { by, certificate });
}

fn close(hearing: &mut Hearing<'_>, by: PersonId, closing: &Closing) {
    hearing.says(words::closed(closing));
    let remark = closing
        .remark
        .as_ref()
        .map(|words| words.as_str().to_owned());
    hearing.events.push(TicketEvent::Closed {
        by,
        reason: closing.reason,
        remark,
    });
}

/// A ticket for somebody who called. Whoever writes it down is awake, so nobody is woken.
async fn open(hearing: &mut Hearing<'_>, report: &PhoneReport) -> Result<(), StepError> {
    let app = hearing.app();
    let notes = report.notes.as_ref().map_or("", |notes| notes.as_str());
    let inbox = hearing.heard.arrival.id.clone();
    let number = next_number(app, hearing.heard.now).await?;
    let handbook = app.knowledge.handbook();
    let town = report.town.as_str().to_owned();
    let events = vec![
        TicketEvent::Opened {
            number: number.clone(),
            constituent: Some(town.clone()),
        },
        TicketEvent::CallNoted {
            inbox: inbox.clone(),
            by: hearing.person.id.clone(),
            town,
            callback: report.callback.as_str().to_owned(),
            notes: notes.to_owned(),
        },
        TicketEvent::Assessed {
            inbox,
            assessment: Box::new(assess_words(&handbook, notes, Known::default())),
            handbook: handbook.version.clone(),
        },
    ];
    let id = TicketId::from_random(app.ids.random());
    let by_person = |event| (hearing.actor(), event);
    let events = events.into_iter().map(by_person).collect();
    hearing.beside.push(Beside {
        id,
        seen: 0,
        events,
    });
    hearing.says(words::opened(&number));
    Ok(())
}

fn title_of(app: &App, category: Category) -> String {
    let handbook = app.knowledge.handbook();
    let playbook = handbook.playbooks.get(&category);
    playbook.map_or_else(
        || category.to_string(),
        |playbook| playbook.title.in_language(ROOM_LANGUAGE).to_owned(),
    )
}

fn find(app: &App, written: &str) -> Option<PersonId> {
    let is_meant = |person: &&Person| {
        let by_id = person.id.as_str().eq_ignore_ascii_case(written);
        by_id
            || person
                .matrix
                .as_ref()
                .is_some_and(|user| user.as_str() == written)
    };
    let person = app.settings.roster.people.iter().find(is_meant)?;
    Some(person.id.clone())
}
