//! The fast harness: the whole application with a clock that jumps, mail that stays in memory, and the
//! real store and knowledge. Dropping it with work left over fails the test.

use crate::support::chat_server::{ChatServer, OFFICIAL};
use crate::support::databases::TestDatabase;
use crate::support::mails::{CRT, Mail, OUR_SERVER};
use crate::support::roster::{roster, roster_in_chat};
use async_trait::async_trait;
use eerstelijn::adapters::knowledge::KnowledgeBase;
use eerstelijn::adapters::mail::compose::MimeComposer;
use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::adapters::mail::pgp::RpgpKeys;
use eerstelijn::app::App;
use eerstelijn::app::arrival::decide_step;
use eerstelijn::app::chat::deliver::chat_step;
use eerstelijn::app::deliver::deliver_step;
use eerstelijn::app::faults::{CrashPoint, Faults, NoFaults};
use eerstelijn::app::ports::{
    Admission, ChatIntake, Clock, Delivery, Extent, Ids, Intake, MailReader, MailSender,
    OutgoingMail, Position,
};
use eerstelijn::app::renewal::keep_version;
use eerstelijn::app::settings::{ChatSettings, Settings, Tokens};
use eerstelijn::app::step::Step;
use eerstelijn::app::timers::timer_step;
use eerstelijn::domain::address::{EmailAddress, Mailbox};
use eerstelijn::domain::chat::ids::{EventId, RoomId, UserId};
use eerstelijn::domain::chat::incoming::{ChatEvent, Happening};
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::ids::{ID_BYTES, InstanceId, MailboxName, TicketId};
use eerstelijn::domain::intake::limits::Limits;
use eerstelijn::domain::intake::listing::{BodyKind, DomainStatus};
use eerstelijn::domain::intake::message::IncomingMail;
use eerstelijn::domain::intake::sender::{Constituent, Constituents};
use eerstelijn::domain::oncall::roster::Roster;
use eerstelijn::domain::ticket::decide::Mode;
use eerstelijn::domain::ticket::event::RecordedEvent;
use eerstelijn::domain::ticket::state::Ticket;
use eerstelijn::domain::ticket::summary::TicketSummary;
use eerstelijn::domain::tlp::Protection;
use eerstelijn::domain::triage::language::Language;
use eerstelijn::runtime::knowledge::organisation_words;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::task::Poll;

/// A clock that moves when told to.
pub(crate) struct JumpingClock(Mutex<Timestamp>);

impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Identifiers in a fixed order.
struct CountedIds(AtomicU64);

impl Ids for CountedIds {
    fn random(&self) -> [u8; ID_BYTES] {
        let mut bytes = [0; ID_BYTES];
        bytes[8..].copy_from_slice(&self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
        bytes
    }
}

/// Takes mail like a server would; answers what the story wants.
pub(crate) struct PostOffice {
    accepted: Mutex<Vec<OutgoingMail>>,
    next: Mutex<VecDeque<Delivery>>,
    protection: Mutex<Protection>,
}

#[async_trait]
impl MailSender for PostOffice {
    fn protection(&self) -> Protection {
        *self.protection.lock().unwrap()
    }

    async fn send(&self, mail: &OutgoingMail) -> Delivery {
        let delivery = self
            .next
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or(Delivery::Done);
        // A server that says nothing may have taken the mail all the same.
        let taken = match delivery {
            Delivery::Done => true,
            Delivery::Retry(failure) => failure.as_str() == "timed-out",
            Delivery::GivenUp(_) => false,
        };
        if taken {
            self.accepted.lock().unwrap().push(mail.clone());
        }
        delivery
    }
}

/// Ends the life of the process at a point, as far as one test can.
struct DieAt(CrashPoint, Mutex<bool>);

impl Faults for DieAt {
    fn reach(&self, point: CrashPoint) {
        let mut armed = self.1.lock().unwrap();
        if *armed && point == self.0 {
            *armed = false;
            drop(armed);
            panic!("killed at {point}");
        }
    }
}

/// A mail as its reader sees it.
pub(crate) struct Received {
    /// The recipient.
    pub(crate) to: String,
    /// The bytes.
    pub(crate) raw: Vec<u8>,
    /// The parts.
    pub(crate) mail: IncomingMail,
}

impl Received {
    /// Its Message-ID.
    pub(crate) fn message_id(&self) -> String {
        self.mail.message_id.clone().unwrap().as_str().to_owned()
    }

