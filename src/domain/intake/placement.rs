//! Which ticket a message belongs to.
//!
//! A message joins a ticket only by something nobody can guess (a Message-ID of the thread, our reply
//! token) **and** a sender who is on the ticket. A number in a subject proves nothing: whoever has
//! only that lands in the holding pen.

use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::intake::sender::Standing;
use crate::domain::party::Party;
use crate::domain::ticket::state::Ticket;

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// It begins a ticket.
    New,
    /// It belongs to this ticket.
    OnTicket {
        /// The ticket.
        ticket: TicketId,
        /// What led there.
        by: Proof,
    },
    /// It points at a ticket without proof: it waits in the holding pen.
    Pen {
        /// The ticket that it points at.
        possibly: TicketNumber,
    },
}

/// What led a message to its ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Something of ours that nobody can guess: our Message-ID, our reply token, our direct chat.
    Ours,
    /// The Message-ID of a mail on the ticket that somebody else made up.
    Theirs,
    /// Both refer to the same mail, which is on no ticket: a newsletter, a phish that many forward. It
    /// joins what one person wrote, and never brings two together.
    Shared,
}

impl Placement {
    /// The closed word for records.
    pub fn word(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::OnTicket { by, .. } => match by {
                Proof::Ours => "on-ticket",
                Proof::Theirs => "on-ticket-by-their-id",
                Proof::Shared => "on-ticket-by-shared-reference",
            },
            Self::Pen { .. } => "pen",
        }
    }

    /// The place that a record names with [`Self::word`], seen from the ticket where the message now is.
    pub fn recorded(word: &str, ticket: &TicketId, number: Option<&TicketNumber>) -> Option<Self> {
        let on_ticket = |by| Self::OnTicket {
            ticket: ticket.clone(),
            by,
        };
        Some(match word {
            "new" => Self::New,
            "on-ticket" => on_ticket(Proof::Ours),
            "on-ticket-by-their-id" => on_ticket(Proof::Theirs),
            "on-ticket-by-shared-reference" => on_ticket(Proof::Shared),
            "pen" => Self::Pen {
                possibly: number?.clone(),
            },
            _ => return None,
        })
    }
}

/// Places a message. `traced` are the tickets to which something in it leads, what is ours first;
/// `named` is the ticket whose number stands in its subject.
pub fn place(
    traced: &[(Proof, Ticket)],
    named: Option<&Ticket>,
    sender: Option<&Party>,
    standing: Standing,
) -> Placement {
    let believable = !matches!(standing, Standing::Refused | Standing::Unclear);
    let joined = traced
        .iter()
        .find(|(_, ticket)| believable && sender.is_some_and(|from| ticket.has_party(from)));
    if let Some((by, ticket)) = joined {
        return Placement::OnTicket {
            ticket: ticket.id.clone(),
            by: *by,
        };
    }
    let claimed = traced
        .iter()
        .filter(|(by, _)| *by != Proof::Shared)
        .map(|(_, ticket)| ticket)
        .chain(named)
        .find_map(|ticket| ticket.number.clone());
    claimed.map_or(Placement::New, |possibly| Placement::Pen { possibly })
}

