//! How each event changes what a ticket is.

use crate::domain::ids::{InboxId, OutboxId};
use crate::domain::oncall::people::PersonId;
use crate::domain::text::tlp::label_in;
use crate::domain::ticket::dialogue::HandedOver;
use crate::domain::ticket::direct;
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::page::Page;
use crate::domain::ticket::reply::WrittenReply;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{CloseReason, Trouble};
use crate::domain::triage::assessment::ChannelTrust;
use crate::domain::triage::category::Kind;

impl Ticket {
    /// Takes one more event in.
    pub fn apply(&mut self, recorded: &RecordedEvent) {
        self.last_seq = recorded.seq;
        self.updated_at = recorded.at;
        if matches!(recorded.actor, Actor::Person(_)) {
            self.team_sign_at = Some(recorded.at);
        }
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
            TicketEvent::MergedInto { number, by } => {
                self.merged_into = Some(number.clone());
                self.closing = Some((by.clone(), CloseReason::Duplicate));
                self.closed_at = Some(recorded.at);
                self.leaves_the_pen();
            }
            TicketEvent::Follows { earlier, tlp } => {
                self.follows = Some(earlier.clone());
                self.tlp = tlp.map_or(self.tlp, |tlp| self.tlp.max(tlp));
            }
            TicketEvent::Released { number } => {
                self.number = Some(number.clone());
                self.leaves_the_pen();
            }
            TicketEvent::MessageReceived(message) => {
                self.hear(message);
                self.waits_for(&message.inbox, recorded);
            }
            TicketEvent::Assessed { assessment, .. } => {
                if assessment.channel() == ChannelTrust::Suspect {
                    self.channel = ChannelTrust::Suspect;
                }
                let before = self.assessment.as_ref().map(|before| before.severity);
                let worse = before.is_none_or(|before| assessment.severity > before);
                // What a human lowered holds until worse news comes.
                self.severity_set = self
                    .severity_set
                    .filter(|set| !(worse && assessment.severity > *set));
                self.hears_of(assessment);
                if assessment.is_taken_back() {
                    self.stop_what_called_nobody(recorded);
                }
                self.assessment = Some(assessment.as_ref().clone());
            }
            TicketEvent::NeedsHuman {
                because: Trouble::HumanWanted | Trouble::ManyTurns,
                ..
            } => self.handed_over = HandedOver::Already,
            TicketEvent::NeedsHuman { inbox, .. } => {
                self.trouble = true;
                self.waits_for(inbox, recorded);
                direct::apply(&mut self.direct, recorded);
            }
            event => {
                self.apply_to_replies(event, recorded);
                self.apply_to_page(event, recorded);
                self.apply_work(event, recorded);
                self.work.apply(recorded);
                direct::apply(&mut self.direct, recorded);
            }
        }
    }

    /// Pages that have not gone out stop; a climb that called somebody ends only by a human. Where the attacker may be
    /// the one who writes, nothing stops.
    fn stop_what_called_nobody(&mut self, recorded: &RecordedEvent) {
        if self.channel == ChannelTrust::Suspect {
            return;
        }
        if let Some(page) = self
            .page
            .as_mut()
            .filter(|page| page.is_running() && page.called_at.is_none())
        {
            page.stopped_at = Some(recorded.at);
        }
    }

    fn apply_to_page(&mut self, event: &TicketEvent, recorded: &RecordedEvent) {
        match event {
            TicketEvent::PageRaised {
                climb,
                severity,
                because,
            } => {
                let before = self.page.as_ref().filter(|page| page.is_running());
                self.page = Some(Page {
                    because: *because,
                    called_at: before.and_then(|page| page.called_at),
                    climb: *climb,
                    severity: *severity,
                    began_at: recorded.at,
                    rungs: 0,
                    held: None,
                    acked: None,
                    fruitless_at: None,
                    stopped_at: None,
                    skipped_at: None,
                    mails: Vec::new(),
                });
            }
            TicketEvent::Paged {
                climb,
                rung,
                people,
                mails,
            } => self.change_page(*climb, |page| {
                page.rungs = rung.saturating_add(1);
                if !people.is_empty() {
                    page.called_at = page.called_at.or(Some(recorded.at));
                }
                page.skipped_at = people.is_empty().then_some(recorded.at);
                page.mails.extend(mails.iter().cloned());
            }),
            TicketEvent::AckHeld { climb, by, until } => {
                let held = Some((by.clone(), *until));
                self.change_page(*climb, |page| page.held = held);
            }
            TicketEvent::Acknowledged { climb, by, .. } => {
                let acked = Some((by.clone(), recorded.at));
                self.change_page(*climb, |page| page.acked = acked);
            }
            TicketEvent::NobodyReached { climb, mails } => self.change_page(*climb, |page| {
                page.fruitless_at = Some(recorded.at);
                page.mails.extend(mails.iter().cloned());
            }),
            _ => {}
        }
    }

    fn apply_work(&mut self, event: &TicketEvent, recorded: &RecordedEvent) {
        match event {
            TicketEvent::Taken { by } => self.taken_by(by, recorded),
            TicketEvent::HumanWrote {
                by,
                message_id,
                tlp,
                ..
            } => {
                self.tlp_seen = self.tlp_seen.max(*tlp);
                self.own_message_ids.extend(message_id.clone());
                self.unanswered = None;
                self.human_spoke_at = Some(recorded.at);
                self.human_wrote_at = Some(recorded.at);
                self.owner.get_or_insert_with(|| by.clone());
            }
            TicketEvent::AnsweredFromMailbox { .. } => {
                self.unanswered = None;
                self.human_spoke_at = Some(recorded.at);
                self.human_wrote_at = Some(recorded.at);
            }
            TicketEvent::SeveritySet { severity, .. } => self.severity_set = Some(*severity),
            TicketEvent::TlpSet { label, .. } => self.tlp = *label,
            TicketEvent::CategorySet { category, .. } => self.set_category(*category),
            TicketEvent::KindSet { kind, .. } => self.set_kind(*kind),
            TicketEvent::KeyAccepted { certificate, .. } => self.keys.accept(certificate),
            TicketEvent::CardPosted { root } => self.card = Some(root.clone()),
            TicketEvent::Closed { by, reason, .. } => {
                self.closing = Some((by.clone(), *reason));
                self.closed_at = Some(recorded.at);
                self.leaves_the_pen();
            }
            TicketEvent::Reopened => {
                self.closed_at = None;
                self.handed_over = HandedOver::NotYet;
                self.replies_before = self.replies.len();
            }
            TicketEvent::PageAnswered { inbox, .. } | TicketEvent::CallNoted { inbox, .. } => {
                self.waits_for(inbox, recorded);
            }
            _ => {}
        }
    }

    /// Nothing waits any more: nobody reads it there.
    fn leaves_the_pen(&mut self) {
        self.held_until = None;
        self.work.readers.end();
    }

    fn taken_by(&mut self, by: &PersonId, recorded: &RecordedEvent) {
        self.owner = Some(by.clone());
        self.human_spoke_at.get_or_insert(recorded.at);
    }

    fn change_page(&mut self, climb: u32, change: impl FnOnce(&mut Page)) {
        if let Some(page) = self.page.as_mut().filter(|page| page.climb == climb) {
            change(page);
        }
    }

    fn apply_to_replies(&mut self, event: &TicketEvent, recorded: &RecordedEvent) {
        let at = Some(recorded.at);
        match event {
            TicketEvent::ReplyWritten {
                outbox,
                inbox,
                to,
                message_id,
                plan,
                release,
                ..
            } => {
                self.own_message_ids.extend(message_id.clone());
                let reply = WrittenReply::new(outbox, inbox, to, plan, *release);
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
                self.unanswered_again(outbox, recorded);
            }
            TicketEvent::ReplyWithdrawn { outbox, .. } => {
                self.change_reply(outbox, |reply| reply.withdrawn_at = at);
                if self.work.letter(outbox).is_some() {
                    self.unanswered_again(outbox, recorded);
                }
            }
            TicketEvent::MachineHeard {
                inbox,
                kind,
                bounced,
                ..
            } => {
                // An out-of-office or a receipt wants nothing of us; a bounce means that nobody was reached.
                if *kind == Kind::Bounce {
                    self.waits_for(inbox, recorded);
                }
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
        self.keys.hear(message);
        // The source decides. What a human set holds until the source says something stricter than before.
        let label = label_in(&message.subject, &message.text);
        if label > self.tlp_seen {
            self.tlp = self.tlp.max(label.unwrap_or(self.tlp));
            self.tlp_seen = label;
        }
        self.latest_message = Some(message.clone());
        if message.may_be_answered() || self.latest_answerable.is_none() {
            self.latest_answerable = Some(message.clone());
        }
    }

    /// A reply left. It answers the message it was written for; a later one still waits.
    fn answered_by(&mut self, outbox: &OutboxId) {
        let answers = self.reply(outbox).map(|reply| &reply.inbox);
        if answers.is_some() && answers == self.unanswered.as_ref() {
            self.unanswered = None;
        }
    }

    fn unanswered_again(&mut self, outbox: &OutboxId, recorded: &RecordedEvent) {
        let of_a_person = self.work.letter(outbox).and(self.latest_message.as_ref());
        let inbox = self
            .reply(outbox)
            .map(|reply| &reply.inbox)
            .or(of_a_person.map(|message| &message.inbox))
            .cloned();
        if let (None, Some(inbox)) = (&self.unanswered, inbox) {
            self.waits_for(&inbox, recorded);
        }
    }

    fn waits_for(&mut self, inbox: &InboxId, recorded: &RecordedEvent) {
        self.unanswered = Some(inbox.clone());
        self.unanswered_since = Some(recorded.at);
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
