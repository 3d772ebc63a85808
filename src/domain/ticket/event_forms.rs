//! The form in which each event is stored. Once a version is out, a line here is never changed, only added:
//! whoever opens an old ticket reads these.

use crate::domain::ticket::event::TicketEvent;
use std::collections::BTreeSet;

const ID: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

/// One line for each kind; `ID` stands for an identifier, `AT` for a time.
const FORMS: &[&str] = &[
    r#"{"event":"opened","number":"CRT-2026-0042","constituent":"Gemeente Hackegem"}"#,
    r#"{"event":"held","possibly":"CRT-2026-0042","until":"AT","constituent":null}"#,
    r#"{"event":"released","number":"CRT-2026-0042"}"#,
    r#"{"event":"message-received","inbox":"ID","channel":"mail","from":{"name":"An","address":"an@hackegem.example"},"claimed":[],"chat":null,"reply_to":[],"subject":"hulp","text":"woorden","message_id":"m@hackegem.example","in_reply_to":[],"references":[],"standing":"proven","attachments":[{"name":"a.pdf","mime":"application/pdf","size":3,"sha256":"00","content":"application/pdf","lock":"none"}],"forwarded":[{"from":"x","subject":"y","via":"inline"}],"defects":[],"received_at":"AT"}"#,
    r#"{"event":"machine-heard","inbox":"ID","kind":"bounce","because":["null-sender"],"bounced":"ID"}"#,
    r#"{"event":"needs-human","inbox":"ID","because":"set-aside"}"#,
    r#"{"event":"reply-withheld","inbox":"ID","reason":"human-speaks"}"#,
    r#"{"event":"reply-approved","outbox":"ID","by":"els"}"#,
    r#"{"event":"reply-sent","outbox":"ID"}"#,
    r#"{"event":"reply-delayed","outbox":"ID","reason":"unreachable"}"#,
    r#"{"event":"reply-failed","outbox":"ID","reason":"refused"}"#,
    r#"{"event":"reply-withdrawn","outbox":"ID","reason":"too-old"}"#,
    r#"{"event":"page-raised","climb":1,"severity":"critical","because":"report"}"#,
    r#"{"event":"paged","climb":1,"rung":0,"people":["els"],"mails":["ID@crt.example"]}"#,
    r#"{"event":"ack-held","climb":1,"by":"els","until":"AT"}"#,
    r#"{"event":"acknowledged","climb":1,"by":"els","way":"mail"}"#,
    r#"{"event":"nobody-reached","climb":1,"mails":[]}"#,
    r#"{"event":"page-answered","inbox":"ID","by":"els","text":"woorden"}"#,
    r#"{"event":"taken","by":"els"}"#,
    r#"{"event":"team-spoke","by":"els"}"#,
    r#"{"event":"human-wrote","outbox":"ID","by":"els","to":{"mail":"an@hackegem.example"},"message_id":"ID@crt.example","text":"woorden","origin":"$event"}"#,
    r#"{"event":"answered-from-mailbox","inbox":"ID","message_id":"ID@crt.example","text":"woorden"}"#,
    r#"{"event":"severity-set","by":"els","severity":"high"}"#,
    r#"{"event":"closed","by":"els","reason":"resolved","remark":null}"#,
    r#"{"event":"category-set","by":"els","category":"malware"}"#,
    r#"{"event":"kind-set","by":"els","kind":"question"}"#,
    r#"{"event":"key-accepted","by":"els","certificate":{"fingerprint":"AB","addresses":["an@hackegem.example"],"bytes":"AP8="}}"#,
    r#"{"event":"card-posted","root":"$event"}"#,
    r#"{"event":"page-posted","posted":"$event"}"#,
    r#"{"event":"chat-failed","outbox":"ID","reason":"forbidden"}"#,
    r#"{"event":"reopened"}"#,
    r#"{"event":"follows","earlier":"CRT-2026-0007","tlp":"TLP:RED"}"#,
    r#"{"event":"merged-into","by":"els","number":"CRT-2026-0007"}"#,
    r#"{"event":"draft-written","origin":"$event","by":"els","answers":"ID","text":"woorden"}"#,
    r#"{"event":"draft-dropped","origin":"$event"}"#,
    r#"{"event":"commands-ran","origin":"$event","by":"els","commands":["!ack"]}"#,
    r#"{"event":"noted","by":"els","text":"woorden"}"#,
    r#"{"event":"call-noted","inbox":"ID","by":"els","town":"Hackegem","callback":"0470","notes":"woorden"}"#,
    r#"{"event":"room-ordered","outbox":"ID"}"#,
    r#"{"event":"room-made","room":"!room","invited":["els"]}"#,
    r#"{"event":"worker-joined","by":"els"}"#,
    r#"{"event":"worker-left","by":"els"}"#,
    r#"{"event":"relayed","inbox":"ID","posted":"$event"}"#,
    r#"{"event":"draft-shown","outbox":"ID","posted":"$event"}"#,
    r#"{"event":"direct-chat-offered","user":"@an:hackegem.example","asked":{"room":"!lobby","event":"$event"},"until":"AT"}"#,
    r#"{"event":"direct-chat-opened","user":"@an:hackegem.example","room":"!room"}"#,
    r#"{"event":"direct-chat-accepted","user":"@an:hackegem.example"}"#,
    r#"{"event":"direct-chat-missed","user":"@an:hackegem.example"}"#,
    r#"{"event":"read-asked","by":"els","outbox":"ID"}"#,
    r#"{"event":"readers-chat-opened","by":"els","room":"!room"}"#,
    r#"{"event":"reader-came","by":"els","room":"!room"}"#,
    r#"{"event":"reader-left","by":"els","room":"!room"}"#,
    r#"{"event":"readers-chat-given-up","by":"els","room":"!room"}"#,
    r#"{"event":"tlp-set","by":"els","label":"TLP:AMBER+STRICT"}"#,
    r#"{"event":"direct-chat-left","user":"@an:hackegem.example"}"#,
];

/// Those whose form holds a whole assessment or plan are kept by the store's own stories.
const LONG: &[&str] = &["assessed", "reply-written"];

#[test]
fn every_event_is_stored_in_its_form_and_read_back() {
    let mut kinds = BTreeSet::new();
    for form in FORMS {
        let form = form.replace("ID", ID).replace("AT", "2026-11-23T20:40:00Z");
        let event: TicketEvent = serde_json::from_str(&form).unwrap();
        assert_eq!(serde_json::to_string(&event).unwrap(), form);
        assert!(kinds.insert(event.kind()), "{form} stands here twice");
    }
    let all = include_str!("event_kind.rs").matches("=> \"").count();
    assert_eq!(
        kinds.len() + LONG.len(),
        all,
        "a new kind of event has its form here too"
    );
}

#[test]
fn an_event_without_a_field_that_was_added_later_is_read() {
    for form in [
        r#"{"event":"machine-heard","inbox":"a","kind":"list","because":[]}"#,
        r#"{"event":"reader-came","by":"els"}"#,
        r#"{"event":"follows","earlier":"CRT-2026-0007"}"#,
        r#"{"event":"message-received","inbox":"a","channel":"mail","from":null,"reply_to":[],"subject":"","text":"","message_id":null,"in_reply_to":[],"references":[],"standing":"unclear","attachments":[],"forwarded":[],"defects":[],"received_at":"2026-11-23T20:40:00Z"}"#,
    ] {
        serde_json::from_str::<TicketEvent>(form).unwrap();
    }
}