    /// The whole mail with what differs from run to run masked.
    pub(crate) fn masked(&self) -> String {
        let text = String::from_utf8(self.raw.clone()).unwrap();
        text.replace("\r\n", "\n")
    }
}

/// The knowledge is the same for all; loading it once saves time.
static KNOWLEDGE: LazyLock<Arc<KnowledgeBase>> = LazyLock::new(|| {
    let words = organisation_words("Cyber Response Team", CRT, Some("02 000 00 00"), None);
    Arc::new(KnowledgeBase::embedded(words).unwrap())
});

/// The bot and the people around it.
pub(crate) struct Town {
    /// The application.
    pub(crate) app: App,
    /// The clock.
    pub(crate) clock: Arc<JumpingClock>,
    /// The mail server.
    pub(crate) post: Arc<PostOffice>,
    /// The homeserver.
    pub(crate) chat: Arc<ChatServer>,
    data: TestDatabase,
    delivered: AtomicU64,
    leftovers: Leftovers,
}

/// May work be left over at the end?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leftovers {
    Fail,
    Expected,
}

impl Town {
    /// A town in which the bot answers by itself, at 21:40 in the evening.
    pub(crate) async fn new() -> Self {
        Self::with(|settings| settings.mode = Mode::Answer).await
    }

    /// A town with other settings.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings();
        change(&mut settings);
        let data = TestDatabase::of_this_run().await;
        let clock = Arc::new(JumpingClock(Mutex::new(
            "2026-11-23T20:40:00Z".parse().unwrap(),
        )));
        let post = Arc::new(PostOffice {
            accepted: Mutex::default(),
            next: Mutex::default(),
            protection: Mutex::new(Protection::EnforcedTls),
        });
        let chat = Arc::new(ChatServer::default());
        let app = App {
            store: Arc::new(data.open(instance()).await),
            knowledge: KNOWLEDGE.clone(),
            reader: Arc::new(MailParserReader::default()),
            composer: Arc::new(MimeComposer::default()),
            pgp: Arc::new(RpgpKeys),
            dkim: None,
            sender: post.clone(),
            rooms: Some(chat.clone()),
            clock: clock.clone(),
            ids: Arc::new(CountedIds(AtomicU64::new(1))),
            faults: Arc::new(NoFaults),
            settings: Arc::new(settings),
            wake: Arc::default(),
        };
        let town = Self {
            app,
            clock,
            post,
            chat,
            data,
            delivered: AtomicU64::new(0),
            leftovers: Leftovers::Fail,
        };
        keep_version(&town.app, town.app.knowledge.as_ref())
            .await
            .unwrap();
        town
    }

    /// A mail reaches the mailbox and is read by the source.
    pub(crate) async fn deliver(&self, mail: &Mail) {
        self.deliver_raw(mail.bytes()).await;
    }

    /// Any bytes reach the mailbox.
    pub(crate) async fn deliver_raw(&self, raw: Vec<u8>) {
        let uid = u32::try_from(self.delivered.fetch_add(1, Ordering::SeqCst)).unwrap() + 1;
        let admitted = self.admit(uid, raw, self.now()).await;
        assert_eq!(admitted, Admission::Stored);
    }

    /// A mail reaches the mailbox that is too large: only its beginning is handed over.
    pub(crate) async fn deliver_beginning(&self, raw: Vec<u8>) {
        let uid = u32::try_from(self.delivered.fetch_add(1, Ordering::SeqCst)).unwrap() + 1;
        let position = Position::Imap {
            uid_validity: 1,
            uid,
        };
        let admitted = self
            .app
            .admit(&mailbox(), position, raw, Extent::Beginning, self.now())
            .await;
        assert_eq!(admitted.unwrap(), Admission::Stored);
    }

    /// A source hands a message over.
    pub(crate) async fn admit(&self, uid: u32, raw: Vec<u8>, received_at: Timestamp) -> Admission {
        let position = Position::Imap {
            uid_validity: 1,
            uid,
        };
        self.app
            .admit(&mailbox(), position, raw, Extent::Whole, received_at)
            .await
            .unwrap()
    }

    /// Something lies in the folder for sent mail and is read.
    pub(crate) async fn sent_from_the_mailbox(&self, mail: &Mail) {
        let uid = u32::try_from(self.delivered.fetch_add(1, Ordering::SeqCst)).unwrap() + 1;
        let position = Position::Imap {
            uid_validity: 1,
            uid,
        };
        let (raw, now, folder) = (mail.bytes(), self.now(), sent_folder());
        let admit = self.app.admit(&folder, position, raw, Extent::Whole, now);
        assert_eq!(admit.await.unwrap(), Admission::Stored);
    }

    /// A message that our server received earlier.
    pub(crate) async fn deliver_late(&self, mail: &Mail, waited: SignedDuration) {
        let uid = u32::try_from(self.delivered.fetch_add(1, Ordering::SeqCst)).unwrap() + 1;
        self.admit(uid, mail.bytes(), self.now() - waited).await;
    }

    /// Everybody works until nothing is due now.
    pub(crate) async fn run_until_idle(&self) {
        for _ in 0..1_000 {
            let steps = [
                decide_step(&self.app).await.unwrap(),
                deliver_step(&self.app).await.unwrap(),
                chat_step(&self.app).await.unwrap(),
                timer_step(&self.app).await.unwrap(),
            ];
            if steps.iter().all(|step| *step == Step::Idle) {
                return;
            }
        }
        panic!("the town never comes to rest");
    }

    /// A mail arrives and is dealt with.
    pub(crate) async fn hears(&self, mail: &Mail) {
        self.deliver(mail).await;
        self.run_until_idle().await;
    }

    /// Time passes.
    pub(crate) fn jump(&self, by: SignedDuration) {
        let mut now = self.clock.0.lock().unwrap();
        *now += by;
    }

    /// It is this moment.
    pub(crate) fn jump_to(&self, moment: &str) {
        *self.clock.0.lock().unwrap() = moment.parse().unwrap();
    }

    /// Minutes pass, one by one, and everybody does what is due.
    pub(crate) async fn minutes_pass(&self, minutes: i64) {
        for _ in 0..minutes {
            self.jump(SignedDuration::from_mins(1));
            self.run_until_idle().await;
        }
    }

    /// Who received mail, in order.
    pub(crate) fn recipients(&self) -> Vec<String> {
        self.received().into_iter().map(|mail| mail.to).collect()
    }

    /// The last mail that somebody received.
    pub(crate) fn last_to(&self, address: &str) -> Received {
        let mut received = self.received();
        let place = received.iter().rposition(|mail| mail.to == address);
        received.remove(place.unwrap())
    }

    /// A town whose people on call are in a room too: Els is woken there and by mail. Officials have a lobby.
    pub(crate) async fn with_an_on_call_room() -> Self {
        Self::with_rooms(|_| {}).await
    }

    /// The same town with other settings.
    pub(crate) async fn with_rooms(change: impl FnOnce(&mut Settings)) -> Self {
        Self::with(|settings| {
            settings.roster = roster_in_chat();
            settings.chat = Some(rooms());
            change(settings);
        })
        .await
    }

    /// Something happens in the on-call room and is dealt with.
    pub(crate) async fn room_hears(&self, who: &str, trust: Trust, what: Happening) {
        self.in_room(&ChatServer::oncall(), who, trust, what).await;
    }

    /// Something happens in any room and is dealt with. Returns the event.
    pub(crate) async fn in_room(
        &self,
        room: &RoomId,
        who: &str,
        trust: Trust,
        what: Happening,
    ) -> EventId {
        let event = self.chat.happens(room, who, trust, self.now(), what);
        let id = event.event.clone();
        self.homeserver_tells(event).await;
        id
    }

    /// A source of chat hands over what happened, again or for the first time.
    pub(crate) async fn homeserver_tells(&self, event: ChatEvent) {
        let account = MailboxName::new("matrix:@crt:crt.example");
        self.app.admit_event(&account, event).await.unwrap();
        self.run_until_idle().await;
    }

    /// A town with people on call.
    pub(crate) async fn with_people_on_call() -> Self {
        Self::with(|settings| settings.roster = roster()).await
    }

    /// The same people, all of whom speak one language.
    pub(crate) async fn with_people_speaking(language: Language) -> Self {
        Self::with(|settings| {
            settings.roster = roster();
            for person in &mut settings.roster.people {
                person.languages = vec![language];
            }
        })
        .await
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The server will answer so next time.
    pub(crate) fn server_says(&self, delivery: Delivery) {
        self.post.next.lock().unwrap().push_back(delivery);
    }

    /// The way to our mail server is protected so from now on.
    pub(crate) fn mail_is_protected(&self, by: Protection) {
        *self.post.protection.lock().unwrap() = by;
    }

    /// The mails that people received, in order.
    pub(crate) fn received(&self) -> Vec<Received> {
        let accepted = self.post.accepted.lock().unwrap();
        let reader = MailParserReader::default();
        accepted
            .iter()
            .map(|sent| Received {
                to: sent.to.to_string(),
                raw: sent.bytes.clone(),
                mail: reader.read(&sent.bytes, Extent::Whole),
            })
            .collect()
    }

    /// The one mail that people received.
    pub(crate) fn only_reply(&self) -> Received {
        let mut received = self.received();
        assert_eq!(received.len(), 1, "one reply was expected");
        received.remove(0)
    }

    /// All tickets, the latest first.
    pub(crate) async fn tickets(&self) -> Vec<TicketSummary> {
        self.app.store.list(1_000).await.unwrap()
    }

    /// The one ticket there is.
    pub(crate) async fn only_ticket(&self) -> (Ticket, Vec<RecordedEvent>) {
        let tickets = self.tickets().await;
        assert_eq!(tickets.len(), 1, "one ticket was expected");
        self.ticket(&tickets[0].id).await
    }

    /// A ticket with its events.
    pub(crate) async fn ticket(&self, id: &TicketId) -> (Ticket, Vec<RecordedEvent>) {
        let events = self.app.store.history(id).await.unwrap();
        (Ticket::replay(id, &events).unwrap(), events)
    }

    /// The process dies at this point the next time it comes there.
    pub(crate) fn dies_at(&mut self, point: CrashPoint) {
        self.app.faults = Arc::new(DieAt(point, Mutex::new(true)));
    }

    /// The process starts again on the same data, minutes later.
    pub(crate) async fn restarts(&mut self) {
        self.app.faults = Arc::new(NoFaults);
        self.app.store = Arc::new(self.data.open(instance()).await);
        self.jump(SignedDuration::from_mins(5));
    }

    /// Another process on the same database, with the same clock.
    pub(crate) async fn another_instance(&self) -> App {
        let name = InstanceId::from_stored("other");
        App {
            store: Arc::new(self.data.open(name).await),
            ..self.app.clone()
        }
    }

    /// A disk spoils the database.
    pub(crate) async fn spoils(&self, statement: &str) {
        self.data.tamper(statement).await;
    }

    /// The files in which the database keeps anything.
    pub(crate) async fn files(&self) -> Vec<std::path::PathBuf> {
        self.data.files().await
    }

    /// This story ends with work left over on purpose.
    pub(crate) fn leaves_work(&mut self) {
        self.leftovers = Leftovers::Expected;
    }

    /// Checks that nothing is left over; every story ends with it.
    pub(crate) async fn comes_to_rest(self) {
        self.run_until_idle().await;
        let backlog = self.app.store.backlog().await.unwrap();
        assert_eq!(backlog.undecided, 0, "messages are left over");
        assert_eq!(backlog.unsent, 0, "mails are left over");
        let report = self.app.store.verify().await.unwrap();
        assert_eq!(
            report.findings,
            Vec::<String>::new(),
            "the chains are broken"
        );
        let mut at_rest = self;
        at_rest.leaves_work();
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        let ended = self.leftovers == Leftovers::Expected || std::thread::panicking();
        assert!(ended, "end the story with comes_to_rest() or leaves_work()");
    }
}

