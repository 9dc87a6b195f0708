-- Whose dates a published edition changed, so that these families can be told. Ids and days only. It belongs to no generation,
-- because it is asked for when the generation before is gone; log and editions say it again (docs/adr/0039).
CREATE TABLE projection.publication (
    publication bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    edition text NOT NULL,
    instead_of text NOT NULL,
    -- The first position at which families were shown the edition; null until then.
    position bigint
);

CREATE TABLE projection.changed (
    publication bigint NOT NULL REFERENCES projection.publication ON DELETE CASCADE,
    household_id uuid NOT NULL,
    child_id uuid NOT NULL,
    series text NOT NULL,
    effects text[] NOT NULL,
    -- The first day on which the dose was to be given, and now is; null where none is wanted.
    before date,
    after date,
    PRIMARY KEY (publication, child_id, series)
);
-- For erasure.
CREATE INDEX changed_child ON projection.changed (child_id);
CREATE INDEX changed_household ON projection.changed (household_id);

-- One row for each effect that an edition had on a series of a child, when it was last published.
CREATE VIEW projection.edition_change AS
SELECT p.edition, c.household_id, c.child_id, c.series, e.effect, c.before, c.after
FROM (SELECT DISTINCT ON (edition) publication, edition FROM projection.publication
      WHERE position IS NOT NULL ORDER BY edition, publication DESC) p
JOIN projection.changed c USING (publication)
CROSS JOIN unnest(c.effects) AS e (effect);
