//! From an event of the library to what happened, in our words.
//!
//! Read from the event's JSON: a field more or a wrong type beside what we need must not lose a message.
//! The sender wrote all of it, so everything has a bound. HTML is never looked at.

use crate::adapters::matrix::trust::trust_of;
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::chat::incoming::{ChatEvent, Happening, Said};
use crate::domain::chat::trust::Trust;
use jiff::Timestamp;
use matrix_sdk::deserialized_responses::TimelineEvent;
use serde_json::Value;

/// Longest text that is taken, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;
/// Longest name of a file or type of media.
const LONGEST_NAME: usize = 255;
/// Longest sign of a reaction: an emoji of several parts fits.
const LONGEST_SIGN: usize = 64;
/// Most people that one message can mention.
const MOST_MENTIONS: usize = 50;

/// What an event is to us.
#[derive(Debug, PartialEq)]
pub(super) enum Inbound {
    /// Something that happened.
    Happened(Box<ChatEvent>),
    /// We came into the room: what is older is none of our business.
    WeJoined,
    /// Nothing that we look at.
    Nothing,
}

/// Translates an event of a room; `us` is our own account.
pub(super) fn translate(room: &RoomId, us: &UserId, event: &TimelineEvent) -> Inbound {
    let Ok(json) = serde_json::from_str::<Value>(event.raw().json().get()) else {
        return Inbound::Nothing;
    };
    let locked = event.kind.is_utd();
    let trust = trust_of(event.encryption_info().map(AsRef::as_ref));
    translate_json(room, us, &json, trust, locked)
}

fn translate_json(room: &RoomId, us: &UserId, json: &Value, trust: Trust, locked: bool) -> Inbound {
    let content = json.get("content").unwrap_or(&Value::Null);
    let kind = text_at(json, "type").unwrap_or_default();
    let (Some(event), Some(sender), Some(at)) = (
        text_at(json, "event_id").and_then(EventId::parse),
        text_at(json, "sender").and_then(UserId::parse),
        time_of(json),
    ) else {
        return Inbound::Nothing;
    };
    let (sender, what) = if kind == "m.room.member" {
        let Some(member) = text_at(json, "state_key").and_then(UserId::parse) else {
            return Inbound::Nothing;
        };
        let Some(what) = membership(json, content) else {
            return Inbound::Nothing;
        };
        if &member == us {
            return match what {
                Happening::Joined => Inbound::WeJoined,
                _ => Inbound::Nothing,
            };
        }
        // Who was put out left; who did that to him is another matter.
        (member, Some(what))
    } else if &sender == us {
        return Inbound::Nothing;
    } else if locked {
        (sender, Some(Happening::Undecryptable))
    } else {
        let what = happening(kind, json, content);
        (sender, what)
    };
    let Some(what) = what else {
        return Inbound::Nothing;
    };
    Inbound::Happened(Box::new(ChatEvent {
        room: room.clone(),
        event,
        sender,
        trust,
        at,
        what,
    }))
}

fn happening(kind: &str, json: &Value, content: &Value) -> Option<Happening> {
    match kind {
        "m.room.message" => message(content),
        "m.reaction" => Some(Happening::Reacted {
            target: relation(content, "m.annotation")?,
            sign: cut(
                content.pointer("/m.relates_to/key")?.as_str()?,
                LONGEST_SIGN,
            ),
        }),
        // Where it stands changed with room version 11.
        "m.room.redaction" => text_at(content, "redacts")
            .or_else(|| text_at(json, "redacts"))
            .and_then(EventId::parse)
            .map(|target| Happening::Redacted { target }),
        _ => None,
    }
}

/// A change of display name is a membership event too, and none of our business.
fn membership(json: &Value, content: &Value) -> Option<Happening> {
    let before = json
        .pointer("/unsigned/prev_content/membership")
        .and_then(Value::as_str);
    match text_at(content, "membership")? {
        "join" if before != Some("join") => Some(Happening::Joined),
        "leave" | "ban" if matches!(before, Some("join") | None) => Some(Happening::Left),
        // An invitation that was turned down is no leaving: he may still be waited for.
        "leave" | "ban" if before == Some("invite") => Some(Happening::Declined),
        _ => None,
    }
}

