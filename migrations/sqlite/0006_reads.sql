-- Who read which ticket: append-only and chained, like the events.

CREATE TABLE ticket_reads (
    seq       INTEGER PRIMARY KEY CHECK (seq > 0),
    ticket_id TEXT NOT NULL,
    at        INTEGER NOT NULL,
    sealed    BLOB NOT NULL,
    prev_hash BLOB NOT NULL,
    hash      BLOB NOT NULL
) STRICT;

-- The end of the chain, so that a removed tail shows.
CREATE TABLE chain_heads (
    chain     TEXT PRIMARY KEY CHECK (chain IN ('reads')),
    last_seq  INTEGER NOT NULL CHECK (last_seq > 0),
    head_hash BLOB NOT NULL,
    row_mac   BLOB NOT NULL
) STRICT;
