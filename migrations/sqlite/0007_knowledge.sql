-- The knowledge as it was when it decided something, for replay.

CREATE TABLE kept_knowledge (
    version TEXT PRIMARY KEY,
    sealed  BLOB NOT NULL,
    kept_at INTEGER NOT NULL
) STRICT;
