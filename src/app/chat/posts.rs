//! What the bot posts where people work on a ticket: the conversation with the reporter, drafts, what left.
//!
//! In Dutch, for experts. Words from outside stand in [`Line::Outside`] only.

use crate::app::App;
use crate::app::chat::key_words;
use crate::app::chat::place::name_of;
use crate::domain::address::EmailAddress;
use crate::domain::chat::post::{Line, Loudness, Post};
use crate::domain::ids::{InboxId, OutboxId};
use crate::domain::intake::lookalike::{Likeness, look_alike};
use crate::domain::intake::message::{Defect, Lock};
use crate::domain::intake::sender::Standing;
use crate::domain::oncall::people::PersonId;
use crate::domain::party::Party;
use crate::domain::ticket::event::{RecordedEvent, TicketEvent};
use crate::domain::ticket::message::{AttachmentNote, ReceivedMessage};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Release;
use crate::domain::triage::assessment::ChannelTrust;
use jiff::Timestamp;

/// Longest text that is brought into a room, in bytes. The rest is read with `tickets show`.
const LONGEST: usize = 12_000;
/// Most messages that are shown together in the holding pen, where there is nearly always one.
const MOST_TO_DECIDE_ON: usize = 2;
/// Most files and forwarded mails that are named.
const MOST_NAMED: usize = 20;

/// The first message in a ticket's room: what this room is, who the reporter is, what to beware of.
pub(crate) fn welcome(app: &App, ticket: &Ticket) -> Post {
    let mut lines = vec![Line::Strong(
        "Hieronder staat wat de melder schreef en wat ik antwoordde.".to_owned(),
    )];
    if let Some(town) = &ticket.constituent {
        lines.push(Line::Item(format!("Lokaal bestuur: {town}")));
    }
    lines.extend(reporter(app, ticket));
    if let Some(phone) = callback(app, ticket) {
        lines.push(Line::Item(format!("Geregistreerd nummer: {phone}")));
    }
    if ticket.channel == ChannelTrust::Suspect {
        lines.push(Line::Item(
            "Opgelet: in de mailbox van de melder leest misschien iemand mee. Bel eerst."
                .to_owned(),
        ));
    }
    lines.push(Line::Plain(
        "Wat u hier schrijft, blijft hier. Naar de melder gaat alleen !reply, of een antwoord op zijn bericht waarop u zelf ✅ zet. Alle commando's: !help".to_owned(),
    ));
    quiet(lines)
}

fn reporter(app: &App, ticket: &Ticket) -> Vec<Line> {
    let Some(message) = &ticket.latest_message else {
        return Vec::new();
    };
    let (who, proof) = writer(message);
    [Line::Item(format!("Melder ({proof}):")), Line::Outside(who)]
        .into_iter()
        .chain(likeness(app, message))
        .collect()
}

/// Who wrote it, and what is proven of that.
fn writer(message: &ReceivedMessage) -> (String, &'static str) {
    let who = match (&message.from, message.party()) {
        (Some(from), _) if !from.name.is_empty() => format!("{} <{}>", from.name, from.address),
        (Some(from), _) => from.address.to_string(),
        (None, Some(party)) => party.to_string(),
        (None, None) => "niet één afzender".to_owned(),
    };
    let proof = match message.standing {
        Standing::Proven => "bewezen",
        Standing::Listed => "op de lijst, maar niet bewezen",
        Standing::Unknown => "staat niet op de lijst, niet bewezen",
        Standing::Refused => "de afzender is vals of doet zich voor als ons",
        Standing::Unclear => "onduidelijk",
    };
    (who, proof)
}

/// Whose domain the sender's looks like, without being it.
fn likeness(app: &App, message: &ReceivedMessage) -> Option<Line> {
    let from = message.from.as_ref()?;
    let found = look_alike(&from.address, &app.settings.constituents)?;
    let because = match found.because {
        Likeness::InFront => "de echte naam staat er alleen vooraan in",
        Likeness::Confusable => "met letters die op elkaar lijken",
        Likeness::OtherEnding => "met een andere uitgang",
        Likeness::Hyphen => "met een koppelteken meer of minder",
        Likeness::OneSlip => "op één letter na",
        Likeness::AddedWord => "met een woord erbij",
    };
    let number = match found.of.callback_phone.as_str() {
        "" => String::new(),
        phone => format!(" {phone}"),
    };
    Some(Line::Item(format!(
        "Opgelet: dit domein staat niet op de lijst, maar lijkt op dat van {} ({}), {because}. Bel het geregistreerde nummer{number} voor u iets geeft.",
        found.of.name, found.of.domain
    )))
}

/// Do others write on the ticket too? Then each message says whose it is.
fn is_one_of_several(history: &[RecordedEvent], message: &ReceivedMessage) -> bool {
    let party = message.party();
    history.iter().any(|recorded| match &recorded.event {
        TicketEvent::MessageReceived(other) => match (other.party(), &party) {
            (Some(other), Some(party)) => !other.is_same(party),
            (other, party) => other.is_some() || party.is_some(),
        },
        _ => false,
    })
}

