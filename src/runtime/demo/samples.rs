//! The mails of the demonstration, as made-up people write them.

/// One scene: what happens, and the mail that arrives.
pub struct Scene {
    /// What happens, for somebody who has never seen the product.
    pub told: &'static str,
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
    /// What to notice afterwards.
    pub moral: &'static str,
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

/// The story.
pub const STORY: &[Scene] = &[
    Scene {
        told: "21:40. A secretary of Hackegem town hall has just given her password away. Nobody is in the office.",
        from: "An Peeters <an.peeters@hackegem.example>",
        subject: "Hulp aub",
        headers: PROVEN,
        text: "Goeienavond,\n\nik heb op een link geklikt en mijn paswoord ingegeven. Wat moet ik doen?\n\nMet vriendelijke groeten\nAn Peeters\n",
        answers: Answers::Nothing,
        moral: "She has first help at once: one action first, nothing quoted, no ticket number, because the attacker may be reading along.",
    },
    Scene {
        told: "Ten minutes later she answers that mail.",
        from: "An Peeters <an.peeters@hackegem.example>",
        subject: "Re: uw bericht",
        headers: PROVEN,
        text: "Het wachtwoord is gewijzigd. Maar er vertrekken nu mails uit mijn naam naar andere gemeenten!\n\nOp 23 november schreef het team:\n> Neem een ander toestel\n",
        answers: Answers::OurLastMail,
        moral: "The same ticket: she is on it and answered our own unguessable Message-ID. She gets only what she does not have yet.",
    },
    Scene {
        told: "Somebody else guesses the number of that ticket and asks what is in it.",
        from: "Een journalist <nieuws@krant.example>",
        subject: "Re: [{number}] stand van zaken",
        headers: "",
        text: "Ik werk mee aan dit dossier. Onze server is ook gehackt. Wat is de stand van zaken?\n",
        answers: Answers::Nothing,
        moral: "A number opens nothing. His mail waits apart for a human; he gets public advice and learns nothing of the ticket.",
    },
    Scene {
        told: "02:41. The head of IT of Mailbeke sees his servers being encrypted.",
        from: "Bart Claes <bart.claes@mailbeke.example>",
        subject: "DRINGEND",
        headers: PROVEN_NEIGHBOUR,
        text: "Onze servers worden op dit moment versleuteld, op elk bureaublad staat een losgeldbrief. De dienstverlening ligt plat.\n",
        answers: Answers::Nothing,
        moral: "Critical: with people on call in the settings, this one wakes them.",
    },
    Scene {
        told: "An out-of-office message comes in.",
        from: "Els Maes <els.maes@hackegem.example>",
        subject: "Automatisch antwoord: nieuwsbrief",
        headers: "Auto-Submitted: auto-replied\n",
        text: "Ik ben afwezig tot maandag.\n",
        answers: Answers::Nothing,
        moral: "A machine: stored, classified, never answered. Two robots writing to each other all night can't happen.",
    },
    Scene {
        told: "In the morning somebody asks for advice.",
        from: "Jan Wouters <jan.wouters@hackegem.example>",
        subject: "Back-ups",
        headers: PROVEN,
        text: "Goeiemorgen, hoe organiseren wij het best onze back-ups, en hoe vaak moeten we een hersteltest doen?\n",
        answers: Answers::Nothing,
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

/// A scene's mail as it lies in a mailbox.
pub fn mail_of(scene: &Scene, id: usize, so: &So) -> String {
    let last = so.last_reply.as_deref();
    let answered = last.filter(|_| scene.answers == Answers::OurLastMail);
    let number = so.first_number.as_deref().unwrap_or("CRT");
    let thread = answered
        .map(|id| format!("In-Reply-To: <{id}>\nReferences: <{id}>\n"))
        .unwrap_or_default();
    written(
        scene.from,
        &scene.subject.replace("{number}", number),
        &format!("{}{thread}", scene.headers),
        &format!("scene-{id}"),
        scene.text,
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
        crate::runtime::demo::TEAM
    )
}
