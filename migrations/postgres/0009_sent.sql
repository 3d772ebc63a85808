-- Mail that people of the team sent from the mailbox itself, past the bot.

-- The conversations that they are in with somebody who has no ticket yet: the keyed hash of each Message-ID that
-- such a mail answers, and of its own. Who may be silent because of it is asked of the mail itself.
CREATE TABLE answered_by_hand (
    hash     BYTEA NOT NULL,
    inbox_id TEXT NOT NULL REFERENCES inbox (inbox_id),
    PRIMARY KEY (hash, inbox_id)
);
