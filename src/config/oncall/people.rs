//! `[[oncall.people]]`: who there is, each with an id of their own and a way to be reached.

use crate::config::oncall::roster::Mistake;
use crate::config::oncall::sections;
use crate::domain::address::EmailAddress;
use crate::domain::oncall::people::{MatrixId, Person, PersonId, Webhook};

/// The most people on a roster.
const MOST_PEOPLE: usize = 1_000;

/// The people.
pub(super) fn people(written: &[sections::Person]) -> Result<Vec<Person>, Mistake> {
    if written.len() > MOST_PEOPLE {
        return Err(Mistake::new(
            "people",
            format_args!("at most {MOST_PEOPLE}"),
        ));
    }
    let mut people: Vec<Person> = Vec::new();
    for (n, one) in written.iter().enumerate() {
        let person = person(&format!("people[{n}]"), one)?;
        if let Some(before) = people.iter().position(|known| known.id == person.id) {
            return Err(Mistake::new(
                format_args!("people[{n}].id"),
                format_args!("{} is already the id of people[{before}]", person.id),
            ));
        }
        people.push(person);
    }
    Ok(people)
}

/// The id of somebody who is among the people.
pub(super) fn known(key: &str, written: &str, people: &[Person]) -> Result<PersonId, Mistake> {
    let found = people.iter().find(|person| person.id.as_str() == written);
    found.map(|person| person.id.clone()).ok_or_else(|| {
        Mistake::new(
            key,
            format_args!("nobody in oncall.people has the id \"{}\"", cut(written)),
        )
    })
}

/// So much of a wrong value as fits in a sentence.
pub(super) fn cut(written: &str) -> String {
    let plain = written.chars().filter(|c| !c.is_control());
    plain.take(64).collect()
}

fn person(key: &str, written: &sections::Person) -> Result<Person, Mistake> {
    let wrong = |name: &str, what: &str| Mistake::new(format_args!("{key}.{name}"), what);
    let id: PersonId = written
        .id
        .parse()
        .map_err(|error| Mistake::new(format_args!("{key}.id"), error))?;
    let matrix = written.matrix.as_deref().map(|text| {
        MatrixId::parse(text).ok_or_else(|| wrong("matrix", "expected @name:server.example"))
    });
    let mail = written.mail.as_deref().map(|text| {
        EmailAddress::parse(text).ok_or_else(|| wrong("mail", "is not a mail address"))
    });
    let webhook = written.webhook.as_ref().map(|secret| {
        Webhook::parse(secret.reveal()).ok_or_else(|| {
            wrong(
                "webhook",
                "expected https://...; http:// is only for this machine itself",
            )
        })
    });
    if written.roles.is_empty() {
        return Err(wrong(
            "roles",
            "name at least one of expert and coordinator",
        ));
    }
    let person = Person {
        name: written.name.clone().unwrap_or_else(|| id.to_string()),
        id,
        matrix: matrix.transpose()?,
        mail: mail.transpose()?,
        webhook: webhook.transpose()?,
        languages: written.languages.clone(),
        roles: written.roles.clone(),
    };
    if person.matrix.is_none() && person.mail.is_none() && person.webhook.is_none() {
        return Err(Mistake::new(
            key,
            format_args!(
                "{} can't be reached; name matrix, mail or webhook",
                person.id
            ),
        ));
    }
    Ok(person)
}