/// Runs a step of a story in which the process may die. A panic inside a polled future is its death here.
pub(crate) async fn survives(story: impl Future<Output = ()>) -> bool {
    let mut story = Box::pin(story);
    std::future::poll_fn(move |context| {
        let polled = catch_unwind(AssertUnwindSafe(|| story.as_mut().poll(context)));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(())) => Poll::Ready(true),
            Err(_) => Poll::Ready(false),
        }
    })
    .await
}

/// Where what people send from that mailbox themselves is kept.
fn sent_folder() -> MailboxName {
    MailboxName::new("imap:crt@crt.example/Verzonden")
}

/// The mailbox of the stories.
pub(crate) fn mailbox() -> MailboxName {
    MailboxName::new("imap:crt@crt.example")
}

fn settings() -> Settings {
    let address = EmailAddress::parse(CRT).unwrap();
    Settings {
        team: "Cyber Response Team".to_owned(),
        from: Mailbox {
            name: "Cyber Response Team (automatisch)".to_owned(),
            address: address.clone(),
        },
        bounce_address: EmailAddress::parse("bounces@crt.example"),
        tokens: Tokens::InAddress,
        own_addresses: vec![address],
        trusted_authserv_ids: BTreeMap::from([(mailbox(), vec![OUR_SERVER.to_owned()].into())]),
        sent_folders: BTreeSet::from([sent_folder()]),
        constituents: Constituents(vec![Constituent {
            domain: "hackegem.example".to_owned(),
            name: "Gemeente Hackegem".to_owned(),
            kind: BodyKind::Municipality,
            status: DomainStatus::Active,
            contact: String::new(),
            callback_phone: String::new(),
        }]),
        ticket_prefix: "CRT".to_owned(),
        time_zone: TimeZone::get("Europe/Brussels").unwrap(),
        mode: Mode::Answer,
        limits: Limits::default(),
        pen_wait: SignedDuration::from_mins(15),
        lease: eerstelijn::app::step::LEASE,
        roster: Roster::default(),
        chat: None,
    }
}

fn instance() -> InstanceId {
    InstanceId::from_stored("town")
}

/// The rooms of the stories.
pub(crate) fn rooms() -> ChatSettings {
    ChatSettings {
        oncall_room: ChatServer::oncall(),
        lobby_rooms: vec![ChatServer::lobby()],
        officials: vec![UserId::parse(OFFICIAL).unwrap()],
        trusted_servers: Vec::new(),
    }
}
