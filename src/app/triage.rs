//! The `triage` command: what the service would make of a message, without storing or sending.

use crate::app::keys::judge;
use crate::app::ports::mail::Border;
use crate::app::ports::{Extent, Knowledge, KnowledgeError, MailReader, OpenPgp};
use crate::app::reply::{Wording, word};
use crate::app::triage_sender::{ForSender, ToSender};
use crate::app::understand::{ReadMail, assess_mail, look_up, read_mail};
use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::duty::DutyId;
use crate::domain::guidance::handbook::{Handbook, Passage};
use crate::domain::guidance::reply::ReplyPlan;
use crate::domain::guidance::select::{Occasion, duties_touched};
use crate::domain::ids::TicketId;
use crate::domain::intake::age::Age;
use crate::domain::intake::machine::failed::failed_recipients;
use crate::domain::intake::message::{Arrived, Attachment, Defect, ForwardedMail};
use crate::domain::intake::placement::{Placement, Proof};
use crate::domain::intake::sender::{Authentication, Constituents, Standing};
use crate::domain::pgp::course::TicketIs;
use crate::domain::pgp::reading::{PgpReading, Signature};
use crate::domain::text::own_words::bearer::{Borne, words_that_count};
use crate::domain::text::own_words::own_words;
use crate::domain::text::tlp::label_in;
use crate::domain::ticket::decide::{Addressed, Answerable, Filing, Heard, Mode, Word, decide};
use crate::domain::ticket::event::GuidanceUsed;
use crate::domain::ticket::words::Silence;
use crate::domain::tlp::Label;
use crate::domain::triage::assess::assess;
use crate::domain::triage::assessment::{Assessment, Channel, ChannelTrust, Report};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What the service would make of a message from a proven sender.
pub struct Inspection {
    /// What triage made of it.
    pub assessment: Assessment,
    /// The reporter's own words.
    pub text: String,
    /// The sender, where there is exactly one.
    pub from: Option<Mailbox>,
    /// The subject.
    pub subject: String,
    /// What is odd about it.
    pub defects: Vec<Defect>,
    /// Signs of a machine.
    pub machine_because: Vec<String>,
    /// Addresses that a bounce names.
    pub failed_recipients: Vec<String>,
    /// The files.
    pub attachments: Vec<Attachment>,
    /// Mails that were forwarded.
    pub forwarded: Vec<ForwardedMail>,
    /// What trusted servers recorded; without a configuration none is trusted.
    pub authentication: Authentication,
    /// Its OpenPGP layer.
    pub pgp: PgpReading,
    /// What its OpenPGP signature proves, with the keys that came along.
    pub signature: Signature,
    /// The TLP label.
    pub tlp: Option<Label>,
    /// May it be answered by a machine at all?
    pub answerable: bool,
    /// What the reply is made of.
    pub guidance: Vec<GuidanceUsed>,
    /// Legal duties that it may touch.
    pub duties: Vec<DutyId>,
    /// What would be asked.
    pub questions: Vec<String>,
    /// What a proven sender would get.
    pub reply: Option<String>,
    /// What its own sender would get; nothing for words without mail headers.
    pub to_sender: Option<ToSender>,
}

/// One message without mail headers, as in a line of `triage --jsonl`.
pub struct PlainMessage<'a> {
    /// The way it came.
    pub channel: Channel,
    /// The subject; empty for chat.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
}

/// What is known of ourselves; nothing without a configuration.
#[derive(Debug, Clone, Default)]
pub struct Ours {
    /// All our addresses.
    pub own_addresses: Vec<EmailAddress>,
    /// Whose records of the sender are believed.
    pub border: Border,
    /// Whom we serve.
    pub constituents: Constituents,
}

/// How OpenPGP is judged.
pub struct TriageKeys<'a> {
    /// Checks signatures.
    pub pgp: &'a dyn OpenPgp,
    /// Now: keys expire.
    pub now: Timestamp,
}

/// Reads one mail as it stands in a file.
pub fn read_as_ours(reader: &dyn MailReader, raw: &[u8], extent: Extent, ours: &Ours) -> ReadMail {
    read_mail(reader, raw, extent, &ours.own_addresses, &ours.border)
}

