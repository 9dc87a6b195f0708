-- The ledger of mail: state of its own, never rebuilt, no read model. Ids, dates and states only; addresses and letters
-- are never stored here. Who may do what follows from the schema's default privileges.

CREATE TABLE mail.message (
    message_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN (
        'planned', 'claimed', 'data_started', 'accepted', 'deferred', 'suppressed', 'failed', 'unknown')),
    planned_on date NOT NULL,
    not_before timestamptz NOT NULL,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    -- How often the connection was lost after DATA had begun. The first time is retried under the same Message-ID.
    unknowns integer NOT NULL DEFAULT 0,
    -- Enhanced status code (RFC 3463) of the last answer, or the reason of a suppression.
    status text NOT NULL DEFAULT '',
    answer_digest text NOT NULL DEFAULT '',
    settled_at timestamptz,
    reported boolean NOT NULL DEFAULT false
);

CREATE INDEX message_open ON mail.message (not_before)
    WHERE settled_at IS NULL;
CREATE INDEX message_to_report ON mail.message (settled_at)
    WHERE settled_at IS NOT NULL AND NOT reported;
CREATE INDEX message_of_account ON mail.message (account_id, planned_on);

CREATE TABLE mail.occasion (
    occasion_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    child_id uuid NOT NULL,
    series text NOT NULL,
    dose_number integer NOT NULL,
    kind text NOT NULL,
    cycle integer NOT NULL,
    due_on date NOT NULL,
    address_version integer NOT NULL,
    message_id uuid NOT NULL REFERENCES mail.message
);

CREATE UNIQUE INDEX occasion_key ON mail.occasion (account_id, child_id, series, dose_number, kind, cycle);
CREATE INDEX occasion_of_message ON mail.occasion (message_id);
