-- Messages that go out. One message that came in has at most one automatic reply.

CREATE TABLE outbox (
    ordinal        INTEGER PRIMARY KEY,
    outbox_id      TEXT NOT NULL UNIQUE,
    ticket_id      TEXT REFERENCES tickets (ticket_id),
    cause          TEXT NOT NULL REFERENCES inbox (inbox_id),
    purpose        TEXT NOT NULL CHECK (purpose IN ('reply')),
    sealed_mail    BLOB NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('held', 'draft', 'ready', 'sending', 'done', 'given-up')),
    -- Keyed hashes, for limits and against the same text twice.
    recipient_hash BLOB NOT NULL,
    domain_hash    BLOB NOT NULL,
    text_hash      BLOB NOT NULL,
    created_at     INTEGER NOT NULL,
    due_at         INTEGER NOT NULL,
    attempts       INTEGER NOT NULL DEFAULT 0,
    lease_owner    TEXT,
    lease_until    INTEGER,
    ended_at       INTEGER,
    UNIQUE (cause, purpose),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK ((state = 'sending') = (lease_owner IS NOT NULL))
) STRICT;

CREATE INDEX outbox_due ON outbox (due_at, ordinal) WHERE state IN ('ready', 'sending');
CREATE INDEX outbox_waiting ON outbox (state) WHERE state IN ('held', 'ready', 'sending', 'given-up');
CREATE INDEX outbox_by_ticket ON outbox (ticket_id, ordinal);
CREATE INDEX outbox_to_address ON outbox (recipient_hash, created_at, state);
CREATE INDEX outbox_to_domain ON outbox (domain_hash, created_at, state);
CREATE INDEX outbox_same_text ON outbox (recipient_hash, text_hash, state);
CREATE INDEX outbox_in_all ON outbox (created_at, state);
