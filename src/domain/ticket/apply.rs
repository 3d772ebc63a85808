//! How each event changes what a ticket is.

use crate::domain::ids::OutboxId;
use crate::domain::ticket::event::{RecordedEvent, TicketEvent};
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::reply::WrittenReply;
use crate::domain::ticket::state::Ticket;
use crate::domain::triage::assessment::ChannelTrust;

impl Ticket {
    /// Takes one more event in.
    pub fn apply(&mut self, recorded: &RecordedEvent) {
        self.last_seq = recorded.seq;
        self.updated_at = recorded.at;
        match &recorded.event {
            TicketEvent::Opened {
                number,
                constituent,
            } => {
                self.number = Some(number.clone());
                self.constituent.clone_from(constituent);
            }
            TicketEvent::Held {
                possibly,
                until,
                constituent,
            } => {
                self.possibly = Some(possibly.clone());
                self.held_until = Some(*until);
                self.constituent.clone_from(constituent);
            }
            TicketEvent::Released { number } => {
                self.number = Some(number.clone());
                self.held_until = None;
            }
            TicketEvent::MessageReceived(message) => self.hear(message),
            TicketEvent::Assessed { assessment, .. } => {
                if assessment.channel() == ChannelTrust::Suspect {
                    self.channel = ChannelTrust::Suspect;
                }
                self.assessment = Some(assessment.as_ref().clone());
            }
            TicketEvent::NeedsHuman { inbox, .. } => {
                self.trouble = true;
                self.unanswered = Some(inbox.clone());
            }
            event => self.apply_to_replies(event, recorded),
        }
    }

    fn apply_to_replies(&mut self, event: &TicketEvent, recorded: &RecordedEvent) {
        let at = Some(recorded.at);
        match event {
            TicketEvent::ReplyWritten {
                outbox,
                inbox,
                message_id,
                plan,
                release,
                ..
            } => {
                self.own_message_ids.extend(message_id.clone());
                let reply = WrittenReply::new(outbox, inbox, plan, *release);
                self.replies.push(reply);
            }
            TicketEvent::ReplyApproved { outbox, .. } => {
                self.change_reply(outbox, |reply| reply.approved_at = at);
            }
            TicketEvent::ReplySent { outbox } => {
                self.change_reply(outbox, |reply| reply.sent_at = at);
                self.answered_by(outbox);
            }
            TicketEvent::ReplyFailed { outbox, .. } => {
                self.change_reply(outbox, |reply| reply.failed_at = at);
                self.unanswered_again(outbox);
            }
            TicketEvent::ReplyWithdrawn { outbox, .. } => {
                self.change_reply(outbox, |reply| reply.withdrawn_at = at);
            }
            TicketEvent::MachineHeard { inbox, bounced, .. } => {
                self.unanswered = Some(inbox.clone());
                if let Some(outbox) = bounced {
                    self.change_reply(outbox, |reply| reply.failed_at = at);
                }
            }
            _ => {}
        }
    }

    fn hear(&mut self, message: &ReceivedMessage) {
        if let Some(party) = message.party()
            && !self.has_party(&party)
        {
            self.parties.push(party);
        }
        self.unanswered = Some(message.inbox.clone());
        self.latest_message = Some(message.clone());
    }

    /// A reply left. It answers the message it was written for; a later one still waits.
    fn answered_by(&mut self, outbox: &OutboxId) {
        let answers = self.reply(outbox).map(|reply| &reply.inbox);
        if answers.is_some() && answers == self.unanswered.as_ref() {
            self.unanswered = None;
        }
    }

    fn unanswered_again(&mut self, outbox: &OutboxId) {
        let inbox = self.reply(outbox).map(|reply| reply.inbox.clone());
        if self.unanswered.is_none() {
            self.unanswered = inbox;
        }
    }

    fn change_reply(&mut self, outbox: &OutboxId, change: impl FnOnce(&mut WrittenReply)) {
        let reply = self
            .replies
            .iter_mut()
            .find(|reply| &reply.outbox == outbox);
        if let Some(reply) = reply {
            change(reply);
        }
    }
}
