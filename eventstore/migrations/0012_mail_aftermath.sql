-- What is learnt of a message after it was handed over, and what a lost ledger is filled from.

ALTER TABLE mail.message
    -- Enhanced status code (RFC 3463) of a report that came back (RFC 3464).
    ADD COLUMN bounced text NOT NULL DEFAULT '';

-- Occasions that the log says were dealt with. Facts hold their ids alone; the planner knows them again by those.
CREATE TABLE mail.told (
    occasion_id uuid PRIMARY KEY,
    message_id uuid NOT NULL REFERENCES mail.message
);