fn message(content: &Value) -> Option<Happening> {
    let replaces = relation(content, "m.replace");
    let new = replaces.as_ref().and_then(|_| content.get("m.new_content"));
    let words = new.unwrap_or(content);
    let thread = relation(content, "m.thread");
    match text_at(words, "msgtype")? {
        "m.text" | "m.notice" | "m.emote" => {}
        "m.file" | "m.image" | "m.audio" | "m.video" if replaces.is_none() => {
            return Some(Happening::Shared {
                name: cut(file_name(content), LONGEST_NAME),
                mime: cut(
                    content
                        .pointer("/info/mimetype")
                        .and_then(Value::as_str)
                        .unwrap_or("application/octet-stream"),
                    LONGEST_NAME,
                ),
                size: content
                    .pointer("/info/size")
                    .and_then(Value::as_u64)
                    .unwrap_or_default(),
                caption: caption(content).map(|words| cut(words, LONGEST_TEXT)),
                thread,
            });
        }
        _ => return None,
    }
    let answered = answered(content);
    let body = text_at(words, "body")?;
    let own = if answered.is_some() {
        without_fallback(body)
    } else {
        body
    };
    Some(Happening::Said(Said {
        text: cut(own, LONGEST_TEXT),
        answers: answered.filter(|_| !(thread.is_some() && falls_back(content))),
        thread,
        replaces,
        mentions: mentions(words),
    }))
}

/// `filename` came later than `body`, which is a caption where both stand.
fn file_name(content: &Value) -> &str {
    text_at(content, "filename")
        .or_else(|| text_at(content, "body"))
        .unwrap_or_default()
}

/// Where both `filename` and `body` stand, `body` is what the person wrote with the file.
fn caption(content: &Value) -> Option<&str> {
    let (name, body) = (text_at(content, "filename")?, text_at(content, "body")?);
    (name != body && !body.trim().is_empty()).then_some(body)
}

/// The event to which this one stands in such a relation.
fn relation(content: &Value, kind: &str) -> Option<EventId> {
    let relation = content.get("m.relates_to")?;
    if text_at(relation, "rel_type")? != kind {
        return None;
    }
    EventId::parse(text_at(relation, "event_id")?)
}

fn answered(content: &Value) -> Option<EventId> {
    content
        .pointer("/m.relates_to/m.in_reply_to/event_id")
        .and_then(Value::as_str)
        .and_then(EventId::parse)
}

/// Is the reply only there for clients without threads?
fn falls_back(content: &Value) -> bool {
    content
        .pointer("/m.relates_to/is_falling_back")
        .and_then(Value::as_bool)
        .unwrap_or_default()
}

/// Cuts the quote that older clients put before a reply (client-server API 1.12, "fallbacks for rich replies").
fn without_fallback(body: &str) -> &str {
    if !body.starts_with("> <") && !body.starts_with("> * <") {
        return body;
    }
    let mut rest = body;
    while rest.starts_with("> ") || rest.starts_with(">\n") {
        let Some((_, after)) = rest.split_once('\n') else {
            return body;
        };
        rest = after;
    }
    rest.strip_prefix('\n').unwrap_or(rest)
}

fn mentions(content: &Value) -> Vec<UserId> {
    let named = content.pointer("/m.mentions/user_ids");
    let named = named.and_then(Value::as_array).into_iter().flatten();
    named
        .filter_map(|id| UserId::parse(id.as_str()?))
        .take(MOST_MENTIONS)
        .collect()
}

fn time_of(json: &Value) -> Option<Timestamp> {
    let millis = json.get("origin_server_ts")?.as_i64()?;
    Timestamp::from_millisecond(millis).ok()
}

fn text_at<'a>(json: &'a Value, key: &str) -> Option<&'a str> {
    json.get(key)?.as_str()
}

/// At most so many bytes, and whole characters.
fn cut(text: &str, longest: usize) -> String {
    let end = text.floor_char_boundary(longest);
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
#[path = "inbound_tests.rs"]
mod tests;
