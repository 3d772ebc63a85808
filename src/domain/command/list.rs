//! The commands: their names, and what each carries once it was read. What one of them does is the app's.

use crate::domain::command::close::Closing;
use crate::domain::command::hand::Person;
use crate::domain::command::key::KeyQuestion;
use crate::domain::command::open::PhoneReport;
use crate::domain::command::spec::Spec;
use crate::domain::command::words::Words;
use crate::domain::command::{
    ack, belongs, category, close, drop, hand, help_command, key, kind, new, note, open, reply,
    severity, show, take, tlp,
};
use crate::domain::ids::TicketNumber;
use crate::domain::text::fold::fold;
use crate::domain::tlp::Label;
use crate::domain::triage::category::{Category, Kind, Severity, closed_list};
use std::sync::LazyLock;

closed_list! {
    /// The name of a command, in the order of the help.
    CommandName {
        /// The page was seen.
        Ack = "ack",
        /// Take the ticket.
        Take = "take",
        /// Give the ticket to a colleague.
        Hand = "hand",
        /// Write to the reporter.
        Reply = "reply",
        /// Keep a note on the ticket.
        Note = "note",
        /// Say how bad it is.
        Severity = "severity",
        /// Say what it is.
        Category = "category",
        /// Say what kind of message it is.
        Kind = "kind",
        /// Look at the reporter's OpenPGP key, or accept his new one.
        Key = "key",
        /// Say with whom it may be shared.
        Tlp = "tlp",
        /// Close the ticket.
        Close = "close",
        /// Open a ticket for a report by phone.
        Open = "open",
        /// Read the message in the holding pen.
        Show = "show",
        /// The message in the holding pen belongs to a ticket.
        Belongs = "belongs",
        /// The message in the holding pen is a ticket of its own.
        New = "new",
        /// The message in the holding pen is nothing.
        Drop = "drop",
        /// What can be written here.
        Help = "help",
    }
}

/// A command that was read. `Debug` shows no words of people: it ends in logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The page was seen; the climb ends. Not yet taking.
    Ack,
    /// The writer takes the ticket.
    Take,
    /// The ticket goes to this person.
    Hand(Person),
    /// This goes to the reporter, word for word.
    Reply(Words),
    /// This is kept on the ticket and goes to nobody.
    Note(Words),
    /// How bad it is, as a human says.
    Severity(Severity),
    /// What it is, as a human says.
    Category(Category),
    /// What kind of message it is, as a human says.
    Kind(Kind),
    /// The reporter's OpenPGP key.
    Key(KeyQuestion),
    /// With whom it may be shared, as a human says.
    Tlp(Label),
    /// The ticket is closed.
    Close(Closing),
    /// A ticket is opened for somebody who called.
    Open(PhoneReport),
    /// The writer reads the message in the holding pen.
    Show,
    /// The message in the holding pen belongs to this ticket.
    Belongs(TicketNumber),
    /// The message in the holding pen becomes a ticket.
    New,
    /// The message in the holding pen is put away, never deleted.
    Drop,
    /// Help, on one command or on all that work here.
    Help(Option<CommandName>),
}

impl CommandName {
    /// All that is known of the command.
    pub const fn spec(self) -> &'static Spec {
        match self {
            Self::Ack => &ack::SPEC,
            Self::Take => &take::SPEC,
            Self::Hand => &hand::SPEC,
            Self::Reply => &reply::SPEC,
            Self::Note => &note::SPEC,
            Self::Severity => &severity::SPEC,
            Self::Category => &category::SPEC,
            Self::Kind => &kind::SPEC,
            Self::Key => &key::SPEC,
            Self::Tlp => &tlp::SPEC,
            Self::Close => &close::SPEC,
            Self::Open => &open::SPEC,
            Self::Show => &show::SPEC,
            Self::Belongs => &belongs::SPEC,
            Self::New => &new::SPEC,
            Self::Drop => &drop::SPEC,
            Self::Help => &help_command::SPEC,
        }
    }

    /// The command that is called so, in any of the three languages, without its `!`.
    pub fn called(word: &str) -> Option<Self> {
        let word = fold(word);
        let known = KNOWN.iter().find(|known| known.folded == word)?;
        Some(known.name)
    }
}

