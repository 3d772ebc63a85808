//! A letter in its envelope, ready for the outbox.

use crate::app::App;
use crate::app::ports::OutgoingMail;
use crate::domain::ids::OutboxId;
use crate::domain::letter::Letter;

/// Writes a letter out. Bounces come back to an address with the token of this row, where our server
/// delivers that.
pub(crate) fn outgoing_mail(app: &App, outbox: &OutboxId, letter: &Letter) -> OutgoingMail {
    let settings = &app.settings;
    OutgoingMail {
        envelope_from: settings.bounce_address.as_ref().map(|bounce| {
            settings
                .with_token(bounce, outbox.as_str())
                .unwrap_or_else(|| bounce.clone())
        }),
        to: letter.to.clone(),
        bytes: app.composer.compose(letter),
    }
}