/// The first ticket number of this organisation in a subject.
pub fn number_in(subject: &str, prefix: &str) -> Option<TicketNumber> {
    subject
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter_map(|word| word.parse::<TicketNumber>().ok())
        .find(|number| number.prefix().eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::EmailAddress;
    use crate::domain::ids::InboxId;
    use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
    use crate::domain::ticket::message::ReceivedMessage;
    use crate::domain::triage::assessment::Channel;
    use jiff::Timestamp;

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    #[test]
    fn a_place_is_known_again_by_its_word() {
        let id = TicketId::from_stored("t");
        let number = TicketNumber::new("CRT", 2026, 42);
        let on_ticket = |by| Placement::OnTicket {
            ticket: id.clone(),
            by,
        };
        let pen = Placement::Pen {
            possibly: number.clone(),
        };
        for placement in [
            Placement::New,
            on_ticket(Proof::Ours),
            on_ticket(Proof::Theirs),
            on_ticket(Proof::Shared),
            pen,
        ] {
            let known = Placement::recorded(placement.word(), &id, Some(&number));
            assert_eq!(known, Some(placement));
        }
        for word in ["", "duplicate", "lobby"] {
            assert_eq!(Placement::recorded(word, &id, Some(&number)), None);
        }
    }

    fn party(text: &str) -> Party {
        Party::Mail(address(text))
    }

    fn ticket() -> Ticket {
        let message = ReceivedMessage {
            pgp: None,
            inbox: InboxId::from_stored("m"),
            channel: Channel::Mail,
            from: Some(crate::domain::address::Mailbox {
                name: String::new(),
                address: address("an@hackegem.example"),
            }),
            claimed: vec![],
            chat: None,
            reply_to: vec![],
            subject: String::new(),
            text: String::new(),
            message_id: None,
            in_reply_to: vec![],
            references: vec![],
            standing: Standing::Proven,
            attachments: vec![],
            forwarded: vec![],
            defects: vec![],
            received_at: Timestamp::UNIX_EPOCH,
        };
        let events = [
            TicketEvent::Opened {
                number: TicketNumber::new("CRT", 2026, 42),
                constituent: None,
            },
            TicketEvent::MessageReceived(Box::new(message)),
        ];
        let recorded: Vec<RecordedEvent> = (1..)
            .zip(events)
            .map(|(seq, event)| RecordedEvent {
                seq,
                at: Timestamp::UNIX_EPOCH,
                actor: Actor::Reporter,
                event,
            })
            .collect();
        Ticket::replay(&TicketId::from_stored("t"), &recorded).unwrap()
    }

    #[test]
    fn a_message_joins_by_thread_and_known_sender_only() {
        let ticket = ticket();
        let on_it = |by| Placement::OnTicket {
            ticket: ticket.id.clone(),
            by,
        };
        let (ours, shared) = (on_it(Proof::Ours), on_it(Proof::Shared));
        let pen = Placement::Pen {
            possibly: TicketNumber::new("CRT", 2026, 42),
        };
        let by = |proof| [(proof, ticket.clone())];
        let (by_ours, by_shared) = (by(Proof::Ours), by(Proof::Shared));
        let an = party("An@hackegem.example");
        let stranger = party("an@elsewhere.example");
        let nothing = &[][..];
        for (traced, named, from, standing, expected) in [
            (&by_ours[..], None, Some(&an), Standing::Proven, &ours),
            (&by_ours, None, Some(&an), Standing::Listed, &ours),
            (&by_ours, None, Some(&an), Standing::Refused, &pen),
            (&by_ours, None, Some(&stranger), Standing::Unknown, &pen),
            (nothing, Some(&ticket), Some(&an), Standing::Proven, &pen),
            (
                nothing,
                Some(&ticket),
                Some(&stranger),
                Standing::Unknown,
                &pen,
            ),
            (nothing, None, Some(&an), Standing::Proven, &Placement::New),
            (&by_ours, None, None, Standing::Unclear, &pen),
            // Two towns that forward the same phish stay apart; one person's mails don't.
            (&by_shared, None, Some(&an), Standing::Proven, &shared),
            (
                &by_shared,
                None,
                Some(&stranger),
                Standing::Proven,
                &Placement::New,
            ),
        ] {
            assert_eq!(&place(traced, named, from, standing), expected);
        }
    }

    #[test]
    fn a_number_is_found_in_any_subject() {
        let number = TicketNumber::new("CRT", 2026, 42);
        for subject in [
            "Re: [CRT-2026-0042] hulp",
            "crt-2026-0042",
            "dossier CRT-2026-42, dringend",
        ] {
            assert_eq!(number_in(subject, "CRT"), Some(number.clone()), "{subject}");
        }
        assert_eq!(number_in("ABC-2026-0042", "CRT"), None);
    }
}
