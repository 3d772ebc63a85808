//! Events as servers and clients write them, and what they are to us.

use crate::adapters::matrix::inbound::*;
use serde_json::json;

fn read(event: &Value) -> Inbound {
    let mut event = event.clone();
    for (key, value) in [
        ("event_id", json!("$e")),
        ("sender", json!("@an:town.example")),
        ("origin_server_ts", json!(1_700_000_000_000_i64)),
    ] {
        let object = event.as_object_mut().unwrap();
        object.entry(key).or_insert(value);
    }
    let room = RoomId::parse("!room").unwrap();
    let us = UserId::parse("@crt:crt.example").unwrap();
    translate_json(&room, &us, &event, Trust::SignedDevice, false)
}

fn what(event: &Value) -> Option<Happening> {
    match read(event) {
        Inbound::Happened(event) => Some(event.what),
        Inbound::WeJoined | Inbound::Nothing => None,
    }
}

fn said(content: &Value) -> Said {
    match what(&json!({"type": "m.room.message", "content": content})) {
        Some(Happening::Said(said)) => said,
        other => panic!("{other:?}"),
    }
}

fn id(text: &str) -> Option<EventId> {
    EventId::parse(text)
}

#[test]
fn a_message_is_its_plain_text() {
    let said = said(&json!({
        "msgtype": "m.text", "body": "hallo", "format": "org.matrix.custom.html",
        "formatted_body": "<b>iets anders</b>",
        "m.mentions": {"user_ids": ["@crt:crt.example", 7, "nobody"], "room": true},
    }));
    assert_eq!(said.text, "hallo");
    assert_eq!(
        (said.thread, said.answers, said.replaces),
        (None, None, None)
    );
    assert_eq!(said.mentions, [UserId::parse("@crt:crt.example").unwrap()]);
}

#[test]
fn a_thread_with_its_fallback_answers_nobody_but_a_reply_in_it_does() {
    let in_thread = |falls_back: Value| {
        said(&json!({
            "msgtype": "m.text", "body": "x",
            "m.relates_to": {"rel_type": "m.thread", "event_id": "$root", "is_falling_back": falls_back,
                "m.in_reply_to": {"event_id": "$last"}},
        }))
    };
    assert_eq!(in_thread(json!(true)).thread, id("$root"));
    assert_eq!(in_thread(json!(true)).answers, None);
    assert_eq!(in_thread(json!(false)).answers, id("$last"));
    // The specification: absent means false.
    assert_eq!(in_thread(Value::Null).answers, id("$last"));
}

#[test]
fn the_quote_before_a_reply_is_cut_and_other_quotes_are_kept() {
    let reply = |body: &str| {
        said(&json!({
            "msgtype": "m.text", "body": body,
            "m.relates_to": {"m.in_reply_to": {"event_id": "$q"}},
        }))
    };
    let quoted = reply("> <@bot:crt.example> eerste\n> tweede\n\n!reply ja");
    assert_eq!(quoted.text, "!reply ja");
    assert_eq!(quoted.answers, id("$q"));
    assert_eq!(
        reply("> zelf geciteerd\n\nja").text,
        "> zelf geciteerd\n\nja"
    );
    assert_eq!(reply("> <@a:b> zonder einde").text, "> <@a:b> zonder einde");
    let alone = said(&json!({"msgtype": "m.text", "body": "> <@a:b> x\n\ny"}));
    assert_eq!(alone.text, "> <@a:b> x\n\ny", "no reply, so no fallback");
}

#[test]
fn an_edit_is_the_new_text_in_place_of_the_old() {
    let said = said(&json!({
        "msgtype": "m.text", "body": "* nieuw",
        "m.new_content": {"msgtype": "m.text", "body": "nieuw", "m.mentions": {"user_ids": ["@a:b"]}},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$old"},
    }));
    assert_eq!((said.text.as_str(), said.replaces), ("nieuw", id("$old")));
    assert_eq!(said.mentions.len(), 1);
}

