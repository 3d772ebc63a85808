-- Several instances beside each other: who does what alone, and which programs this schema serves.

-- Work that one instance does at a time, for example reading a mailbox. The epoch grows whenever another
-- one takes it over; whoever writes with an older epoch has lost it.
CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch  INTEGER NOT NULL CHECK (epoch > 0),
    until  INTEGER NOT NULL
) STRICT;

-- One row: the oldest version of the schema that a program must know to work on this one. A step that only
-- adds leaves it alone; the step that takes away what older programs use raises it.
CREATE TABLE schema_terms (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    oldest   INTEGER NOT NULL
) STRICT;

INSERT INTO schema_terms (only_row, oldest) VALUES (1, 8);
