//! Which ticket a message belongs to.
//!
//! A message joins a ticket only by something nobody can guess (a Message-ID of the thread, our reply
//! token) **and** a sender who is on the ticket. A number in a subject proves nothing: whoever has
//! only that lands in the holding pen.

use crate::domain::address::EmailAddress;
use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::state::Ticket;

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// It begins a ticket.
    New,
    /// It belongs to this ticket.
    OnTicket(TicketId),
    /// It points at a ticket without proof: it waits in the holding pen.
    Pen {
        /// The ticket that it points at.
        possibly: TicketNumber,
    },
}

/// Places a message. `traced` are the tickets that bear one of its Message-IDs or its token, most
/// recently changed first; `named` is the ticket whose number stands in its subject.
pub fn place(
    traced: &[Ticket],
    named: Option<&Ticket>,
    sender: Option<&EmailAddress>,
    standing: Standing,
) -> Placement {
    let believable = !matches!(standing, Standing::Refused | Standing::Unclear);
    let joined = traced
        .iter()
        .find(|ticket| believable && sender.is_some_and(|from| ticket.has_participant(from)));
    if let Some(ticket) = joined {
        return Placement::OnTicket(ticket.id.clone());
    }
    let claimed = traced
        .iter()
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
    use crate::domain::ids::InboxId;
    use crate::domain::ticket::event::{Actor, ReceivedMessage, RecordedEvent, TicketEvent};
    use crate::domain::triage::assessment::Channel;
    use jiff::Timestamp;

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn ticket() -> Ticket {
        let message = ReceivedMessage {
            inbox: InboxId::from_stored("m"),
            channel: Channel::Mail,
            from: Some(crate::domain::address::Mailbox {
                name: String::new(),
                address: address("an@hackegem.example"),
            }),
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
        let on_it = Placement::OnTicket(ticket.id.clone());
        let pen = Placement::Pen {
            possibly: TicketNumber::new("CRT", 2026, 42),
        };
        let traced = [ticket.clone()];
        let an = address("An@hackegem.example");
        let stranger = address("an@elsewhere.example");
        for (traced, named, from, standing, expected) in [
            (&traced[..], None, Some(&an), Standing::Proven, &on_it),
            (&traced[..], None, Some(&an), Standing::Listed, &on_it),
            (&traced[..], None, Some(&an), Standing::Refused, &pen),
            (&traced[..], None, Some(&stranger), Standing::Unknown, &pen),
            (&[][..], Some(&ticket), Some(&an), Standing::Proven, &pen),
            (
                &[][..],
                Some(&ticket),
                Some(&stranger),
                Standing::Unknown,
                &pen,
            ),
            (&[][..], None, Some(&an), Standing::Proven, &Placement::New),
            (&traced[..], None, None, Standing::Unclear, &pen),
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
