//! The events that a mail makes on its ticket: how it begins, what was said, what triage made of it, who is
//! woken.

use crate::app::called::{called_on, page_event};
use crate::app::case::Case;
use crate::domain::ids::{OutboxId, TicketNumber};
use crate::domain::intake::machine::bounce::is_late;
use crate::domain::party::Party;
use crate::domain::ticket::decide::Filing;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::message::{AttachmentNote, ForwardedNote, ReceivedMessage};
use crate::domain::triage::assessment::Channel;
use crate::domain::triage::category::Kind;

impl Case<'_> {
    pub(super) fn events(
        &self,
        filing: &Filing,
        number: Option<TicketNumber>,
    ) -> Vec<(Actor, TicketEvent)> {
        let inbox = self.arrival.id.clone();
        if self.is_silent_machine() {
            return vec![(
                Actor::Bot,
                TicketEvent::MachineHeard {
                    inbox,
                    kind: self.assessment.kind,
                    because: self.read.verdict.because.clone(),
                    bounced: self.bounced(),
                },
            )];
        }
        let message = TicketEvent::MessageReceived(Box::new(self.message()));
        let assessed = TicketEvent::Assessed {
            inbox,
            assessment: Box::new(self.assessment.clone()),
            handbook: self.handbook.version.clone(),
        };
        let trouble = self.keys.trouble().map(|because| {
            let inbox = self.arrival.id.clone();
            (Actor::Bot, TicketEvent::NeedsHuman { inbox, because })
        });
        let called = called_on(
            self.placed.ticket.as_ref(),
            &self.assessment,
            &self.arrival.id,
        );
        self.opening(filing, number)
            .into_iter()
            .chain(self.follows(filing))
            .map(|event| (Actor::Bot, event))
            .chain([(Actor::Reporter, message), (Actor::Bot, assessed)])
            .chain(trouble)
            .chain(called.map(|event| (Actor::Bot, event)))
            .collect()
    }

    /// The event with which somebody is woken, where somebody can be.
    pub(super) fn page_event(&self) -> Option<TicketEvent> {
        page_event(
            self.app,
            self.placed.ticket.as_ref(),
            &self.assessment,
            self.now,
        )
    }

    /// The event with which a ticket begins.
    fn opening(&self, filing: &Filing, number: Option<TicketNumber>) -> Option<TicketEvent> {
        let from = self.read.mail.single_from();
        let listed = from.and_then(|from| self.app.settings.constituents.find(&from.address));
        let constituent = listed.map(|constituent| constituent.name.clone());
        match (filing, number) {
            (_, Some(number)) => Some(TicketEvent::Opened {
                number,
                constituent,
            }),
            (Filing::Hold { possibly }, None) => Some(TicketEvent::Held {
                possibly: possibly.clone(),
                until: self
                    .now
                    .saturating_add(self.app.settings.pen_wait)
                    .unwrap_or(self.now),
                constituent,
            }),
            _ => self.reopening(),
        }
    }

    /// It goes on about something that was closed long ago.
    fn follows(&self, filing: &Filing) -> Option<TicketEvent> {
        let (earlier, label) = self.placed.follows.clone()?;
        let tlp = Some(label);
        (*filing == Filing::Open).then_some(TicketEvent::Follows { earlier, tlp })
    }

    /// A message on a ticket that was closed lately opens it again.
    fn reopening(&self) -> Option<TicketEvent> {
        let closed = self.placed.ticket.as_ref()?.closed_at;
        closed.map(|_| TicketEvent::Reopened)
    }

    /// The reply of ours that came back with this bounce. One that is only late did not come back.
    fn bounced(&self) -> Option<OutboxId> {
        if is_late(&self.read.mail) {
            return None;
        }
        let report = self.read.mail.delivery_report.as_ref();
        let about = report.and_then(|report| report.original.as_ref())?;
        let (left, _) = about.as_str().split_once('@')?;
        let outbox = OutboxId::from_stored(left);
        let ticket = self.placed.ticket.as_ref()?;
        let is_of_this = ticket.reply(&outbox).is_some() || ticket.work.letter(&outbox).is_some();
        (self.assessment.kind == Kind::Bounce && is_of_this).then_some(outbox)
    }

    /// Whom a server called unknown in a bounce of our own mail. It counts only for the one to whom that mail
    /// went: nobody else can be made silent by a forged report.
    pub(super) fn dead(&self) -> Vec<Party> {
        let (Some(outbox), Some(ticket)) = (self.bounced(), &self.placed.ticket) else {
            return Vec::new();
        };
        let to = ticket
            .reply(&outbox)
            .map(|reply| &reply.to)
            .or(ticket.work.letter(&outbox).map(|letter| &letter.to));
        let report = self.read.mail.delivery_report.as_ref();
        let unknown = report.map_or(&[][..], |report| &report.unknown_recipients);
        let is_unknown = |to: &&Party| {
            unknown
                .iter()
                .any(|address| address.to_lowercase() == to.key())
        };
        to.filter(is_unknown).cloned().into_iter().collect()
    }

    fn message(&self) -> ReceivedMessage {
        let mail = &self.read.mail;
        let single = mail.single_from();
        ReceivedMessage {
            inbox: self.arrival.id.clone(),
            channel: Channel::Mail,
            from: single.cloned(),
            claimed: if single.is_some() {
                Vec::new()
            } else {
                mail.from.clone()
            },
            chat: None,
            reply_to: mail.reply_to.iter().map(|to| to.address.clone()).collect(),
            subject: mail.subject.clone(),
            text: self.read.own.text.clone(),
            message_id: mail.message_id.clone(),
            in_reply_to: mail.in_reply_to.clone(),
            references: mail.references.clone(),
            standing: self.standing,
            pgp: self.keys.note(self.read),
            attachments: mail.attachments.iter().map(AttachmentNote::from).collect(),
            forwarded: self.read.forwarded().map(ForwardedNote::from).collect(),
            defects: mail.defects.clone(),
            received_at: self.arrival.received_at,
        }
    }
}
