-- What the bot says to the team on its own account: because of broken knowledge, or of memos that are due. It answers no
-- message and is on no ticket.

CREATE TABLE alarms_of_all_kinds (
    alarm     TEXT PRIMARY KEY CHECK (alarm IN ('mail-limit', 'unproven-limit', 'knowledge-broken', 'memos-due')),
    raised_at INTEGER NOT NULL
) STRICT;
INSERT INTO alarms_of_all_kinds (alarm, raised_at) SELECT alarm, raised_at FROM alarms;
DROP TABLE alarms;
ALTER TABLE alarms_of_all_kinds RENAME TO alarms;

-- A rule of a table can't be changed here: the tables are made anew, the one that points goes first.
CREATE TABLE outbox_with_words_to_the_team (
    ordinal        INTEGER PRIMARY KEY,
    outbox_id      TEXT NOT NULL UNIQUE,
    ticket_id      TEXT REFERENCES tickets (ticket_id),
    cause          TEXT REFERENCES inbox (inbox_id),
    route          TEXT NOT NULL CHECK (route IN ('mail', 'chat')),
    -- Lower goes first; within a lane a ticket keeps its order.
    lane           INTEGER NOT NULL,
    voice          TEXT NOT NULL CHECK (voice IN ('bot', 'notice', 'human', 'page', 'inside')),
    state          TEXT NOT NULL CHECK (state IN ('held', 'draft', 'ready', 'sending', 'done', 'given-up', 'withdrawn')),
    -- Automatic mail only: keyed hashes, for limits and against the same text twice.
    share          TEXT CHECK (share IN ('proven', 'urgent', 'unproven', 'dialogue')),
    recipient_hash BLOB,
    domain_hash    BLOB,
    text_hash      BLOB,
    -- The message that this automatic mail answers: it has at most one.
    answers        TEXT UNIQUE,
    created_at     INTEGER NOT NULL,
    due_at         INTEGER NOT NULL,
    attempts       INTEGER NOT NULL DEFAULT 0,
    lease_owner    TEXT,
    lease_until    INTEGER,
    ended_at       INTEGER,
    CHECK (ticket_id IS NOT NULL OR cause IS NOT NULL OR voice = 'inside'),
    CHECK ((share IS NULL) = (recipient_hash IS NULL) AND (share IS NULL) = (domain_hash IS NULL)
           AND (share IS NULL) = (text_hash IS NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK ((state = 'sending') = (lease_owner IS NOT NULL))
) STRICT;
INSERT INTO outbox_with_words_to_the_team (
    ordinal, outbox_id, ticket_id, cause, route, lane, voice, state, share,
    recipient_hash, domain_hash, text_hash, answers, created_at, due_at, attempts, lease_owner, lease_until, ended_at)
SELECT ordinal, outbox_id, ticket_id, cause, route, lane, voice, state, share,
    recipient_hash, domain_hash, text_hash, answers, created_at, due_at, attempts, lease_owner, lease_until, ended_at
FROM outbox;

CREATE TABLE outbox_body_kept (
    outbox_id TEXT PRIMARY KEY REFERENCES outbox_with_words_to_the_team (outbox_id),
    sealed    BLOB NOT NULL
) STRICT;
INSERT INTO outbox_body_kept (outbox_id, sealed) SELECT outbox_id, sealed FROM outbox_body;

DROP TABLE outbox_body;
DROP TABLE outbox;
ALTER TABLE outbox_with_words_to_the_team RENAME TO outbox;
ALTER TABLE outbox_body_kept RENAME TO outbox_body;

CREATE INDEX outbox_due ON outbox (route, lane, due_at, ordinal) WHERE state IN ('ready', 'sending');
-- A card that waits to be brought up to date is brought up to date once.
CREATE UNIQUE INDEX outbox_one_edit ON outbox (ticket_id) WHERE lane = 4 AND state = 'ready';
CREATE INDEX outbox_waiting ON outbox (state) WHERE state IN ('held', 'ready', 'sending', 'given-up');
CREATE INDEX outbox_by_ticket ON outbox (ticket_id, ordinal);
CREATE INDEX outbox_by_cause ON outbox (cause) WHERE cause IS NOT NULL;
CREATE INDEX outbox_to_address ON outbox (recipient_hash, created_at, state) WHERE share IS NOT NULL;
CREATE INDEX outbox_to_domain ON outbox (domain_hash, created_at, state) WHERE share IS NOT NULL;
CREATE INDEX outbox_in_all ON outbox (created_at, state) WHERE share IS NOT NULL;

-- A program that doesn't know these words can't work on rows that hold them.
UPDATE schema_terms SET oldest = 13;
