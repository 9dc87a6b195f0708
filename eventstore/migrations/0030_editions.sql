-- The files of rule editions, byte by byte. They never change: an edition is named by the SHA-256 of its files.
CREATE SCHEMA edition;
GRANT USAGE ON SCHEMA edition TO hagukumi_app, hagukumi_projector, hagukumi_mailer, hagukumi_auditor;

CREATE TABLE edition.file (
    content_hash text NOT NULL,
    name text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (content_hash, name)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON edition.file
    FOR EACH STATEMENT EXECUTE FUNCTION events.refuse_change();
ALTER TABLE edition.file ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT ON edition.file TO hagukumi_app, hagukumi_projector, hagukumi_mailer, hagukumi_auditor;
-- The projector keeps the files that ship with a build when it makes the first read models.
GRANT INSERT ON edition.file TO hagukumi_app, hagukumi_projector;

-- The lives of all editions, and which one was published last, without reading the log from its end.
CREATE INDEX event_edition ON events.event (position) WHERE topic LIKE 'edition.%';
