//! A letter in its envelope, ready for the outbox.

use crate::app::App;
use crate::app::ports::OutgoingMail;
use crate::domain::ids::OutboxId;
use crate::domain::letter::Letter;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::pgp::course::TicketIs;
use crate::domain::ticket::state::Ticket;

/// Writes a letter out. Bounces come back to an address with the token of this row, where our server
/// delivers that.
pub(crate) fn outgoing_mail(app: &App, outbox: &OutboxId, letter: &Letter) -> OutgoingMail {
    in_envelope(app, outbox, letter, app.composer.compose(letter))
}

/// Writes a letter out so that only the owner of this certificate reads it. Nothing where that can't be done.
pub(crate) fn sealed_mail(
    app: &App,
    outbox: &OutboxId,
    letter: &Letter,
    to: &Certificate,
) -> Option<OutgoingMail> {
    let bytes = app.composer.seal(letter, to)?;
    Some(in_envelope(app, outbox, letter, bytes))
}

/// Writes a letter of the bot to somebody on a ticket: sealed where anything on it came so and there is a key of his.
/// Without one it goes in the open: it must hold nothing of what he wrote.
pub(crate) fn mail_on_ticket(
    app: &App,
    ticket: &Ticket,
    outbox: &OutboxId,
    letter: &Letter,
) -> OutgoingMail {
    let is_sealed = ticket.keys.ticket_is() == TicketIs::Sealed;
    let key = ticket.keys.of(&letter.to).filter(|_| is_sealed);
    key.and_then(|key| sealed_mail(app, outbox, letter, key))
        .unwrap_or_else(|| outgoing_mail(app, outbox, letter))
}

fn in_envelope(app: &App, outbox: &OutboxId, letter: &Letter, bytes: Vec<u8>) -> OutgoingMail {
    let settings = &app.settings;
    OutgoingMail {
        envelope_from: settings.bounce_address.as_ref().map(|bounce| {
            settings
                .with_token(bounce, outbox.as_str())
                .unwrap_or_else(|| bounce.clone())
        }),
        to: letter.to.clone(),
        bytes,
    }
}
