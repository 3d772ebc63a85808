//! The promises of the product, one file each: the folder is the list of guarantees.

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

mod knowledge_is_cared_for;
mod promise_1_nothing_is_lost;
mod promise_2_nobody_is_answered_twice;
mod promise_3_first_help_in_seconds;
mod promise_3_in_chat;
mod promise_3_in_dialogue;
mod promise_3_in_the_lobby;
mod promise_3_whole_mails;
mod promise_4_in_the_on_call_room;
mod promise_4_past_the_limit;
mod promise_4_someone_is_awake;
mod promise_5_a_stranger_learns_nothing;
mod promise_5_holding_pen;
mod promise_5_holding_pen_again;
mod promise_5_in_chat;
mod promise_5_labels;
mod promise_6_from_the_mailbox;
mod promise_6_in_the_ticket_room;
mod promise_6_letters;
mod promise_6_when_a_human_speaks;
mod promise_7_never_safe;
mod promise_8_explained_and_replayed;
mod what_experts_correct_is_learned;
