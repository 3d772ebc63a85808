-- Messages that go out: mails, and acts in chat.

CREATE TABLE outbox (
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
    CHECK (ticket_id IS NOT NULL OR cause IS NOT NULL),
    CHECK ((share IS NULL) = (recipient_hash IS NULL) AND (share IS NULL) = (domain_hash IS NULL)
           AND (share IS NULL) = (text_hash IS NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK ((state = 'sending') = (lease_owner IS NOT NULL))
) STRICT;

-- The words stand apart: the row changes with each try.
CREATE TABLE outbox_body (
    outbox_id TEXT PRIMARY KEY REFERENCES outbox (outbox_id),
    sealed    BLOB NOT NULL
) STRICT;

CREATE INDEX outbox_due ON outbox (route, lane, due_at, ordinal) WHERE state IN ('ready', 'sending');
-- A card that waits to be brought up to date is brought up to date once.
CREATE UNIQUE INDEX outbox_one_edit ON outbox (ticket_id) WHERE lane = 4 AND state = 'ready';
CREATE INDEX outbox_waiting ON outbox (state) WHERE state IN ('held', 'ready', 'sending', 'given-up');
CREATE INDEX outbox_by_ticket ON outbox (ticket_id, ordinal);
CREATE INDEX outbox_by_cause ON outbox (cause) WHERE cause IS NOT NULL;
CREATE INDEX outbox_to_address ON outbox (recipient_hash, created_at, state) WHERE share IS NOT NULL;
CREATE INDEX outbox_to_domain ON outbox (domain_hash, created_at, state) WHERE share IS NOT NULL;
CREATE INDEX outbox_in_all ON outbox (created_at, state) WHERE share IS NOT NULL;
