-- Messages that came in, and how far each mailbox was read.

CREATE TABLE mailboxes (
    mailbox      TEXT PRIMARY KEY,
    uid_validity INTEGER NOT NULL,
    last_uid     INTEGER NOT NULL,
    started_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE inbox (
    ordinal          INTEGER PRIMARY KEY,
    inbox_id         TEXT NOT NULL UNIQUE,
    mailbox          TEXT NOT NULL,
    position_kind    TEXT NOT NULL CHECK (position_kind IN ('imap', 'maildir', 'matrix')),
    position         TEXT NOT NULL,
    extent           TEXT NOT NULL CHECK (extent IN ('whole', 'beginning', 'locked')),
    received_at      INTEGER NOT NULL,
    stored_at        INTEGER NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('undecided', 'decided')),
    -- From when on it is due. Mail, until the first try: when it was received, so that the oldest is first.
    next_at          INTEGER NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    lease_owner      TEXT,
    lease_until      INTEGER,
    outcome          TEXT CHECK (outcome IN ('on-ticket', 'no-ticket', 'duplicate', 'set-aside')),
    kind             TEXT CHECK (kind IN ('incident', 'question', 'subscription', 'other', 'alert',
                                          'auto-reply', 'bounce', 'machine-report', 'list')),
    sealed_decision  BLOB,
    decided_at       INTEGER,
    -- When the original may leave the mailbox.
    leaves           TEXT CHECK (leaves IN ('with-reply', 'at-once', 'never')),
    fingerprint_hash BLOB UNIQUE,
    ticket_id        TEXT REFERENCES tickets (ticket_id),
    moved_at         INTEGER,
    UNIQUE (mailbox, position),
    CHECK ((state = 'decided') = (outcome IS NOT NULL) AND (outcome IS NULL) = (leaves IS NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) STRICT;

-- The bytes stand apart: the row changes a few times, and each change would write them again.
CREATE TABLE inbox_raw (
    inbox_id TEXT PRIMARY KEY REFERENCES inbox (inbox_id),
    sealed   BLOB NOT NULL
) STRICT;

CREATE INDEX inbox_due ON inbox (next_at, ordinal) WHERE state = 'undecided';
CREATE INDEX inbox_settled ON inbox (mailbox, ordinal)
    WHERE state = 'decided' AND extent = 'whole' AND moved_at IS NULL AND leaves <> 'never';
CREATE INDEX inbox_locked ON inbox (mailbox, ordinal) WHERE extent = 'locked';
CREATE INDEX inbox_set_aside ON inbox (ordinal) WHERE outcome = 'set-aside';
CREATE INDEX inbox_by_ticket ON inbox (ticket_id) WHERE ticket_id IS NOT NULL;
