//! What people of the team corrected, gathered for a training. Whoever trains is on record as a reader of each of these
//! tickets, although only the program reads them.

use crate::app::App;
use crate::app::ports::{ReadRecord, StoreError};
use crate::app::tickets::TicketError;
use crate::domain::ids::TicketId;
use crate::domain::ticket::lesson::{CORRECTIONS, Lesson, lesson};
use crate::domain::triage::corrected::Corrections;

/// What was found on the tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// What they teach.
    pub corrections: Corrections,
    /// How many corrected tickets could not be opened: they are sealed with a key that isn't there.
    pub unopened: usize,
}

/// The corrections of all tickets.
///
/// # Errors
/// Where the store is not available. A ticket that can't be opened is counted, and the others are read.
pub async fn corrections(app: &App, reader: &str) -> Result<Gathered, TicketError> {
    let mut gathered = Gathered::default();
    let names = &mut gathered.corrections.names;
    for person in &app.settings.roster.people {
        names.add(person.id.as_str());
        names.add(&person.name);
        person.mail.iter().for_each(|mail| names.add(mail.as_str()));
        let matrix = person.matrix.iter();
        matrix.for_each(|user| names.add(user.as_str()));
    }
    for listed in &app.settings.constituents.0 {
        names.add(&listed.name);
        names.add(&listed.domain);
        names.add(&listed.contact);
    }
    for ticket in app.store.tickets_with(&CORRECTIONS).await? {
        match read(app, ticket, reader).await {
            Ok(None) => {}
            Ok(Some(lesson)) => {
                let corrections = &mut gathered.corrections;
                corrections.names.extend(&lesson.names);
                corrections.reports.push(lesson.corrected);
            }
            Err(StoreError::Inconsistent { .. }) => gathered.unopened += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(gathered)
}

async fn read(app: &App, ticket: TicketId, reader: &str) -> Result<Option<Lesson>, StoreError> {
    let record = ReadRecord {
        ticket: ticket.clone(),
        reader: reader.to_owned(),
        through: "triage train".into(),
        reason: None,
        at: app.clock.now(),
    };
    app.store.record_read(record).await?;
    let history = app.store.history(&ticket).await?;
    Ok(lesson(&ticket, &history, &app.settings.constituents))
}