/// The number that is registered for calling the reporter's local government.
pub(crate) fn callback(app: &App, ticket: &Ticket) -> Option<String> {
    let addresses = ticket.parties.iter().filter_map(|party| match party {
        Party::Mail(address) => Some(address.clone()),
        Party::Chat(user) => EmailAddress::parse(&format!("x@{}", user.server())),
    });
    let mut listed = addresses.filter_map(|address| {
        let constituent = app.settings.constituents.find(&address)?;
        Some(constituent.callback_phone.clone())
    });
    listed.find(|phone| !phone.is_empty())
}

/// Words of the reporter, or of a call that was written down.
pub(super) fn relayed(app: &App, history: &[RecordedEvent], inbox: &InboxId) -> Option<Post> {
    history.iter().find_map(|recorded| match &recorded.event {
        TicketEvent::MessageReceived(message) if &message.inbox == inbox => {
            Some(message_post(app, history, message))
        }
        TicketEvent::CallNoted {
            inbox: noted,
            by,
            town,
            callback,
            notes,
        } if noted == inbox => Some(quiet(vec![
            Line::Strong(format!(
                "Telefoon om {}, genoteerd door {}:",
                clock(app, recorded.at),
                name_of(app, by)
            )),
            Line::Outside(format!(
                "{town}\nTerugbellen: {callback}\n\n{}",
                short(notes)
            )),
        ])),
        _ => None,
    })
}

fn message_post(app: &App, history: &[RecordedEvent], message: &ReceivedMessage) -> Post {
    let way = match &message.chat {
        Some(chat) if chat.replaces.is_some() => "chat, een verbetering van een eerder bericht",
        Some(_) => "chat",
        None => "mail",
    };
    let mut lines = vec![Line::Strong(format!(
        "De melder, om {}, per {way}:",
        clock(app, message.received_at)
    ))];
    if is_one_of_several(history, message) {
        let (who, proof) = writer(message);
        lines.push(Line::Item(format!("{proof}:")));
        lines.push(Line::Outside(who));
        lines.extend(likeness(app, message));
    }
    lines.extend(key_words::protection(message).map(Line::Item));
    if !message.subject.is_empty() {
        lines.push(Line::Item("Onderwerp:".to_owned()));
        lines.push(Line::Outside(message.subject.clone()));
    }
    lines.push(Line::Outside(short(&message.text)));
    let files = message.attachments.iter();
    let named: Vec<String> = files
        .map(file_line)
        .chain(
            message
                .forwarded
                .iter()
                .map(|mail| format!("doorgestuurd: {} · {}", mail.from, mail.subject)),
        )
        .take(MOST_NAMED)
        .collect();
    if !named.is_empty() {
        lines.push(Line::Outside(named.join("\n")));
    }
    lines.extend(
        message
            .defects
            .iter()
            .copied()
            .filter_map(gap)
            .map(Line::Item),
    );
    quiet(lines)
}

/// A file, with what somebody who handles it should know.
fn file_line(file: &AttachmentNote) -> String {
    let warning = file.warning();
    let content = warning
        .content
        .map(|kind| format!(", volgens de inhoud {kind}"));
    let lock = match warning.lock {
        Lock::Password => ", vraagt een wachtwoord",
        Lock::None => "",
    };
    format!(
        "bestand: {} ({}, {} bytes{}{lock})",
        file.name,
        file.mime,
        file.size,
        content.unwrap_or_default()
    )
}

/// What was not read of a message.
fn gap(defect: Defect) -> Option<String> {
    let gap = match defect {
        Defect::TooLarge => "Te groot: hier staat alleen het begin. Het geheel ligt in de mailbox.",
        Defect::TooComplex => {
            "Te veel delen, te diep in elkaar of beschadigd: niet alles is gelezen. Bekijk het origineel."
        }
        Defect::Unreadable => "Deze mail was niet te ontleden. Bekijk het origineel.",
        _ => return None,
    };
    Some(gap.to_owned())
}

/// What waits in the holding pen, for whoever decides on it: its senders, words and files.
pub(super) fn to_decide_on(app: &App, ticket: &Ticket, history: &[RecordedEvent]) -> Post {
    let possibly = ticket.possibly.as_ref();
    let heading = possibly.map_or_else(
        || "Dit bericht wacht op een plaats.".to_owned(),
        |number| format!("Dit bericht wacht op een plaats. Misschien hoort het bij {number}."),
    );
    let mut lines = vec![Line::Strong(heading)];
    let messages = history.iter().filter_map(|recorded| match &recorded.event {
        TicketEvent::MessageReceived(message) => Some(message.as_ref()),
        _ => None,
    });
    let mut latest: Vec<&ReceivedMessage> = messages.collect();
    let earlier = latest.len().saturating_sub(MOST_TO_DECIDE_ON);
    for message in latest.split_off(earlier) {
        let (who, proof) = writer(message);
        lines.push(Line::Item(format!("Afzender ({proof}):")));
        lines.push(Line::Outside(who));
        lines.extend(message_post(app, &[], message).lines);
    }
    lines.push(Line::Plain(
        "Beslis in de draad van de wachtdienst: !belongs met het nummer, !new of !drop. Het staat genoteerd dat u dit las.".to_owned(),
    ));
    quiet(lines)
}

