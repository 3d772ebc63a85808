-- Answers that people of the team sent from the mailbox itself, past the bot.

-- Messages that were answered so before the bot had decided on them, by the keyed hash of their Message-ID.
CREATE TABLE answered_by_hand (
    hash     BLOB PRIMARY KEY,
    inbox_id TEXT NOT NULL REFERENCES inbox (inbox_id)
) STRICT;
