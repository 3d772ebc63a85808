//! **eerstelijn**: the first-line bot of a government Cyber Response Team. It watches the team's mailbox,
//! understands each report, answers within seconds with vetted guidance, opens a confidential ticket, and
//! wakes the expert on call.
//!
//! # Layers
//! | layer | does | may use of ours |
//! |---|---|---|
//! | [`domain`] | decides, pure | nothing |
//! | [`app`] | orders domain and ports, owns the transaction | domain |
//! | [`adapters`] | talk: mail, Matrix, store, knowledge, console, hand-over; none knows another | `app::ports`, domain |
//! | [`config`] | the only reader of settings and environment | domain |
//! | [`runtime`] | wires, supervises, logs | all but the command line |
//! | [`cli`] | one file per subcommand | runtime, config, app, domain |
//!
//! A test reads the imports and fails on any other arrow. State is on SQLite or PostgreSQL; the SQL in
//! `adapters::store` is written once.
//!
//! # How one report travels
//! 1. A source ([`adapters::mail`]) finds a mail and calls [`app::ports::Intake::admit`]: stored and sealed
//!    before the mailbox's mark moves. A unique key makes that exactly-once.
//! 2. [`app::arrival`] reads it, [`domain::intake`] judges it, [`domain::triage`] understands it,
//!    [`domain::ticket::decide`] chooses the course, [`domain::guidance`] the words.
//! 3. One transaction writes events, what goes out and timers ([`app::ports::Change`]); who loses the race for
//!    a ticket decides again. A ticket is its events ([`domain::ticket::event`]); what it is now
//!    ([`domain::ticket::state`]) and what it waits for ([`domain::ticket::due`]) is read from them.
//! 4. [`app::deliver`] leases a row of the outbox, asks once more whether it may leave
//!    ([`domain::ticket::send`]), sends it, and records done, retry at t, given up, or taken back. The
//!    Message-ID was made with the row, so a repeat is the same mail.
//!    Acts in chat go the same way, by a worker of their own ([`app::chat::deliver`]): a server that is away
//!    holds up nothing else.
//! 5. [`app::timers`] does what is due and not done: a rung of a climb ([`domain::ticket::page`],
//!    [`domain::oncall`]), a silence that lasts. Nothing waits in memory.
//!
//! What happens in chat comes in by [`app::ports::ChatIntake`]; `app::chat::hear` finds out who wrote in which
//! kind of room. Commands ([`domain::command`]) are heard only of people on the roster, from a device that proves
//! them. What officials write in the lobby is decided in [`domain::ticket::lobby`], in a chat with the bot alone
//! in [`domain::ticket::decide`], like mail.
//!
//! Every decision can be made again on what is stored ([`app::replay`]), by the same functions; everything of a
//! ticket can be handed over ([`app::export`], [`adapters::handover`]).
//!
//! What is encrypted is opened while it is read (`adapters::mail::pgp`), in memory; which key an answer goes to is
//! decided in [`domain::pgp::course`].
//!
//! Every message ends as a reply that left, as a ticket that a human sees, or still lies in the mailbox.
//!
//! # Crash points
//! | point ([`app::faults::CrashPoint`]) | what happens after kill -9 |
//! |---|---|
//! | `before-store` | the mail is still unread; it is found again |
//! | `stored` | found again, known by its key; the mark moves |
//! | `claimed`, `decided` | decided again from the inbox |
//! | `committed`, `before-send` | the outbox row is due and is sent |
//! | `accepted` | sent once more with the same Message-ID |
//! | `recorded` | the original is moved away |
//!
//! Tests loop over this list, on the fast harness and with real servers.
//!
//! # Entry points
//! [`cli::run`] for the program, [`runtime::wire::serve`] for the service, [`app::App`] for everything it does,
//! `domain/ticket/decide.rs` for the heart of it, `tests/promises/` for what it guarantees.
//!
//! # Recipes
//! - **A new odd mail**: put it in `tests/fixtures/mail`, run the tests, read what it became, mend, keep it.
//! - **A new automatic mail**: a variant of [`domain::guidance::reply::Template`], its words in
//!   `knowledge/replies` in three languages, a [`domain::ticket::decide::Speech`], a snapshot.
//! - **A new kind of knowledge**: [`adapters::knowledge::parts::Parts`] reads it, `entries` makes an answer of it, `check` asks for
//!   what makes it one, a row in `docs/knowledge.md`.
//! - **A new fact**: [`domain::triage::facts::FactKey`], phrases in `knowledge/lexicon/*-facts.toml`, a table row.
//! - **A report that is misunderstood**: a line of `knowledge/examples`, in other words than its own, then
//!   `eerstelijn triage train --knowledge knowledge` (`docs/triage.md`).
//! - **A new timer**: a [`domain::ticket::due::TimerKind`], when it is due in `Ticket::timers`, an arm in
//!   [`app::timers`], a promise test that jumps over it.
//! - **A new command of the experts**: a file in [`domain::command`]; the compiler asks for the rest.
//! - **A new table**: a migration, its file in `adapters/store`, its columns in `adapters/store/backup/tables.rs`,
//!   a story in `tests/contracts`.

pub mod adapters;
pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod runtime;
