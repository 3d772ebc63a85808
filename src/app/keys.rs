//! OpenPGP keys around one mail: what its signature proves, which key is pinned, how an answer may go.
//!
//! The rules stand in `domain::pgp::course`; here is only what has to be looked up for them.

use crate::app::App;
use crate::app::ports::{KeyPin, OpenPgp, PinnedBy, StoreError};
use crate::app::understand::ReadMail;
use crate::domain::address::EmailAddress;
use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::intake::message::Arrived;
use crate::domain::intake::sender::Standing;
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::pgp::course::{
    Candidate, KeyCourse, KeyState, KeysAsked, Pinning, Protection, TicketIs, WhyNotice,
    decide_keys,
};
use crate::domain::pgp::form::PgpForm;
use crate::domain::pgp::reading::{PgpNote, Signature};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Trouble;
use crate::domain::triage::language::Language;
use jiff::Timestamp;

/// What is known and decided about the keys of one mail.
pub(crate) struct Keys {
    /// What its signature proves.
    pub(crate) signature: Signature,
    /// How an answer goes, and what is remembered.
    pub(crate) course: KeyCourse,
}

/// Looks up and decides. A mail without any OpenPGP in it, on no ticket that has some, asks the store nothing.
pub(crate) async fn keys_of(
    app: &App,
    read: &ReadMail,
    standing: Standing,
    ticket: Option<&Ticket>,
    now: Timestamp,
) -> Result<Keys, StoreError> {
    let is = ticket
        .map(|ticket| ticket.keys.ticket_is())
        .unwrap_or_default();
    let pgp = &read.mail.pgp;
    let speaks = pgp.form != PgpForm::None || !pgp.offered.is_empty();
    let concerns = speaks || is == TicketIs::Sealed;
    let pinned = match read.mail.single_from() {
        Some(from) if concerns => {
            let party = Party::Mail(from.address.clone());
            let pinned = app.store.pinned_key(&party).await?;
            // Who isn't proven has none pinned, but may have shown his on this ticket.
            pinned.or(ticket.and_then(|ticket| ticket.keys.of(&from.address).cloned()))
        }
        _ => None,
    };
    Ok(judge(
        app.pgp.as_ref(),
        read,
        pinned.as_ref(),
        (standing, is),
        now,
    ))
}