#[test]
fn reactions_redactions_and_files() {
    assert_eq!(
        what(&json!({"type": "m.reaction", "content": {"m.relates_to":
            {"rel_type": "m.annotation", "event_id": "$t", "key": "✅"}}})),
        Some(Happening::Reacted {
            target: id("$t").unwrap(),
            sign: "✅".to_owned()
        })
    );
    let redacted = Some(Happening::Redacted {
        target: id("$t").unwrap(),
    });
    assert_eq!(
        what(&json!({"type": "m.room.redaction", "content": {"redacts": "$t"}})),
        redacted
    );
    assert_eq!(
        what(&json!({"type": "m.room.redaction", "redacts": "$t", "content": {}})),
        redacted
    );
    assert_eq!(
        what(
            &json!({"type": "m.room.message", "content": {"msgtype": "m.image", "body": "wat een bijschrift",
            "filename": "schermafdruk.png", "info": {"mimetype": "image/png", "size": 5}}})
        ),
        Some(Happening::Shared {
            name: "schermafdruk.png".to_owned(),
            mime: "image/png".to_owned(),
            size: 5,
            caption: Some("wat een bijschrift".to_owned()),
            thread: None
        })
    );
}

#[test]
fn coming_and_going_but_no_new_display_names() {
    let member = |who: &str, now: &str, before: Option<&str>| {
        let unsigned = before.map(|before| json!({"prev_content": {"membership": before}}));
        read(
            &json!({"type": "m.room.member", "state_key": who, "content": {"membership": now},
            "unsigned": unsigned}),
        )
    };
    let happened = |inbound| match inbound {
        Inbound::Happened(event) => Some((event.sender.to_string(), event.what)),
        _ => None,
    };
    let bert = || "@bert:town.example".to_owned();
    assert_eq!(
        happened(member(&bert(), "join", Some("invite"))),
        Some((bert(), Happening::Joined))
    );
    assert_eq!(
        happened(member(&bert(), "leave", Some("join"))),
        Some((bert(), Happening::Left)),
        "who was put out, not who did it"
    );
    assert_eq!(member(&bert(), "join", Some("join")), Inbound::Nothing);
    assert_eq!(
        happened(member(&bert(), "leave", Some("invite"))),
        Some((bert(), Happening::Declined))
    );
    assert_eq!(member(&bert(), "invite", None), Inbound::Nothing);
    assert_eq!(
        member("@crt:crt.example", "join", Some("invite")),
        Inbound::WeJoined
    );
}

#[test]
fn our_own_words_and_what_we_don_t_know_are_nothing() {
    let message = json!({"msgtype": "m.text", "body": "x"});
    for event in [
        json!({"type": "m.room.message", "sender": "@crt:crt.example", "content": message}),
        json!({"type": "m.room.message", "content": {}}),
        json!({"type": "m.room.message", "content": {"msgtype": "m.text", "body": 7}}),
        json!({"type": "m.room.message", "content": {"msgtype": "m.location", "body": "x"}}),
        json!({"type": "m.room.message", "origin_server_ts": "soon", "content": message}),
        json!({"type": "m.reaction", "content": {"m.relates_to": {"rel_type": "m.annotation"}}}),
        json!({"type": "m.room.topic", "state_key": "", "content": {"topic": "x"}}),
        json!({"type": "m.room.encrypted", "content": {}}),
        json!({"type": 5}),
    ] {
        assert_eq!(read(&event), Inbound::Nothing, "{event}");
    }
}

#[test]
fn a_long_text_is_cut_at_a_whole_character() {
    let said = said(&json!({"msgtype": "m.text", "body": "é".repeat(40_000)}));
    assert_eq!(said.text.len(), 64 * 1024);
    let said = crate::adapters::matrix::inbound::cut("aé", 2);
    assert_eq!(said, "a");
}

#[test]
fn what_can_t_be_opened_is_known_to_be_so() {
    let room = RoomId::parse("!room").unwrap();
    let us = UserId::parse("@crt:crt.example").unwrap();
    let event = json!({"type": "m.room.encrypted", "event_id": "$e", "sender": "@an:town.example",
        "origin_server_ts": 1, "content": {"ciphertext": "..."}});
    match translate_json(&room, &us, &event, Trust::ServerOnly, true) {
        Inbound::Happened(event) => assert_eq!(event.what, Happening::Undecryptable),
        other => panic!("{other:?}"),
    }
}
