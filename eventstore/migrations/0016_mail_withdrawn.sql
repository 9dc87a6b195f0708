-- Mail that rested on dates which another edition changed is withdrawn while it is unsent; what was withdrawn stays visible.

ALTER TABLE mail.message
    -- The edition on whose dates a reminder rests; empty for mail that rests on no schedule.
    ADD COLUMN edition text NOT NULL DEFAULT '',
    -- The schedule answers that an accepted message rested on, as JSON, until the log knows of them.
    ADD COLUMN answers bytea NOT NULL DEFAULT '[]',
    DROP CONSTRAINT message_state_check,
    ADD CONSTRAINT message_state_check CHECK (state IN (
        'planned', 'claimed', 'data_started', 'accepted', 'deferred', 'suppressed', 'failed', 'unknown', 'withdrawn'));

-- Occasions that were taken out of their messages. Their keys are free: on its new day the same thing may be told.
CREATE TABLE mail.withdrawn (
    LIKE mail.occasion,
    reason text NOT NULL,
    withdrawn_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (message_id) REFERENCES mail.message
);
CREATE INDEX withdrawn_of_message ON mail.withdrawn (message_id);
CREATE INDEX withdrawn_of_child ON mail.withdrawn (child_id);
