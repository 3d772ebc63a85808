-- What is wrong with the bot as a whole, and when people were last called because of it: they are not called for
-- each mail.
CREATE TABLE alarms (
    alarm     TEXT PRIMARY KEY CHECK (alarm IN ('mail-limit', 'unproven-limit')),
    raised_at BIGINT NOT NULL
);
