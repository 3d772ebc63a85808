-- Tickets are their events; a row in `tickets` is what lists show of them: closed words only.
-- Times are milliseconds since 1970 in UTC.

CREATE TABLE tickets (
    ticket_id         TEXT PRIMARY KEY,
    prefix            TEXT,
    year              BIGINT,
    serial            BIGINT CHECK (serial > 0),
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
    page              BIGINT NOT NULL CHECK (page IN (0, 1)),
    opened_at         BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    awaiting_approval BIGINT NOT NULL,
    last_seq          BIGINT NOT NULL CHECK (last_seq > 0),
    -- The hash of the last event, and a keyed hash over this whole row: a removed tail shows.
    head_hash         BYTEA NOT NULL,
    row_mac           BYTEA NOT NULL,
    UNIQUE (prefix, year, serial),
    CHECK ((prefix IS NULL) = (year IS NULL) AND (year IS NULL) = (serial IS NULL))
);

CREATE INDEX tickets_by_change ON tickets (updated_at DESC, ticket_id);

-- Append-only. The primary key is the control over concurrent writers.
-- `kind` has no closed list here: the kinds of event grow, and this table is never rebuilt.
CREATE TABLE ticket_events (
    ticket_id  TEXT NOT NULL REFERENCES tickets (ticket_id),
    seq        BIGINT NOT NULL CHECK (seq > 0),
    at         BIGINT NOT NULL,
    actor_role TEXT NOT NULL CHECK (actor_role IN ('reporter', 'bot', 'person')),
    kind       TEXT NOT NULL,
    sealed     BYTEA NOT NULL,
    prev_hash  BYTEA NOT NULL,
    hash       BYTEA NOT NULL,
    PRIMARY KEY (ticket_id, seq)
);

-- Ways to find a ticket: keyed hashes of Message-IDs and reply tokens.
CREATE TABLE traces (
    hash      BYTEA NOT NULL,
    ticket_id TEXT NOT NULL REFERENCES tickets (ticket_id),
    PRIMARY KEY (hash, ticket_id)
);

CREATE INDEX traces_by_ticket ON traces (ticket_id);

-- The last number given out in a year. A ticket that is missing below it was removed.
CREATE TABLE ticket_numbers (
    prefix  TEXT NOT NULL,
    year    BIGINT NOT NULL,
    last    BIGINT NOT NULL CHECK (last > 0),
    row_mac BYTEA NOT NULL,
    PRIMARY KEY (prefix, year)
);
