-- SHA-256(0x00 ‖ canonical row). The canonical row is the row in the format of COPY BINARY without its field count:
-- every column from position to state in table order, each led by its length as a 4-byte big-endian integer (-1: NULL).
CREATE FUNCTION events.leaf_hash(
    "position" bigint, recorded_at timestamptz, originator_id uuid, originator_version bigint, topic text,
    partition uuid, key_id uuid, meta bytea, state bytea
) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256('\x00'::bytea
        || '\x00000008'::bytea || int8send("position")
        || '\x00000008' || timestamptz_send(recorded_at)
        || '\x00000010' || uuid_send(originator_id)
        || '\x00000008' || int8send(originator_version)
        || int4send(octet_length(convert_to(topic, 'UTF8'))) || convert_to(topic, 'UTF8')
        || coalesce('\x00000010' || uuid_send(partition), '\xffffffff')
        || coalesce('\x00000010' || uuid_send(key_id), '\xffffffff')
        || int4send(octet_length(meta)) || meta
        || int4send(octet_length(state)) || state)
$$;

-- Lets the holder see a log that nobody appends to until its transaction ends.
CREATE FUNCTION events.hold_appends() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(4819470)
$$;

-- Appends facts, all or nothing. Answers the head of the log afterwards and the time given to every fact of this call.
-- Serialized by a lock that is released after the commit is visible: positions are dense and appear in order.
CREATE FUNCTION events.append(
    streams uuid[], versions bigint[], topics text[], partitions uuid[], key_ids uuid[], metas bytea[], states bytea[],
    read_streams uuid[], read_versions bigint[], erases uuid[],
    command_account uuid, command uuid, command_mac bytea, command_answer bytea,
    OUT head bigint, OUT appended_at timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before bigint;
    refused uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(4819470);

    SELECT e.subject INTO refused FROM events.erased e WHERE e.subject = ANY (key_ids || streams) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'subject erased' USING ERRCODE = 'WD001', DETAIL = refused;
    END IF;

    SELECT e.position, greatest(clock_timestamp(), e.recorded_at) INTO before, appended_at
        FROM events.event e ORDER BY e.position DESC LIMIT 1;
    IF NOT FOUND THEN
        before := 0;
        appended_at := clock_timestamp();
    END IF;
    head := before + cardinality(streams);

    IF command IS NOT NULL THEN
        INSERT INTO events.command (account, command_id, body_mac, answer, position, at)
            VALUES (command_account, command, command_mac, command_answer, head, appended_at)
            ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'command known' USING ERRCODE = 'WD002', DETAIL = command;
        END IF;
    END IF;

    IF cardinality(read_streams) > 0 THEN
        SELECT r.stream INTO refused FROM unnest(read_streams, read_versions) AS r (stream, version)
            WHERE r.version <> coalesce(
                (SELECT max(e.originator_version) FROM events.event e WHERE e.originator_id = r.stream), 0)
            LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'stream has moved on' USING ERRCODE = 'WD003', DETAIL = refused;
        END IF;
    END IF;

    INSERT INTO events.event (position, recorded_at, originator_id, originator_version, topic, partition, key_id, meta, state, leaf_hash)
        SELECT before + f.n, appended_at, f.stream, f.version, f.topic, f.partition, f.key_id, f.meta, f.state,
               events.leaf_hash(before + f.n, appended_at, f.stream, f.version, f.topic, f.partition, f.key_id, f.meta, f.state)
        FROM unnest(streams, versions, topics, partitions, key_ids, metas, states)
            WITH ORDINALITY AS f (stream, version, topic, partition, key_id, meta, state, n);

    IF cardinality(erases) > 0 THEN
        INSERT INTO events.erased SELECT s, head FROM unnest(erases) AS s ON CONFLICT DO NOTHING;
    END IF;

    PERFORM pg_notify('event_appended', head::text);
END $$;

-- Forgets answered commands, for replays older than any client retries (90 days).
CREATE FUNCTION events.forget_commands(older_than timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (DELETE FROM events.command WHERE at < older_than RETURNING 1) SELECT count(*) FROM gone
$$;

GRANT EXECUTE ON FUNCTION events.append TO hagukumi_app, hagukumi_projector, hagukumi_mailer;
GRANT EXECUTE ON FUNCTION events.hold_appends TO hagukumi_projector;
GRANT EXECUTE ON FUNCTION events.forget_commands TO hagukumi_app;
GRANT EXECUTE ON FUNCTION events.leaf_hash TO hagukumi_auditor;
