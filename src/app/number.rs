//! The number that a new ticket takes.

use crate::app::App;
use crate::app::ports::StoreError;
use crate::domain::ids::TicketNumber;
use jiff::Timestamp;

/// The next free number of the calendar year in the team's time zone. Taking it may lose a race: then the
/// whole decision is made again.
pub(crate) async fn next_number(app: &App, now: Timestamp) -> Result<TicketNumber, StoreError> {
    let settings = &app.settings;
    let year = settings.time_zone.to_datetime(now).year();
    app.store.next_number(&settings.ticket_prefix, year).await
}