/// Inspects one mail that was read.
pub fn inspect_mail(
    knowledge: &dyn Knowledge,
    read: ReadMail,
    extent: Extent,
    ours: &Ours,
    keys: &TriageKeys<'_>,
) -> Result<Inspection, KnowledgeError> {
    let handbook = knowledge.handbook();
    let assessment = assess_mail(&handbook, &read, None);
    let sender = read.mail.single_from().cloned();
    let passages = look_up(knowledge, &assessment, &read.mail.subject, &read.own.text)?;
    let by = (Standing::Proven, TicketIs::Open);
    let proven = judge(keys.pgp, &read, None, by, keys.now);
    let mail = ForSender {
        knowledge,
        handbook: &handbook,
        read: &read,
        assessment: &assessment,
        passages: &passages,
        extent,
    };
    let standing = if sender.is_some() {
        as_proven(&assessment)
    } else {
        Standing::Unclear
    };
    let said = mail.words(standing, Addressed::ToUs, &proven)?;
    let to_sender = mail.its_own(ours, keys)?;
    // A forger is never answered. Who is only unproven is: the reply shown is then a proven one's.
    let refused = to_sender.standing == Standing::Refused;
    let answerable =
        read.verdict.answerable && !assessment.kind.is_machine() && sender.is_some() && !refused;
    let forwarded = read.forwarded().cloned().collect();
    let ReadMail {
        mail,
        verdict,
        own,
        authentication,
        ..
    } = read;
    Ok(Inspection {
        duties: duties(&handbook, &assessment),
        from: sender,
        signature: proven.signature,
        tlp: label_in(&mail.subject, &own.text),
        failed_recipients: failed_recipients(&mail),
        pgp: mail.pgp,
        text: own.text,
        subject: mail.subject,
        defects: mail.defects,
        machine_because: verdict.because,
        attachments: mail.attachments,
        forwarded,
        authentication,
        answerable,
        guidance: said.guidance,
        questions: said.questions,
        reply: said.reply.ok().filter(|_| !refused),
        to_sender: Some(to_sender),
        assessment,
    })
}

/// Inspects the messages of one reporter in order; each is understood together with those before.
pub fn inspect_turns(
    knowledge: &dyn Knowledge,
    messages: &[PlainMessage<'_>],
) -> Result<Vec<Inspection>, KnowledgeError> {
    let handbook = knowledge.handbook();
    let mut talk = Talk::default();
    let inspect = |message| inspect_plain(knowledge, &handbook, message, &mut talk);
    messages.iter().map(inspect).collect()
}

/// What is known from the messages before.
struct Talk {
    earlier: Option<Assessment>,
    placement: Placement,
    channel: ChannelTrust,
    lines: BTreeSet<String>,
}

impl Default for Talk {
    fn default() -> Self {
        Self {
            earlier: None,
            placement: Placement::New,
            channel: ChannelTrust::default(),
            lines: BTreeSet::new(),
        }
    }
}

impl Talk {
    /// In the direct chat our words are encrypted to the reporter's own devices: nobody reads along.
    fn channel_of(&self, way: Channel) -> ChannelTrust {
        match way {
            Channel::Mail => self.channel,
            Channel::Chat => ChannelTrust::Unsuspected,
        }
    }
}

fn inspect_plain(
    knowledge: &dyn Knowledge,
    handbook: &Handbook,
    message: &PlainMessage<'_>,
    talk: &mut Talk,
) -> Result<Inspection, KnowledgeError> {
    let (Borne { text, evidence }, forwarded) = match message.channel {
        Channel::Mail => {
            let own = own_words(message.text, message.subject);
            (words_that_count(&own, &[], None), own.forwarded)
        }
        Channel::Chat => {
            let text = message.text.to_owned();
            let evidence = Vec::new();
            (Borne { text, evidence }, Vec::new())
        }
    };
    let report = Report {
        channel: message.channel,
        subject: message.subject,
        text: &text,
        evidence: &evidence,
        machine: None,
        earlier: talk.earlier.as_ref(),
    };
    let assessment = assess(&handbook.triage, &report);
    if assessment.channel() == ChannelTrust::Suspect {
        talk.channel = ChannelTrust::Suspect;
    }
    let passages = look_up(knowledge, &assessment, message.subject, &text)?;
    let said = said(
        knowledge,
        handbook,
        &Said {
            assessment: &assessment,
            subject: message.subject,
            passages: &passages,
            machine_silent: false,
            standing: as_proven(&assessment),
            addressed: Addressed::ToUs,
            placement: &talk.placement,
            way: message.channel,
            channel: talk.channel_of(message.channel),
            lines: &talk.lines,
            notice: None,
            arrived: Arrived::Whole,
        },
    )?;
    if said.filing != Filing::NoTicket {
        talk.placement = Placement::OnTicket {
            ticket: TicketId::from_stored("turns"),
            by: Proof::Ours,
        };
        talk.earlier = Some(assessment.clone());
    }
    talk.lines.extend(said.lines);
    Ok(Inspection {
        duties: duties(handbook, &assessment),
        tlp: label_in(message.subject, &text),
        text,
        from: None,
        subject: message.subject.to_owned(),
        defects: Vec::new(),
        machine_because: Vec::new(),
        failed_recipients: Vec::new(),
        attachments: Vec::new(),
        forwarded,
        authentication: Authentication::default(),
        pgp: PgpReading::default(),
        signature: Signature::None,
        answerable: true,
        guidance: said.guidance,
        questions: said.questions,
        reply: said.reply.ok(),
        to_sender: None,
        assessment,
    })
}

/// A message, and to whom it is answered.
pub(super) struct Said<'a> {
    pub(super) assessment: &'a Assessment,
    pub(super) subject: &'a str,
    pub(super) passages: &'a [Passage],
    pub(super) machine_silent: bool,
    pub(super) standing: Standing,
    pub(super) addressed: Addressed,
    pub(super) placement: &'a Placement,
    pub(super) way: Channel,
    pub(super) channel: ChannelTrust,
    pub(super) lines: &'a BTreeSet<String>,
    pub(super) notice: Option<ReplyPlan>,
    pub(super) arrived: Arrived,
}

