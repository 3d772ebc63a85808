//! The way that a person's words take to the reporter: to whom, sealed or in the open, and whether that way may carry
//! them.

use crate::app::App;
use crate::app::chat::{key_words, words};
use crate::app::keys::usable_key;
use crate::app::step::StepError;
use crate::domain::address::EmailAddress;
use crate::domain::chat::ids::UserId;
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::pgp::course::TicketIs;
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::state::Ticket;
use crate::domain::tlp::{Label, Protection};
use jiff::Timestamp;

/// How words go to the reporter.
pub(super) enum Way {
    /// In the direct chat.
    Chat(UserId),
    /// By mail, encrypted to this certificate.
    Sealed(EmailAddress, Box<Certificate>),
    /// By mail.
    Open(EmailAddress),
    /// By mail, though something on the ticket came encrypted: there is no key that can be used. Its author is told
    /// first.
    OpenAfterAll(EmailAddress),
}

impl Way {
    /// To whom.
    pub(super) fn to(&self) -> Party {
        match self {
            Self::Chat(user) => Party::Chat(user.clone()),
            Self::Sealed(address, _) | Self::Open(address) | Self::OpenAfterAll(address) => {
                Party::Mail(address.clone())
            }
        }
    }

    /// What its author must know before words leave this way.
    pub(super) fn warning(&self) -> Option<&'static str> {
        matches!(self, Self::OpenAfterAll(_)).then_some(key_words::NO_KEY_FOR_LETTER)
    }

    /// May words with the ticket's label go this way? Otherwise what to do instead.
    pub(super) fn may_carry(&self, app: &App, label: Label) -> Result<(), &'static str> {
        let way = match self {
            Self::Chat(_) | Self::Sealed(..) => Protection::Encrypted,
            Self::Open(_) | Self::OpenAfterAll(_) => app.sender.protection(),
        };
        match label {
            label if way.may_carry(label) => Ok(()),
            Label::Red => Err(words::RED_BY_MAIL),
            _ => Err(words::NO_TLS_BY_MAIL),
        }
    }
}

/// The way to whoever wrote this message, or why there is none. It is sealed where anything on the ticket came so,
/// or where nothing else is allowed: who wrote in the open may be unable to open anything where he is now.
pub(super) async fn way_to(
    app: &App,
    ticket: &Ticket,
    message: Option<&ReceivedMessage>,
    now: Timestamp,
) -> Result<Result<Way, &'static str>, StepError> {
    let address = match addressee(ticket, message) {
        Ok(Party::Mail(address)) => address,
        Ok(Party::Chat(user)) => return Ok(Ok(Way::Chat(user))),
        Err(why) => return Ok(Err(why)),
    };
    let is_sealed = ticket.keys.ticket_is() == TicketIs::Sealed;
    if !is_sealed && ticket.tlp != Label::Red {
        return Ok(Ok(Way::Open(address)));
    }
    Ok(Ok(match usable_key(app, ticket, &address, now).await? {
        Some(key) => Way::Sealed(address, Box::new(key)),
        None if is_sealed => Way::OpenAfterAll(address),
        None => Way::Open(address),
    }))
}

/// To whom the words go, or why to nobody.
pub(super) fn addressee(
    ticket: &Ticket,
    message: Option<&ReceivedMessage>,
) -> Result<Party, &'static str> {
    let message = message.ok_or(words::NO_ADDRESS)?;
    if !message.may_be_answered() {
        return Err(words::FALSE_SENDER);
    }
    let to = message.party().ok_or(words::NO_ADDRESS)?;
    let is_inside = |user: &UserId| {
        let chat = ticket.direct.as_ref().filter(|chat| &chat.user == user);
        chat.is_some_and(|chat| chat.open_room().is_some())
    };
    match &to {
        Party::Chat(user) if !is_inside(user) => Err(words::NOT_IN_THE_CHAT),
        _ => Ok(to),
    }
}
