-- Which rules families were shown at a position, without reading the log from its end.
CREATE INDEX event_generation_switched ON events.event (position) WHERE topic = 'operation.generation_switched.v1';
