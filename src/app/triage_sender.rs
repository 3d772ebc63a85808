//! What the sender of one mail would get: for `triage`, by the same rules as in service. Stores and sends nothing.
//!
//! What depends on the moment is left out: the ticket's number, who is called, the limits, keys that are pinned.

use crate::app::keys::{Keys, judge};
use crate::app::ports::{Extent, Knowledge, KnowledgeError};
use crate::app::reply::arrived;
use crate::app::triage::{Ours, Said, TriageKeys, Words, said};
use crate::app::understand::ReadMail;
use crate::domain::guidance::handbook::{Handbook, Passage};
use crate::domain::intake::placement::Placement;
use crate::domain::intake::sender::{Standing, standing_of};
use crate::domain::pgp::course::{Protection, TicketIs};
use crate::domain::ticket::decide::Addressed;
use crate::domain::ticket::dialogue::talk_on;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::assessment::{Assessment, Channel};
use std::collections::BTreeSet;

/// What the sender of a mail would get, as the settings know him.
pub struct ToSender {
    /// What is proven about him.
    pub standing: Standing,
    /// His reply, or why there is none.
    pub reply: Result<String, Silence>,
    /// How it would go.
    pub protection: Protection,
}

/// A mail that was understood, ready to be answered.
pub(super) struct ForSender<'a> {
    pub(super) knowledge: &'a dyn Knowledge,
    pub(super) handbook: &'a Handbook,
    pub(super) read: &'a ReadMail,
    pub(super) assessment: &'a Assessment,
    pub(super) passages: &'a [Passage],
    pub(super) extent: Extent,
}

impl ForSender<'_> {
    /// What is said to a sender of whom this is proven.
    pub(super) fn words(
        &self,
        standing: Standing,
        addressed: Addressed,
        keys: &Keys,
    ) -> Result<Words, KnowledgeError> {
        let arrived = arrived(self.extent, &self.read.mail.defects);
        let words = Said {
            assessment: self.assessment,
            subject: &self.read.mail.subject,
            passages: self.passages,
            machine_silent: !self.read.verdict.answerable,
            standing,
            addressed,
            placement: &Placement::New,
            way: Channel::Mail,
            channel: self.assessment.channel(),
            lines: &BTreeSet::new(),
            notice: keys.notice(self.assessment.language, arrived),
            arrived,
            talk: talk_on(None, self.assessment),
        };
        said(self.knowledge, self.handbook, &words)
    }

    /// What its own sender gets.
    pub(super) fn its_own(
        &self,
        ours: &Ours,
        keys: &TriageKeys<'_>,
    ) -> Result<ToSender, KnowledgeError> {
        let mail = &self.read.mail;
        let standing = standing_of(
            mail,
            self.read.authentication,
            &ours.constituents,
            &ours.own_addresses,
        );
        let mut to = mail.to.iter().chain(&mail.cc);
        // Without a configuration nobody knows which addresses are ours.
        let to_us =
            ours.own_addresses.is_empty() || to.any(|to| to.address.is_one_of(&ours.own_addresses));
        let addressed = if to_us {
            Addressed::ToUs
        } else {
            Addressed::NotToUs
        };
        let by = (standing, TicketIs::Open);
        let keys = judge(keys.pgp, self.read, None, by, keys.now);
        let words = self.words(standing, addressed, &keys)?;
        Ok(ToSender {
            standing,
            reply: words.reply,
            protection: keys.course.protection,
        })
    }
}
