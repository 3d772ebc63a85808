-- The OpenPGP certificate of somebody who proved that it is his: keyed hash of his address, and the certificate sealed.
CREATE TABLE pinned_keys (
    hash      BYTEA PRIMARY KEY,
    sealed    BYTEA NOT NULL,
    pinned_at BIGINT NOT NULL
);
