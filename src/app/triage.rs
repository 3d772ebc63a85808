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
use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::guidance::select::{Occasion, duties_touched};
use crate::domain::intake::age::Age;
use crate::domain::intake::machine::failed::failed_recipients;
use crate::domain::intake::message::{Arrived, Attachment, Defect, ForwardedMail};
use crate::domain::intake::placement::Placement;
use crate::domain::intake::sender::{Authentication, Constituents, Standing};
use crate::domain::pgp::course::TicketIs;
use crate::domain::pgp::reading::{PgpReading, Signature};
use crate::domain::text::tlp::label_in;
use crate::domain::ticket::decide::{Addressed, Answerable, Filing, Heard, Mode, Word, decide};
use crate::domain::ticket::dialogue::Talk;
use crate::domain::ticket::event::GuidanceUsed;
use crate::domain::ticket::words::Silence;
use crate::domain::tlp::Label;
use crate::domain::triage::assessment::{Assessment, Channel, ChannelTrust, Known};
use crate::domain::triage::facts::FactKey;
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
    let assessment = assess_mail(&handbook, &read, Known::default());
    let sender = read.mail.single_from().cloned();
    let passages = look_up(
        knowledge,
        &assessment,
        &read.mail.subject,
        &read.own.text,
        keys.now,
    )?;
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
    pub(super) talk: Talk,
}

/// What would be said.
pub(super) struct Words {
    pub(super) filing: Filing,
    pub(super) guidance: Vec<GuidanceUsed>,
    pub(super) questions: Vec<String>,
    pub(super) reply: Result<String, Silence>,
    pub(super) lines: Vec<String>,
    /// The facts that its questions ask after.
    pub(super) asked: Vec<FactKey>,
    /// Which reply it is; nothing where there is none.
    pub(super) template: Option<Template>,
}

impl Words {
    fn none(filing: Filing, silence: Silence) -> Self {
        Self {
            filing,
            guidance: Vec::new(),
            questions: Vec::new(),
            reply: Err(silence),
            lines: Vec::new(),
            asked: Vec::new(),
            template: None,
        }
    }
}

/// The standing of a proven sender. A citizen is nobody's constituent.
pub(super) fn as_proven(assessment: &Assessment) -> Standing {
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
        talk: said.talk,
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
            return Ok(Words::none(course.filing, silence));
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
        talk: said.talk,
    };
    let wording = match &said.notice {
        Some(notice) => Wording::fixed(knowledge, notice.clone())?,
        None => word(handbook, |plan| knowledge.render(plan), speech, &occasion)?,
    };
    let wording = match wording.worth_saying(said.talk) {
        Ok(wording) => wording,
        Err(silence) => return Ok(Words::none(course.filing, silence)),
    };
    Ok(Words {
        filing: course.filing,
        asked: wording.plan.asked.clone(),
        template: Some(wording.plan.template),
        lines: wording.plan.guidance_lines().cloned().collect(),
        guidance: wording.used,
        questions: wording.plan.questions,
        reply: Ok(wording.mail.text),
    })
}

pub(super) fn duties(handbook: &Handbook, assessment: &Assessment) -> Vec<DutyId> {
    let playbook = assessment
        .category
        .and_then(|category| handbook.playbooks.get(&category));
    playbook.map_or_else(Vec::new, |playbook| {
        duties_touched(playbook, &assessment.facts)
    })
}