/// A name as it is compared.
pub(crate) struct KnownName {
    /// Folded.
    pub(crate) folded: String,
    /// Its letters, for counting the wrong ones.
    pub(crate) letters: Vec<char>,
    /// Whose name it is.
    pub(crate) name: CommandName,
}

/// All names in all languages, folded once.
pub(crate) static KNOWN: LazyLock<Vec<KnownName>> = LazyLock::new(|| {
    let names = CommandName::ALL.iter().flat_map(|name| {
        let written = name.spec().names.all();
        written.map(|written| (fold(written), *name))
    });
    names
        .map(|(folded, name)| KnownName {
            letters: folded.chars().collect(),
            folded,
            name,
        })
        .collect()
});

impl Command {
    /// Its name.
    pub const fn name(&self) -> CommandName {
        match self {
            Self::Ack => CommandName::Ack,
            Self::Take => CommandName::Take,
            Self::Hand(_) => CommandName::Hand,
            Self::Reply(_) => CommandName::Reply,
            Self::Note(_) => CommandName::Note,
            Self::Severity(_) => CommandName::Severity,
            Self::Category(_) => CommandName::Category,
            Self::Kind(_) => CommandName::Kind,
            Self::Key(_) => CommandName::Key,
            Self::Tlp(_) => CommandName::Tlp,
            Self::Close(_) => CommandName::Close,
            Self::Open(_) => CommandName::Open,
            Self::Show => CommandName::Show,
            Self::Belongs(_) => CommandName::Belongs,
            Self::New => CommandName::New,
            Self::Drop => CommandName::Drop,
            Self::Help(_) => CommandName::Help,
        }
    }

    /// The command as one would write it: reading it again gives the same command. Holds the words of
    /// people, so it belongs on the ticket and never in a log.
    pub fn written(&self) -> String {
        let argument = match self {
            Self::Ack | Self::Take | Self::Show | Self::New | Self::Drop | Self::Help(None) => {
                String::new()
            }
            Self::Hand(person) => person.as_str().to_owned(),
            Self::Reply(words) | Self::Note(words) => words.as_str().to_owned(),
            Self::Severity(severity) => severity.to_string(),
            Self::Category(category) => category.to_string(),
            Self::Kind(kind) => kind.to_string(),
            Self::Key(question) => question.written(),
            Self::Tlp(label) => label.to_string(),
            Self::Close(closing) => closing.written(),
            Self::Open(report) => report.written(),
            Self::Belongs(number) => number.to_string(),
            Self::Help(Some(about)) => about.to_string(),
        };
        // Indented text keeps its indent only on a line of its own.
        let between = match argument.chars().next() {
            None => "",
            Some(first) if first.is_whitespace() => "\n",
            Some(_) => " ",
        };
        format!("!{}{between}{argument}", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_three_languages_whatever_its_case_and_accents() {
        for (word, name) in [
            ("ack", CommandName::Ack),
            ("TAKE", CommandName::Take),
            ("Neem", CommandName::Take),
            ("réponds", CommandName::Reply),
            ("REPONDS", CommandName::Reply),
            ("gravite", CommandName::Severity),
            ("ta\u{200b}ke", CommandName::Take),
        ] {
            assert_eq!(CommandName::called(word), Some(name), "{word}");
        }
        for word in ["", "important", "ack ack"] {
            assert_eq!(CommandName::called(word), None, "{word}");
        }
    }

    #[test]
    fn debug_output_holds_no_words_of_people() {
        let words = Words::new("Burgemeester Peeters belde").unwrap();
        for command in [Command::Reply(words.clone()), Command::Note(words)] {
            let shown = format!("{command:?}");
            assert!(!shown.contains("Peeters"), "{shown}");
        }
    }
}