/// The key with which something of ours is sealed for somebody on a ticket: the pinned one, whatever this ticket saw; none
/// while another asks to take its place, and none that can't be used now.
pub(crate) async fn usable_key(
    app: &App,
    ticket: &Ticket,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<Option<Certificate>, StoreError> {
    let party = Party::Mail(address.clone());
    let is_asked = |(claims, _): (Party, &Certificate)| claims.is_same(&party);
    if ticket.keys.claim().is_some_and(is_asked) {
        return Ok(None);
    }
    let pinned = app.store.pinned_key(&party).await?;
    let key = pinned.or(ticket.keys.of(address).cloned());
    Ok(key.filter(|key| app.pgp.state(key, now) == KeyState::Usable))
}

/// Decides with the key that is known for the sender, where one is.
pub(crate) fn judge(
    pgp: &dyn OpenPgp,
    read: &ReadMail,
    pinned: Option<&Certificate>,
    (standing, ticket): (Standing, TicketIs),
    now: Timestamp,
) -> Keys {
    let reading = &read.mail.pgp;
    let sender = read.mail.single_from();
    let is_his = |key: &&Certificate| sender.is_some_and(|from| key.names(&from.address));
    let is_pinned =
        |key: &&Certificate| pinned.is_some_and(|pinned| pinned.fingerprint == key.fingerprint);
    let known = pinned.map(|pinned| {
        let forms = reading.offered.iter().filter(is_pinned);
        forms.fold(pinned.clone(), |known, seen| pgp.merged(&known, seen))
    });
    let offered: Vec<&Certificate> = reading
        .offered
        .iter()
        .filter(|key| is_his(key) && !is_pinned(key))
        .collect();
    let candidates: Vec<&Certificate> = known.iter().chain(offered.iter().copied()).collect();
    let signature = pgp.check(&reading.signed, &candidates, now);
    let signer = |key: &&Certificate| signature.signer() == Some(&key.fingerprint);
    let candidate = |certificate| Candidate {
        certificate,
        state: pgp.state(certificate, now),
    };
    let course = decide_keys(&KeysAsked {
        opening: reading.opening,
        signature: &signature,
        pinned,
        known: known.as_ref().map(candidate),
        offered: offered.into_iter().find(signer).map(candidate),
        standing,
        ticket,
    });
    Keys { signature, course }
}

impl Keys {
    /// What a ticket remembers of it; of a mail without OpenPGP, nothing.
    pub(crate) fn recorded(note: Option<&PgpNote>) -> Self {
        let Some(note) = note else {
            return Self {
                signature: Signature::None,
                course: KeyCourse {
                    protection: Protection::Plain,
                    pinning: Pinning::AsItWas,
                },
            };
        };
        let protection = match (&note.answers_to, note.notice) {
            (Some(key), _) => Protection::EncryptedTo(key.clone()),
            (None, Some(why)) => Protection::NoticeOnly(why),
            (None, None) => Protection::Plain,
        };
        let pinning = note
            .claims
            .clone()
            .map_or(Pinning::AsItWas, Pinning::Changed);
        Self {
            signature: note.signature.clone(),
            course: KeyCourse {
                protection,
                pinning,
            },
        }
    }

    /// The notice that goes in the place of an answer, where only that may.
    pub(crate) fn notice(&self, language: Language, arrived: Arrived) -> Option<ReplyPlan> {
        let Protection::NoticeOnly(why) = self.course.protection else {
            return None;
        };
        let template = match (why, arrived) {
            // Half of a sealed mail can't be opened, and the other half would be as large again.
            (WhyNotice::CannotOpen, Arrived::Beginning) => Template::TooLarge,
            (WhyNotice::CannotOpen, _) => Template::CannotOpen,
            (WhyNotice::NoKeyOfHis, _) => Template::NoKeyOfYours,
            (WhyNotice::KeyChanged, _) => Template::KeyChanged,
        };
        let mut plan = ReplyPlan::blank(template, language);
        plan.arrived = arrived;
        Some(plan)
    }

    /// The certificate to which an answer is encrypted.
    pub(crate) fn answers_to(&self) -> Option<&Certificate> {
        match &self.course.protection {
            Protection::EncryptedTo(certificate) => Some(certificate),
            Protection::Plain | Protection::NoticeOnly(_) => None,
        }
    }

    /// Why a person must look, where one must.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        match (&self.course.protection, &self.course.pinning) {
            (Protection::NoticeOnly(WhyNotice::CannotOpen), _) => Some(Trouble::Undecryptable),
            (_, Pinning::Changed(_)) => Some(Trouble::KeyChanged),
            _ => None,
        }
    }

    /// What is to be remembered for the sender.
    pub(crate) fn pin(&self, read: &ReadMail) -> Option<KeyPin> {
        let from = read.mail.single_from()?;
        match &self.course.pinning {
            Pinning::Take(certificate) => Some(KeyPin {
                party: Party::Mail(from.address.clone()),
                certificate: certificate.clone(),
                by: PinnedBy::Proof,
            }),
            Pinning::AsItWas | Pinning::Changed(_) => None,
        }
    }

    /// What the ticket remembers; nothing of a mail without OpenPGP.
    pub(crate) fn note(&self, read: &ReadMail) -> Option<PgpNote> {
        let pgp = &read.mail.pgp;
        let concerns = pgp.form != PgpForm::None || self.course.protection != Protection::Plain;
        concerns.then(|| PgpNote {
            form: pgp.form,
            opening: pgp.opening,
            signature: self.signature.clone(),
            answers_to: self.answers_to().cloned(),
            notice: match self.course.protection {
                Protection::NoticeOnly(why) => Some(why),
                Protection::Plain | Protection::EncryptedTo(_) => None,
            },
            claims: match &self.course.pinning {
                Pinning::Changed(certificate) => Some(certificate.clone()),
                Pinning::AsItWas | Pinning::Take(_) => None,
            },
        })
    }
}