/// What the bot told the reporter.
pub(super) fn told(app: &App, history: &[RecordedEvent], outbox: &OutboxId) -> Option<Post> {
    let (at, text, _) = reply(history, outbox)?;
    Some(quiet(vec![
        Line::Strong(format!(
            "Mijn antwoord aan de melder, om {}:",
            clock(app, at)
        )),
        Line::Outside(short(text)),
    ]))
}

/// The conversation so far, for somebody who came later: whoever comes into a room can't read what was said
/// there before. What is too long loses its oldest part.
pub(super) fn recap(app: &App, history: &[RecordedEvent], person: &PersonId) -> Post {
    let posts = history.iter().filter_map(|recorded| match &recorded.event {
        TicketEvent::MessageReceived(message) => Some(message_post(app, history, message)),
        TicketEvent::CallNoted { inbox, .. } => relayed(app, history, inbox),
        TicketEvent::ReplySent { outbox } => told(app, history, outbox),
        TicketEvent::HumanWrote { by, text, .. } => Some(quiet(vec![
            Line::Strong(format!(
                "{} aan de melder, om {}:",
                name_of(app, by),
                clock(app, recorded.at)
            )),
            Line::Outside(short(text)),
        ])),
        TicketEvent::AnsweredFromMailbox { text, .. } => {
            Some(answered_from_mailbox(app, text, recorded.at))
        }
        _ => None,
    });
    let mut said: Vec<Line> = Vec::new();
    let mut left = LONGEST;
    for post in posts.collect::<Vec<_>>().into_iter().rev() {
        let length: usize = post.lines.iter().map(length_of).sum();
        if length > left && !said.is_empty() {
            said.push(Line::Plain(
                "(wat daarvoor kwam, leest u met eerstelijn tickets show)".to_owned(),
            ));
            break;
        }
        left = left.saturating_sub(length);
        said.extend(post.lines.into_iter().rev());
    }
    let heading = Line::Strong(format!(
        "Voor {}, het verloop tot nu:",
        name_of(app, person)
    ));
    quiet(
        std::iter::once(heading)
            .chain(said.into_iter().rev())
            .collect(),
    )
}

/// What somebody of the team answered past the bot.
pub(crate) fn answered_from_mailbox(app: &App, text: &str, at: Timestamp) -> Post {
    quiet(vec![
        Line::Strong(format!(
            "Iemand van het team aan de melder, uit de mailbox zelf, om {}:",
            clock(app, at)
        )),
        Line::Outside(short(text)),
    ])
}

fn length_of(line: &Line) -> usize {
    match line {
        Line::Plain(text) | Line::Strong(text) | Line::Item(text) | Line::Outside(text) => {
            text.len()
        }
    }
}

/// A reply that was written and does not leave by itself.
pub(super) fn draft(history: &[RecordedEvent], outbox: &OutboxId) -> Option<Post> {
    let (_, text, release) = reply(history, outbox)?;
    let what = match release {
        Release::OnApproval => "Ontwerp voor de melder. Zet ✅ op dit bericht, dan verzend ik het.",
        Release::DraftOnly => "Dit zou ik de melder schrijven. Ik verzend niets: modus observe.",
        Release::AtOnce => return None,
    };
    Some(quiet(vec![
        Line::Strong(what.to_owned()),
        Line::Outside(short(text)),
    ]))
}

fn reply<'a>(
    history: &'a [RecordedEvent],
    wanted: &OutboxId,
) -> Option<(Timestamp, &'a str, Release)> {
    history.iter().find_map(|recorded| match &recorded.event {
        TicketEvent::ReplyWritten {
            outbox,
            text,
            release,
            ..
        } if outbox == wanted => Some((recorded.at, text.as_str(), *release)),
        _ => None,
    })
}

/// A quiet message.
pub(crate) fn quiet(lines: Vec<Line>) -> Post {
    Post {
        lines,
        mentions: Vec::new(),
        loudness: Loudness::Notice,
    }
}

/// The time of day, as people here read it.
pub(crate) fn clock(app: &App, at: Timestamp) -> String {
    let local = app.settings.time_zone.to_datetime(at);
    local.strftime("%H:%M").to_string()
}

fn short(text: &str) -> String {
    let end = text.floor_char_boundary(LONGEST);
    let mut cut = text.get(..end).unwrap_or_default().to_owned();
    if end < text.len() {
        cut.push_str("\n(ingekort: de rest leest u met eerstelijn tickets show)");
    }
    cut
}
