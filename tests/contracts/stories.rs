//! The list of stories that every database lives through, each on an empty store of its own.

/// Makes a test of every story. `$make` makes an empty database for each; where there can be none it gives
/// nothing, and the test was skipped.
macro_rules! stories {
    ($make:expr) => {
        use crate::contracts::stories::{on_one, on_two, on_two_at_once};
        use crate::contracts::{store, store_care, store_kept, store_outgoing, store_races};

        on_one! {
            $make =>
            store::a_message_is_stored_once_and_progress_never_goes_back,
            store::a_message_that_was_known_still_moves_the_progress,
            store::a_maildir_has_positions_of_its_own,
            store::a_locked_message_is_decided_again_when_its_key_comes,
            store::the_oldest_due_message_comes_first,
            store::a_decision_is_written_whole_and_read_back,
            store::a_ticket_in_the_pen_gets_its_number_later,
            store::tickets_are_found_by_traces_and_number_and_listed_by_change,
            store::numbers_count_by_prefix_and_year_and_are_taken_once,
            store::a_second_delivery_of_a_message_is_a_duplicate,
            store_kept::reads_are_logged_and_an_untouched_store_has_no_findings,
            store_kept::tickets_are_found_by_what_happened_on_them,
            store_kept::a_message_is_found_again_as_it_came,
            store_kept::an_answer_by_hand_is_found_by_what_it_answers,
            store_kept::a_pinned_key_gives_way_to_a_person_only,
            store_kept::knowledge_is_kept_by_version,
            store_kept::who_cannot_be_reached_is_known_by_the_latest_word,
            store_outgoing::mail_leaves_only_when_it_may,
            store_outgoing::a_try_is_recorded_and_repeated_when_it_is_due,
            store_outgoing::what_went_out_for_a_ticket_is_kept_with_its_bytes,
            store_outgoing::one_cause_has_one_reply,
            store_outgoing::order_is_kept_within_a_ticket_and_a_bad_mail_stops_no_other_ticket,
            store_outgoing::a_reply_without_a_ticket_is_sealed_with_its_cause,
            store_outgoing::automatic_mail_is_counted_where_it_went,
            store_outgoing::a_card_that_waits_is_brought_up_to_date_once,
            store_outgoing::an_original_leaves_when_its_answer_has_left,
            store_outgoing::what_waits_is_counted,
            store_outgoing::an_alarm_that_was_raised_lately_calls_nobody,
            store_care::decisions_are_read_again_since_a_moment,
            store_care::every_alarm_calls_for_itself,
        }

        on_two! {
            $make =>
            store::the_slower_of_two_writers_writes_nothing,
            store::whoever_lost_the_lease_of_a_message_decides_nothing,
            store_kept::timers_are_due_until_their_ticket_changes,
            store_outgoing::a_delivery_is_recorded_with_its_event_or_not_at_all,
        }

        on_two_at_once! {
            $make =>
            store_outgoing::nothing_is_claimed_twice,
            store_races::an_alarm_that_many_meet_calls_once,
            store_races::a_ticket_that_is_begun_on_old_news_is_decided_again,
            store_races::a_ticket_that_many_write_to_keeps_every_event,
            store_races::copies_of_one_message_are_decided_once,
            store_races::numbers_have_no_gap_and_no_twin,
            store_races::reads_and_knowledge_that_come_together_stand_in_one_chain,
            store_races::what_another_wrote_to_somebody_counts,
            store_races::who_was_stopped_knows_that_another_sends,
            store_races::work_changes_hands_and_its_former_holder_writes_nothing,
        }
    };
}

macro_rules! on_one {
    ($make:expr => $($module:ident::$story:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $story() {
            let Some(database) = $make.await else { return };
            $module::$story(&database.open(instance(1)).await).await;
        })+
    };
}

macro_rules! on_two {
    ($make:expr => $($module:ident::$story:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $story() {
            let Some(database) = $make.await else { return };
            let (one, other) = (database.open(instance(1)).await, database.open(instance(2)).await);
            $module::$story(&one, &other).await;
        })+
    };
}

macro_rules! on_two_at_once {
    ($make:expr => $($module:ident::$story:ident),+ $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $story() {
            let Some(database) = $make.await else {
                return;
            };
            let (one, other) = (database.open(instance(1)).await, database.open(instance(2)).await);
            $module::$story([std::sync::Arc::new(one), std::sync::Arc::new(other)]).await;
        })+
    };
}

pub(crate) use {on_one, on_two, on_two_at_once, stories};
