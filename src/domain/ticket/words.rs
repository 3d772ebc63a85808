//! The closed words of a ticket: when a reply may leave, why none was written, why a human must look.

use crate::domain::triage::category::closed_list;

closed_list! {
    /// When a written reply may leave.
    Release {
        /// At once.
        AtOnce = "at-once",
        /// When a person approves it.
        OnApproval = "on-approval",
        /// Never: it only shows what would have been sent.
        DraftOnly = "draft-only",
    }
}

closed_list! {
    /// Why no automatic reply was written, or why one that was written did not leave.
    Silence {
        /// A machine wrote the message.
        Machine = "machine",
        /// There is not exactly one sender to answer.
        NoSingleSender = "no-single-sender",
        /// The sender failed DMARC, or claims to be us.
        RefusedSender = "refused-sender",
        /// Our address is in neither To nor Cc.
        NotAddressedToUs = "not-addressed-to-us",
        /// It is more than a day old: a human decides what still helps.
        TooOld = "too-old",
        /// The address got its share of automatic mail.
        AddressLimit = "address-limit",
        /// The ticket got its share.
        TicketLimit = "ticket-limit",
        /// The domain got its share.
        DomainLimit = "domain-limit",
        /// A server said lately that the address doesn't exist: a human reaches the reporter in another way.
        DeadAddress = "dead-address",
        /// All together got their share: a human must look.
        GlobalLimit = "global-limit",
        /// Those who aren't proven got their share of that: the rest is for those who are.
        UnprovenLimit = "unproven-limit",
        /// The same text went to this address within a day.
        SameText = "same-text",
        /// Thanks or advertising.
        NothingToSay = "nothing-to-say",
        /// A human has the word.
        HumanSpeaks = "human-speaks",
        /// The reporter took his report back before anybody was called.
        TakenBack = "taken-back",
        /// A human was called, and the bot has no other steps for him.
        HandedOver = "handed-over",
        /// The bot is set to say less now than when it was written.
        ModeChanged = "mode-changed",
        /// The words could not be put together: a human must answer.
        NotWritten = "not-written",
        /// A person's letter bears another label than its ticket by now, which is stricter.
        StricterLabel = "stricter-label",
    }
}

impl Silence {
    /// Did what had been sent by then decide it? The message itself says nothing of that.
    pub fn is_of_the_moment(self) -> bool {
        matches!(
            self,
            Self::AddressLimit
                | Self::TicketLimit
                | Self::DomainLimit
                | Self::GlobalLimit
                | Self::UnprovenLimit
                | Self::DeadAddress
                | Self::SameText
        )
    }

    /// Did the message wait for an answer of the bot all the same? Then a question stays open; else it was for
    /// somebody else, from somebody whom the bot doesn't answer, or nothing was wanted.
    pub fn leaves_it_open(self) -> bool {
        match self {
            Self::Machine
            | Self::NoSingleSender
            | Self::RefusedSender
            | Self::NotAddressedToUs
            | Self::NothingToSay
            | Self::HumanSpeaks
            | Self::TakenBack => false,
            Self::TooOld
            | Self::AddressLimit
            | Self::TicketLimit
            | Self::DomainLimit
            | Self::DeadAddress
            | Self::GlobalLimit
            | Self::UnprovenLimit
            | Self::SameText
            | Self::ModeChanged
            | Self::NotWritten
            | Self::HandedOver
            | Self::StricterLabel => true,
        }
    }
}

closed_list! {
    /// Why a human must look at a message, beyond what it tells.
    Trouble {
        /// Deciding on it failed again and again.
        SetAside = "set-aside",
        /// What is stored of it can't be opened.
        Unreadable = "unreadable",
        /// Its answer could not be delivered.
        NotDelivered = "not-delivered",
        /// It can't be decrypted.
        Undecryptable = "undecryptable",
        /// It bears the signature of another OpenPGP key than the one that is known for its sender.
        KeyChanged = "key-changed",
        /// Its sender's device isn't confirmed by its owner: he can't read what we write in the direct chat.
        CannotReadUs = "cannot-read-us",
        /// The reporter wants to speak with a human.
        HumanWanted = "human-wanted",
        /// The bot has answered so often that a human must go on.
        ManyTurns = "many-turns",
    }
}

closed_list! {
    /// What the author of a draft was told about the way that it goes.
    #[derive(Default)]
    Warned {
        /// Nothing.
        #[default]
        Nothing = "nothing",
        /// That it goes in the open, though the reporter wrote encrypted.
        InTheOpen = "in-the-open",
    }
}

impl Warned {
    /// Was he told nothing? Then that isn't written down.
    pub fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }
}

closed_list! {
    /// Why somebody is woken.
    PageReason {
        /// The report calls for a human.
        Report = "report",
        /// It became worse than what was acknowledged.
        Worse = "worse",
        /// It was acknowledged, and then nobody did anything.
        Silence = "silence",
        /// The reporter wants a human, or the bot got no further with him.
        HandedOver = "handed-over",
    }
}

closed_list! {
    /// How a page was acknowledged.
    AckWay {
        /// By a command in the ticket's thread.
        Command = "command",
        /// By a reaction, and a message of the same person after it.
        Reaction = "reaction",
        /// By mail.
        Mail = "mail",
        /// By taking the ticket.
        Taking = "taking",
    }
}

closed_list! {
    /// Why a ticket is closed.
    CloseReason {
        /// It was an incident and it is over.
        Resolved = "resolved",
        /// What raised the alarm was not there.
        FalseAlarm = "false-alarm",
        /// Another ticket is about the same.
        Duplicate = "duplicate",
        /// Real, but nothing for us: a question, a test, somebody's own problem.
        NoIncident = "no-incident",
        /// Another team goes on with it.
        HandedOver = "handed-over",
    }
}
