-- Who read which ticket: append-only and chained, like the events.

CREATE TABLE ticket_reads (
    seq       BIGINT PRIMARY KEY CHECK (seq > 0),
    ticket_id TEXT NOT NULL,
    at        BIGINT NOT NULL,
    sealed    BYTEA NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash      BYTEA NOT NULL
);

-- The end of the chain, so that a removed tail shows.
CREATE TABLE chain_heads (
    chain     TEXT PRIMARY KEY CHECK (chain IN ('reads')),
    last_seq  BIGINT NOT NULL CHECK (last_seq > 0),
    head_hash BYTEA NOT NULL,
    row_mac   BYTEA NOT NULL
);
