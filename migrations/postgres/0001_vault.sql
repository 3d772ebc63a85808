-- Keys. Nothing that a reporter wrote can be read without the master key, which is not in here.

-- One row: a value sealed with the master key, so that a wrong key is noticed when the store opens.
CREATE TABLE vault (
    name   TEXT PRIMARY KEY CHECK (name = 'check'),
    sealed BYTEA NOT NULL
);

-- The key of each ticket, each message and each log, wrapped by the master key. Purging destroys it.
CREATE TABLE data_keys (
    key_id       TEXT PRIMARY KEY,
    wrapped      BYTEA,
    created_at   BIGINT NOT NULL,
    destroyed_at BIGINT,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
