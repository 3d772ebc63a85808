-- Tickets are their events; a row in `tickets` is what lists show of them: closed words only.
-- Times are milliseconds since 1970 in UTC.

CREATE TABLE tickets (
    ticket_id         TEXT PRIMARY KEY,
    prefix            TEXT,
    year              INTEGER,
    serial            INTEGER CHECK (serial > 0),
    possibly          TEXT,
    state             TEXT NOT NULL
                      CHECK (state IN ('held', 'new', 'waiting-for-reporter', 'waiting-for-us', 'taken', 'closed')),
    kind              TEXT CHECK (kind IN ('incident', 'question', 'subscription', 'other', 'alert',
                                           'auto-reply', 'bounce', 'machine-report', 'list')),
    category          TEXT CHECK (category IN ('phishing', 'account-compromise', 'payment-fraud', 'ransomware',
                                               'malware', 'data-breach', 'lost-device', 'ddos', 'defacement',
                                               'intrusion', 'vulnerability', 'supplier-incident', 'outage',
                                               'impersonation', 'extortion', 'insider-misuse', 'other')),
    severity          TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    page              INTEGER NOT NULL CHECK (page IN (0, 1)),
    opened_at         INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    awaiting_approval INTEGER NOT NULL,
    last_seq          INTEGER NOT NULL CHECK (last_seq > 0),
    -- The hash of the last event, and a keyed hash over this whole row: a removed tail shows.
    head_hash         BLOB NOT NULL,
    row_mac           BLOB NOT NULL,
    UNIQUE (prefix, year, serial),
    CHECK ((prefix IS NULL) = (year IS NULL) AND (year IS NULL) = (serial IS NULL))
) STRICT;

CREATE INDEX tickets_by_change ON tickets (updated_at DESC, ticket_id);

-- Append-only. The primary key is the control over concurrent writers.
-- `kind` has no closed list here: the kinds of event grow, and this table is never rebuilt.
CREATE TABLE ticket_events (
    ticket_id  TEXT NOT NULL REFERENCES tickets (ticket_id),
    seq        INTEGER NOT NULL CHECK (seq > 0),
    at         INTEGER NOT NULL,
    actor_role TEXT NOT NULL CHECK (actor_role IN ('reporter', 'bot', 'person')),
    kind       TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    prev_hash  BLOB NOT NULL,
    hash       BLOB NOT NULL,
    PRIMARY KEY (ticket_id, seq)
) STRICT;

-- Ways to find a ticket: keyed hashes of Message-IDs and reply tokens.
CREATE TABLE traces (
    hash      BLOB NOT NULL,
    ticket_id TEXT NOT NULL REFERENCES tickets (ticket_id),
    PRIMARY KEY (hash, ticket_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX traces_by_ticket ON traces (ticket_id);

-- The last number given out in a year. A ticket that is missing below it was removed.
CREATE TABLE ticket_numbers (
    prefix  TEXT NOT NULL,
    year    INTEGER NOT NULL,
    last    INTEGER NOT NULL CHECK (last > 0),
    row_mac BLOB NOT NULL,
    PRIMARY KEY (prefix, year)
) STRICT;
