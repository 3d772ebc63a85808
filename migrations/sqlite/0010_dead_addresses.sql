-- Addresses that don't exist, by the word of a server to which our mail went: keyed hash, and when it said so.
CREATE TABLE dead_addresses (
    hash      BLOB PRIMARY KEY,
    failed_at INTEGER NOT NULL
) STRICT;
