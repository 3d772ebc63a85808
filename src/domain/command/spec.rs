//! What each command states of itself: names, places, grammar and help in three languages.
//!
//! Only the shape stands here. The contents stand in the file of each command, as its `SPEC`.

use crate::domain::command::list::{Command, CommandName};
use crate::domain::triage::category::closed_list;
use crate::domain::triage::language::Language;

/// A short text in the three languages of the product, known when the program is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// Dutch.
    pub nl: &'static str,
    /// French.
    pub fr: &'static str,
    /// English.
    pub en: &'static str,
}

impl Phrase {
    /// The same text for everybody.
    pub(crate) const fn same(text: &'static str) -> Self {
        Self {
            nl: text,
            fr: text,
            en: text,
        }
    }

    /// The text for a reader of this language.
    pub const fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::Fr => self.fr,
            Language::En | Language::De => self.en,
            Language::Nl | Language::Und => self.nl,
        }
    }

    /// The three texts.
    pub(crate) const fn all(&self) -> [&'static str; 3] {
        [self.nl, self.fr, self.en]
    }
}

closed_list! {
    /// Where a message was written. The lobby room is none of them: there are no commands among officials.
    Place {
        /// The on-call room, outside a thread.
        OncallRoom = "oncall-room",
        /// The thread of one ticket, or of one message in the holding pen, in the on-call room.
        OncallThread = "oncall-thread",
        /// The room of a ticket.
        TicketRoom = "ticket-room",
        /// The direct chat between the bot and one person of the roster.
        DirectChat = "direct-chat",
    }
}

impl Place {
    /// The place in a sentence: "it works in ...".
    pub(crate) const fn said(self) -> Phrase {
        match self {
            Self::OncallRoom => Phrase {
                nl: "in de kamer van de wachtdienst",
                fr: "dans le salon de garde",
                en: "in the on-call room",
            },
            Self::OncallThread => Phrase {
                nl: "in een draad van de wachtdienst",
                fr: "dans un fil de garde",
                en: "in an on-call thread",
            },
            Self::TicketRoom => Phrase {
                nl: "in de dossierkamer",
                fr: "dans le salon du dossier",
                en: "in the ticket room",
            },
            Self::DirectChat => Phrase {
                nl: "in het rechtstreekse gesprek met mij",
                fr: "dans la conversation directe avec moi",
                en: "in the direct chat with me",
            },
        }
    }
}

closed_list! {
    /// What somebody has to be on the roster to use a command.
    Role {
        /// Takes tickets. Every coordinator is one too.
        Expert = "expert",
        /// Also manages on-call and the newsletter. No command asks for it yet.
        Coordinator = "coordinator",
    }
}

/// How much of a message a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The line it stands on.
    Line,
    /// Everything up to the end of the message.
    Message,
}

/// What the edit of a message can still do to a command that ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// The corrected command runs like a new one.
    Runs,
    /// Nothing: what it did has left the house, or would be done twice.
    TooLate,
}

/// Arguments that a command can't take: one sentence about what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mistake {
    /// What it needs.
    pub needs: Phrase,
    /// The allowed word that is nearest to what was written.
    pub nearest: Option<&'static str>,
}

impl Mistake {
    /// A mistake without a guess at what was meant.
    pub(crate) const fn plain(needs: Phrase) -> Self {
        Self {
            needs,
            nearest: None,
        }
    }
}

/// One command, as its file states it.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Which command.
    pub name: CommandName,
    /// What it is called in each language; all of them work for everybody.
    pub names: Phrase,
    /// What stands behind the name in the help, empty where nothing does.
    pub arguments: Phrase,
    /// Where it works.
    pub places: &'static [Place],
    /// Who may use it.
    pub role: Role,
    /// How much of the message it takes.
    pub extent: Extent,
    /// What an edit can still do.
    pub correction: Correction,
    /// What it does, in one line of the list.
    pub does: Phrase,
    /// What happens afterwards, in short sentences.
    pub afterwards: Phrase,
    /// A line that works.
    pub example: Phrase,
    /// Reads what stands behind the name.
    pub(crate) parse: fn(&str) -> Result<Command, Mistake>,
}

impl Spec {
    /// Does it work here?
    pub fn works_in(&self, place: Place) -> bool {
        self.places.contains(&place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_read_by_everybody() {
        let phrase = Phrase {
            nl: "a",
            fr: "b",
            en: "c",
        };
        let read: Vec<&str> = Language::ALL
            .iter()
            .map(|language| phrase.in_language(*language))
            .collect();
        assert_eq!(read, ["a", "b", "c", "c", "a"]);
        for language in Language::ALL {
            let same = phrase.in_language(language.for_reply());
            assert_eq!(same, phrase.in_language(*language));
        }
    }
}
