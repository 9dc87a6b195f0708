-- Facts that are sealed under the key of another stream than their own (inquiries, outcomes of mail), so that all that is
-- held of one person is found by that person's key.
CREATE INDEX event_sealed_elsewhere ON events.event (key_id, position) WHERE key_id <> originator_id;
