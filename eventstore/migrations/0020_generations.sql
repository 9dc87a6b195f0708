-- Bookkeeping of the read side. The read models themselves live in schemas gen_N that are built and thrown away.

CREATE TABLE projection.generation (
    generation integer PRIMARY KEY CHECK (generation > 0),
    edition text NOT NULL,
    engine text NOT NULL,
    layout text NOT NULL,
    state text NOT NULL DEFAULT 'loading' CHECK (state IN ('loading', 'loaded', 'ready')),
    -- Every fact up to here is in the rows ...
    position bigint NOT NULL,
    -- ... which hold as of this day.
    opened_on date NOT NULL
);

-- Which generation requests read; the one before it is kept for a way back.
CREATE TABLE projection.pointer (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    generation integer NOT NULL REFERENCES projection.generation,
    previous integer REFERENCES projection.generation
);

-- Ranges of streams that a build has loaded; a build that was cut off goes on with the others.
CREATE TABLE projection.bucket (
    generation integer NOT NULL REFERENCES projection.generation ON DELETE CASCADE,
    bucket integer NOT NULL,
    events bigint NOT NULL,
    PRIMARY KEY (generation, bucket)
);

-- Streams whose facts could not be folded: their rows stand still from this position on, until a rebuild.
CREATE TABLE projection.parked (
    generation integer NOT NULL REFERENCES projection.generation ON DELETE CASCADE,
    stream uuid NOT NULL,
    position bigint NOT NULL,
    error text NOT NULL,
    PRIMARY KEY (generation, stream)
);