/// What would be said.
pub(super) struct Words {
    filing: Filing,
    guidance: Vec<GuidanceUsed>,
    questions: Vec<String>,
    pub(super) reply: Result<String, Silence>,
    lines: Vec<String>,
}

/// The standing of a proven sender. A citizen is nobody's constituent.
fn as_proven(assessment: &Assessment) -> Standing {
    if assessment.citizen {
        Standing::Unknown
    } else {
        Standing::Proven
    }
}

/// What would be said, by the same rules as in service.
pub(super) fn said(
    knowledge: &dyn Knowledge,
    handbook: &Handbook,
    said: &Said<'_>,
) -> Result<Words, KnowledgeError> {
    let course = decide(&Heard {
        kind: said.assessment.kind,
        machine_silent: said.machine_silent,
        citizen: said.assessment.citizen,
        page: said.assessment.page,
        word: Word::Bot,
        standing: said.standing,
        age: Age::Fresh,
        addressed: said.addressed,
        placement: said.placement,
        arrived: said.arrived,
        answer: if said.passages.is_empty() {
            Answerable::ByHumanOnly
        } else {
            Answerable::FromMemo
        },
        mode: Mode::Answer,
    });
    let speech = match course.speech {
        Ok(speech) => speech,
        Err(silence) => {
            return Ok(Words {
                filing: course.filing,
                guidance: Vec::new(),
                questions: Vec::new(),
                reply: Err(silence),
                lines: Vec::new(),
            });
        }
    };
    let occasion = Occasion {
        assessment: said.assessment,
        standing: said.standing,
        channel: said.channel,
        number: None,
        subject: said.subject,
        said: said.lines,
        late_hours: None,
        arrived: said.arrived,
        passages: said.passages,
        paged: false,
        way: said.way,
    };
    let wording = match &said.notice {
        Some(notice) => Wording::fixed(knowledge, notice.clone())?,
        None => word(handbook, |plan| knowledge.render(plan), speech, &occasion)?,
    };
    Ok(Words {
        filing: course.filing,
        lines: wording.plan.guidance_lines().cloned().collect(),
        guidance: wording.used,
        questions: wording.plan.questions,
        reply: Ok(wording.mail.text),
    })
}

fn duties(handbook: &Handbook, assessment: &Assessment) -> Vec<DutyId> {
    let playbook = assessment
        .category
        .and_then(|category| handbook.playbooks.get(&category));
    playbook.map_or_else(Vec::new, |playbook| {
        duties_touched(playbook, &assessment.facts)
    })
}
