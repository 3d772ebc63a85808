-- The OpenPGP certificate of somebody who proved that it is his: keyed hash of his address, and the certificate sealed.
CREATE TABLE pinned_keys (
    hash      BLOB PRIMARY KEY,
    sealed    BLOB NOT NULL,
    pinned_at INTEGER NOT NULL
) STRICT;
