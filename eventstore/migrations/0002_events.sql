-- The log: one row a fact, written only by events.append(), changed by nobody.
CREATE TABLE events.event (
    position bigint PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    partition uuid,            -- household in clear, for parallel rebuilds
    key_id uuid,               -- subject whose data key seals the state; NULL: nothing personal, plain JSON
    meta bytea NOT NULL,       -- ids and versions in clear, bound to the state by the seal
    state bytea NOT NULL,
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    CONSTRAINT event_stream_version UNIQUE (originator_id, originator_version)
);
ALTER TABLE events.event ALTER COLUMN state SET STORAGE EXTERNAL; -- ciphertext does not compress

CREATE INDEX event_partition ON events.event (partition, position) WHERE partition IS NOT NULL;
CREATE INDEX event_day_opened ON events.event (position) WHERE topic = 'calendar.day_opened.v1';

-- Commands already answered: the same body gets the first answer again.
CREATE TABLE events.command (
    account uuid,
    command_id uuid,
    body_mac bytea NOT NULL,
    answer bytea NOT NULL,
    position bigint NOT NULL,  -- head of the log when the command was done
    at timestamptz NOT NULL,
    PRIMARY KEY (account, command_id)
);
CREATE INDEX command_at ON events.command (at);

-- Subjects whose key is destroyed: nothing may be appended under it again.
CREATE TABLE events.erased (
    subject uuid PRIMARY KEY,
    position bigint NOT NULL
);

CREATE FUNCTION events.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'WD009';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events.event
    FOR EACH STATEMENT EXECUTE FUNCTION events.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events.erased
    FOR EACH STATEMENT EXECUTE FUNCTION events.refuse_change();
ALTER TABLE events.event ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE events.erased ENABLE ALWAYS TRIGGER append_only;
