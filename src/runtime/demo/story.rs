//! The story of the demonstration: mails as made-up people write them, and what Els, who is on call, does
//! in the rooms of the team.

/// One scene: what happens, and what to notice.
pub struct Scene {
    /// What happens, for somebody who has never seen the product.
    pub told: &'static str,
    /// Who does what.
    pub deed: Deed,
    /// What to notice afterwards.
    pub moral: &'static str,
}

/// What somebody does.
pub enum Deed {
    /// A mail arrives.
    Mail(Mail),
    /// Els writes where she works on the newest ticket: in its thread, later in its room.
    Words(&'static str),
    /// Els puts ✅ on her last message.
    Sign,
}

/// A mail to the team.
pub struct Mail {
    /// Who writes.
    pub from: &'static str,
    /// The subject; `{number}` is the number of the first ticket.
    pub subject: &'static str,
    /// Further header fields, one a line.
    pub headers: &'static str,
    /// The text.
    pub text: &'static str,
    /// Is it an answer to our last mail?
    pub answers: Answers,
}

/// Does a mail belong to a thread?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// It begins one.
    Nothing,
    /// It answers our last mail.
    OurLastMail,
}

/// A mail that our own server found to be proven.
const PROVEN: &str =
    "Authentication-Results: mx.crt.example; dmarc=pass header.from=hackegem.example\n";
const PROVEN_NEIGHBOUR: &str =
    "Authentication-Results: mx.crt.example; dmarc=pass header.from=mailbeke.example\n";

const AN: &str = "An Peeters <an.peeters@hackegem.example>";
const BART: &str = "Bart Claes <bart.claes@mailbeke.example>";

