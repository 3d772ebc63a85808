//! What one automatic mail says: which template, and the lines that fill it.
//!
//! The words themselves stand in `knowledge/replies/<template>.<language>.j2`, whose first line is
//! `Subject: ...`. The knowledge adapter renders them.

use crate::domain::duty::DutyId;
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::ids::TicketNumber;
use crate::domain::intake::message::Arrived;
use crate::domain::triage::assessment::Channel;
use crate::domain::triage::category::closed_list;
use crate::domain::triage::facts::FactKey;
use crate::domain::triage::language::Language;
use serde::{Deserialize, Serialize};

/// Most lines in an automatic mail, blank ones included.
pub const MOST_LINES: usize = 25;

closed_list! {
    /// The automatic mails there are.
    Template {
        /// Guidance for a proven constituent: number, clocks, when a human comes.
        Guidance = "guidance",
        /// The same guidance for anybody else: no number, no clocks, asks for a phone number.
        GuidancePublic = "guidance-public",
        /// Guidance where the attacker may read along: neutral subject, public steps, no number.
        GuidanceNeutral = "guidance-neutral",
        /// The reporter wrote again on his ticket: the next steps, or that it was received.
        FollowUp = "follow-up",
        /// The memo's answer to a question.
        Answer = "answer",
        /// A question nothing here is about: a human looks at it.
        NoAnswer = "no-answer",
        /// A citizen's own problem: where to go.
        Citizen = "citizen",
        /// Confirm a subscription (double opt-in).
        Subscription = "subscription",
        /// To somebody whose mail was too large to arrive whole, where there is nothing else to say.
        TooLarge = "too-large",
        /// The reporter says that it was a false alarm: that this was noted.
        FalseAlarm = "false-alarm",
        /// To somebody on call: wake up. Closed words only.
        Page = "page",
        /// To whoever coordinates: all automatic mail of an hour is used up.
        Limit = "limit",
        /// To whoever coordinates: the share of automatic mail for those who aren't proven is used up.
        LimitUnproven = "limit-unproven",
        /// To whoever coordinates: files of the knowledge can't be used.
        KnowledgeBroken = "knowledge-broken",
        /// To whoever coordinates: memos are due for review.
        MemosDue = "memos-due",
        /// To a reporter: nobody was reached yet, and whom to call.
        NotReached = "not-reached",
        /// In public, to somebody who tells of an incident: what helps in any case. Never a word of the report.
        FirstSteps = "first-steps",
        /// In the lobby: a memo's text with its title and address, and nothing else.
        LobbyAnswer = "lobby-answer",
        /// In the lobby: the bot writes to him alone.
        Apart = "apart",
        /// In the lobby: the bot has written to him alone already.
        ApartAlready = "apart-already",
        /// In a chat with the bot alone: what can be written here.
        Hello = "hello",
        /// In chat: a message can't be read.
        Unreadable = "unreadable",
        /// By mail: what he encrypted can't be opened here. Nothing of a report.
        CannotOpen = "cannot-open",
        /// By mail: what he encrypted was read, and there is no key of his to encrypt an answer to.
        NoKeyOfYours = "no-key-of-yours",
        /// By mail: what he encrypted was read, and he has another key than before: he is asked to call.
        KeyChanged = "key-changed",
        /// In the lobby: he can't read the bot, because his device isn't confirmed.
        ConfirmDevice = "confirm-device",
    }
}

/// A section of a memo, as a hint for further reading or as an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The memo's title.
    pub title: String,
    /// The heading of the section.
    pub section: String,
    /// Where to read it; empty where it has no address.
    pub url: String,
    /// The text of the section; used by `answer` only.
    pub text: String,
    /// The entry it comes from, such as `mfa`.
    #[serde(default)]
    pub id: String,
    /// What kind of entry that is. Memos are in Dutch, playbooks in the reader's language.
    #[serde(default = "memo")]
    pub kind: PassageKind,
}

fn mail() -> Channel {
    Channel::Mail
}

fn memo() -> PassageKind {
    PassageKind::Memo
}

/// The lines that fill a template. All texts are ready to print: contacts are filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyPlan {
    /// Which mail.
    pub template: Template,
    /// In which language: Dutch, French or English.
    pub language: Language,
    /// The ticket's number, where the reader may have it.
    pub number: Option<TicketNumber>,
    /// The subject of the reporter's mail, where the reader may see it come back.
    pub subject: Option<String>,
    /// What the guidance is about in one line.
    pub line: String,
    /// What to do now; the first needs no IT.
    pub now: Vec<String>,
    /// What not to do.
    pub avoid: Vec<String>,
    /// What to keep.
    pub keep: Vec<String>,
    /// Whom to tell.
    pub notify: Vec<String>,
    /// Legal clocks that run.
    pub clocks: Vec<String>,
    /// What we need to know.
    pub questions: Vec<String>,
    /// The fact that each of `questions` fills, in the same order.
    #[serde(default)]
    pub asked: Vec<FactKey>,
    /// Further reading, or the answer.
    pub reading: Vec<Reading>,
    /// Hours since the mail was sent, where that is more than one.
    pub late_hours: Option<u32>,
    /// How much of his mail is known.
    #[serde(default)]
    pub arrived: Arrived,
    /// Must a human be woken for this? Decides what is promised.
    pub urgent: bool,
    /// Is somebody on call woken now? Only then it may be said.
    #[serde(default)]
    pub paged: bool,
    /// Does a human go on from here? Then nothing is asked any more.
    #[serde(default)]
    pub handed_over: bool,
    /// The legal duties behind `clocks`.
    #[serde(default)]
    pub duties: Vec<DutyId>,
    /// The way that it goes: an answer is given by the same.
    #[serde(default = "mail")]
    pub way: Channel,
}

impl ReplyPlan {
    /// The lines that help: guidance and clocks. What the reporter has of them isn't said again.
    /// Questions are not among them: an unanswered one may be asked again.
    pub fn guidance_lines(&self) -> impl Iterator<Item = &String> {
        self.now
            .iter()
            .chain(&self.avoid)
            .chain(&self.keep)
            .chain(&self.notify)
            .chain(&self.clocks)
    }

    /// A mail of this template with nothing filled in yet.
    pub fn blank(template: Template, language: Language) -> Self {
        Self {
            template,
            language: language.for_reply(),
            number: None,
            subject: None,
            line: String::new(),
            now: Vec::new(),
            avoid: Vec::new(),
            keep: Vec::new(),
            notify: Vec::new(),
            clocks: Vec::new(),
            questions: Vec::new(),
            asked: Vec::new(),
            reading: Vec::new(),
            late_hours: None,
            arrived: Arrived::Whole,
            urgent: false,
            paged: false,
            handed_over: false,
            duties: Vec::new(),
            way: Channel::Mail,
        }
    }

    /// The same words by another way.
    #[must_use]
    pub fn by(self, way: Channel) -> Self {
        Self { way, ..self }
    }

    /// Does it show the text of memos? Then that is never dropped.
    pub fn is_an_answer(&self) -> bool {
        matches!(self.template, Template::Answer | Template::LobbyAnswer)
    }
}

/// A mail as rendered: subject and plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// The subject, one line.
    pub subject: String,
    /// The text, lines ended by `\n`.
    pub text: String,
}

impl RenderedMail {
    /// How many lines the text has, blank ones included.
    pub fn line_count(&self) -> usize {
        self.text.lines().count()
    }
}
