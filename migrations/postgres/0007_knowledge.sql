-- The knowledge as it was when it decided something, for replay.

CREATE TABLE kept_knowledge (
    version TEXT PRIMARY KEY,
    sealed  BYTEA NOT NULL,
    kept_at BIGINT NOT NULL
);
