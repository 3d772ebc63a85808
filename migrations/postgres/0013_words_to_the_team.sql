-- What the bot says to the team on its own account: because of broken knowledge, or of memos that are due. It answers no
-- message and is on no ticket.

ALTER TABLE alarms DROP CONSTRAINT alarms_alarm_check;
ALTER TABLE alarms ADD CONSTRAINT alarms_alarm_check
    CHECK (alarm IN ('mail-limit', 'unproven-limit', 'knowledge-broken', 'memos-due'));

ALTER TABLE outbox DROP CONSTRAINT outbox_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_check
    CHECK (ticket_id IS NOT NULL OR cause IS NOT NULL OR voice = 'inside');

-- A program that doesn't know these words can't work on rows that hold them.
UPDATE schema_terms SET oldest = 13;
