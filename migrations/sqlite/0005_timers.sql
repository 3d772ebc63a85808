-- Timers: due and not done. `kind` has no closed list here: the kinds of timer grow.

CREATE TABLE timers (
    timer_id    TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    ticket_id   TEXT NOT NULL REFERENCES tickets (ticket_id),
    due_at      INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER,
    done_at     INTEGER,
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) STRICT;

CREATE INDEX timers_due ON timers (due_at, timer_id) WHERE done_at IS NULL;
