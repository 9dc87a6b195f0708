-- What keeps deliveries going at a bearable rate: who was woken, whether all is held, how fast each domain takes mail.

ALTER TABLE mail.message
    -- When a worker was last asked to look at the message. Asked again only after a while, whatever became of the wake-up.
    ADD COLUMN woken_at timestamptz,
    -- How often the relay said «not now». Attempts count claims, and are the mark by which a worker knows its own.
    ADD COLUMN deferrals integer NOT NULL DEFAULT 0;

-- One row: whether operators hold all mail. Claims look at it, so it holds for every worker at once.
CREATE TABLE mail.gate (
    lone boolean PRIMARY KEY DEFAULT true CHECK (lone),
    held_since timestamptz,
    held_for text NOT NULL DEFAULT ''
);
INSERT INTO mail.gate DEFAULT VALUES;

CREATE FUNCTION mail.is_open() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT held_since IS NULL FROM mail.gate';
GRANT EXECUTE ON FUNCTION mail.is_open() TO hagukumi_mailer;

-- How fast a domain takes mail, shared by all workers. Small domains share a row: the name of one could name a person.
CREATE TABLE mail.domain (
    domain text PRIMARY KEY,
    per_second double precision NOT NULL,
    tokens double precision NOT NULL,
    filled_at timestamptz NOT NULL DEFAULT now(),
    slowed_at timestamptz,
    -- Unknown users among the messages let through since the window began; too many close the domain for a while.
    window_began timestamptz NOT NULL DEFAULT now(),
    let_through bigint NOT NULL DEFAULT 0,
    unknown_users bigint NOT NULL DEFAULT 0,
    closed_until timestamptz
);
