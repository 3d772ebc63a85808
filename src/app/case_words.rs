//! The words of the reply to a mail, before the limits have their say: a notice where only that may go, else what was
//! decided.

use crate::app::called::calls_at_once;
use crate::app::case::Case;
use crate::app::reply::{Wording, arrived, word};
use crate::domain::address::EmailAddress;
use crate::domain::guidance::select::Occasion;
use crate::domain::ids::{InboxId, TicketNumber};
use crate::domain::intake::age::Age;
use crate::domain::ticket::decide::Speech;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::assessment::{Channel, ChannelTrust};
use std::collections::BTreeSet;

/// A reply in words, and to whom it goes.
pub(super) struct Worded<'a> {
    pub(super) speech: Speech,
    pub(super) to: &'a EmailAddress,
    pub(super) wording: Wording,
}

impl Case<'_> {
    /// The words of the reply, before the limits have their say.
    pub(super) fn worded(
        &self,
        speech: Result<Speech, Silence>,
        number: Option<&TicketNumber>,
    ) -> Result<Worded<'_>, Silence> {
        let speech = speech?;
        let from = self.read.mail.single_from();
        let from = from.ok_or(Silence::NoSingleSender)?;
        let known = self.placed.ticket.as_ref();
        if known.is_some_and(|ticket| self.was_answered_as_another_copy(ticket)) {
            return Err(Silence::SameText);
        }
        let said = known.map(Ticket::said).unwrap_or_default();
        let occasion = self.occasion(number, &said);
        let render = |plan: &_| self.app.knowledge.render(plan);
        let arrived = arrived(self.arrival.extent, &self.read.mail.defects);
        let wording = match self.keys.notice(self.assessment.language, arrived) {
            Some(mut notice) => {
                notice.paged = self.is_somebody_called();
                Wording::fixed(self.app.knowledge.as_ref(), notice)
            }
            None => word(&self.handbook, render, speech, &occasion),
        };
        let wording = wording.map_err(|error| {
            tracing::error!(error = %error, "a reply could not be written");
            Silence::NotWritten
        })?;
        let wording = wording.worth_saying(occasion.talk)?;
        Ok(Worded {
            speech,
            to: &from.address,
            wording,
        })
    }

    /// Did another copy of this very mail, judged otherwise, get its answer?
    fn was_answered_as_another_copy(&self, ticket: &Ticket) -> bool {
        let Some(id) = &self.read.mail.message_id else {
            return false;
        };
        let copies = self
            .placed
            .history
            .iter()
            .filter_map(|recorded| match &recorded.event {
                TicketEvent::MessageReceived(message)
                    if message.message_id.as_ref() == Some(id) =>
                {
                    Some(&message.inbox)
                }
                _ => None,
            });
        let answers = |inbox: &InboxId| {
            let mut replies = ticket.replies.iter();
            replies.any(|reply| &reply.inbox == inbox && reply.reaches_the_reporter())
        };
        copies.into_iter().any(answers)
    }

    fn occasion<'a>(
        &'a self,
        number: Option<&'a TicketNumber>,
        said: &'a BTreeSet<String>,
    ) -> Occasion<'a> {
        let known = self.placed.ticket.as_ref();
        let suspect = known.is_some_and(|ticket| ticket.channel == ChannelTrust::Suspect);
        Occasion {
            assessment: &self.assessment,
            standing: self.standing,
            channel: if suspect {
                ChannelTrust::Suspect
            } else {
                self.assessment.channel()
            },
            number: number.or(known.and_then(|ticket| ticket.number.as_ref())),
            subject: &self.read.mail.subject,
            said,
            late_hours: match self.age {
                Age::Late(hours) => Some(hours),
                Age::Fresh | Age::Stale => None,
            },
            arrived: arrived(self.arrival.extent, &self.read.mail.defects),
            passages: &self.passages,
            paged: self.is_somebody_called(),
            way: Channel::Mail,
            talk: self.talk(),
        }
    }

    /// Is somebody called now, because of this or still?
    fn is_somebody_called(&self) -> bool {
        let known = self.placed.ticket.as_ref();
        let already = known.and_then(Ticket::running_page).is_some_and(|page| {
            // Who takes his report back stops what has not gone out.
            !self.assessment.is_taken_back() || page.called_at.is_some()
        });
        already || calls_at_once(self.app, self.page_event().as_ref(), self.now)
    }
}
