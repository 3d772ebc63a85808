-- What tickets wait for: due and not done. A ticket's timers are written anew whenever it changes.
-- `kind` has no closed list here: the kinds of timer grow.

CREATE TABLE timers (
    ticket_id   TEXT NOT NULL REFERENCES tickets (ticket_id),
    kind        TEXT NOT NULL,
    due_at      BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    PRIMARY KEY (ticket_id, kind),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);

CREATE INDEX timers_due ON timers (due_at, ticket_id, kind);