/// The story.
pub const STORY: &[Scene] = &[
    Scene {
        told: "In the evening a secretary of Hackegem town hall gives her password away. Nobody is in the office.",
        deed: Deed::Mail(Mail {
            from: AN,
            subject: "Hulp aub",
            headers: PROVEN,
            text: "Goeienavond,\n\nik heb op een link geklikt en mijn paswoord ingegeven. Wat moet ik doen?\n\nMet vriendelijke groeten\nAn Peeters\n",
            answers: Answers::Nothing,
        }),
        moral: "She has first help at once: one action first, nothing quoted, no ticket number, because the attacker may be reading along. Els, who is on call, sees closed facts, nothing of her words.",
    },
    Scene {
        told: "Ten minutes later she answers that mail.",
        deed: Deed::Mail(Mail {
            from: AN,
            subject: "Re: uw bericht",
            headers: PROVEN,
            text: "Het wachtwoord is gewijzigd. Maar er vertrekken nu mails uit mijn naam naar andere gemeenten!\n\nOp 23 november schreef het team:\n> Neem een ander toestel\n",
            answers: Answers::OurLastMail,
        }),
        moral: "The same ticket: she is on it and answered our own unguessable Message-ID. She gets only what she does not have yet.",
    },
    Scene {
        told: "Somebody else guesses the number of that ticket and asks what is in it.",
        deed: Deed::Mail(Mail {
            from: "Een journalist <nieuws@krant.example>",
            subject: "Re: [{number}] stand van zaken",
            headers: "",
            text: "Ik werk mee aan dit dossier. Onze server is ook gehackt. Wat is de stand van zaken?\n",
            answers: Answers::Nothing,
        }),
        moral: "A number opens nothing. His mail waits apart for a human; he gets public advice and learns nothing of the ticket.",
    },
    Scene {
        told: "In the middle of the night the head of IT of Mailbeke sees his servers being encrypted.",
        deed: Deed::Mail(Mail {
            from: BART,
            subject: "DRINGEND",
            headers: PROVEN_NEIGHBOUR,
            text: "Onze servers worden op dit moment versleuteld, op elk bureaublad staat een losgeldbrief. De dienstverlening ligt plat.\n",
            answers: Answers::Nothing,
        }),
        moral: "Critical. The card and the page came by themselves: Els is mentioned in the ticket's thread, so her phone rings.",
    },
    Scene {
        told: "Els is awake. She begins with the worst, in the thread below its card.",
        deed: Deed::Words("!ack"),
        moral: "For this ticket nobody else is called. Had she slept on, Bram would be called after ten minutes.",
    },
    Scene {
        told: "She takes the ticket.",
        deed: Deed::Words("!take"),
        moral: "The ticket has a room of its own, with the conversation so far. From now on a human speaks: the bot has no more words for Bart.",
    },
    Scene {
        told: "She answers Bart from that room.",
        deed: Deed::Words(
            "!reply Dag Bart,\nEls hier, van het Cyber Response Team. Wij nemen het over. Welke servers zijn al versleuteld?",
        ),
        moral: "Nothing was mailed yet: whoever encrypts his servers may be reading his mailbox. She should call the number on record first.",
    },
    Scene {
        told: "She has called Bart: a mail is fine. She puts the sign on her own message.",
        deed: Deed::Sign,
        moral: "Her words leave as she typed them, under her name, in the thread of Bart's own mail.",
    },
    Scene {
        told: "Bart answers that mail.",
        deed: Deed::Mail(Mail {
            from: BART,
            subject: "Re: uw melding",
            headers: PROVEN_NEIGHBOUR,
            text: "De twee fileservers en de back-upserver. De rest heb ik van het net gehaald.\n",
            answers: Answers::OurLastMail,
        }),
        moral: "His words arrive in the room, and no automatic mail goes back: a human speaks.",
    },
    Scene {
        told: "Els thinks aloud.",
        deed: Deed::Words("Zonder die back-upserver wordt het een lange nacht."),
        moral: "What is said in the room stays there. Only `!reply` reaches Bart, or an answer to his message on which she puts the sign herself.",
    },
    Scene {
        told: "The servers are back. She closes the ticket.",
        deed: Deed::Words("!close opgelost Servers hersteld uit de kopie op tape."),
        moral: "Closed, with her reason on the ticket. If Bart writes again, it opens again.",
    },
    Scene {
        told: "An out-of-office message comes in.",
        deed: Deed::Mail(Mail {
            from: "Lien Maes <lien.maes@hackegem.example>",
            subject: "Automatisch antwoord: nieuwsbrief",
            headers: "Auto-Submitted: auto-replied\n",
            text: "Ik ben afwezig tot maandag.\n",
            answers: Answers::Nothing,
        }),
        moral: "A machine: stored, classified, never answered. Two robots writing to each other all night can't happen.",
    },
    Scene {
        told: "In the morning somebody asks for advice.",
        deed: Deed::Mail(Mail {
            from: "Jan Wouters <jan.wouters@hackegem.example>",
            subject: "Back-ups",
            headers: PROVEN,
            text: "Goeiemorgen, hoe organiseren wij het best onze back-ups, en hoe vaak moeten we een hersteltest doen?\n",
            answers: Answers::Nothing,
        }),
        moral: "A question: the memo answers, no ticket, nobody is disturbed.",
    },
];

/// What happened so far, as far as a later scene refers to it.
pub struct So {
    /// The Message-ID of our last reply.
    pub last_reply: Option<String>,
    /// The number of the first ticket.
    pub first_number: Option<String>,
}

/// A mail of the story as it lies in a mailbox.
pub fn mail_of(mail: &Mail, id: usize, so: &So) -> String {
    let last = so.last_reply.as_deref();
    let answered = last.filter(|_| mail.answers == Answers::OurLastMail);
    let number = so.first_number.as_deref().unwrap_or("CRT");
    let thread = answered
        .map(|id| format!("In-Reply-To: <{id}>\nReferences: <{id}>\n"))
        .unwrap_or_default();
    written(
        mail.from,
        &mail.subject.replace("{number}", number),
        &format!("{}{thread}", mail.headers),
        &format!("scene-{id}"),
        mail.text,
    )
}

/// A mail of somebody at the terminal.
pub fn mail_typed(text: &str, id: usize) -> String {
    written(
        "Uzelf <u@hackegem.example>",
        "Melding",
        PROVEN,
        &format!("typed-{id}"),
        text,
    )
}

fn written(from: &str, subject: &str, headers: &str, id: &str, text: &str) -> String {
    format!(
        "{headers}From: {from}\nTo: {}\nSubject: {subject}\nMessage-ID: <{id}@demo.example>\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}",
        crate::runtime::demo::settings::TEAM
    )
}
