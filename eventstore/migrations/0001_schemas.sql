-- The four schemas that are migrated. Read generations (gen_N) are built by the projector and never migrated.
CREATE SCHEMA events;
CREATE SCHEMA identity;
CREATE SCHEMA mail;
CREATE SCHEMA projection;

GRANT USAGE ON SCHEMA events, projection TO hagukumi_app, hagukumi_projector, hagukumi_mailer, hagukumi_auditor;
GRANT USAGE ON SCHEMA identity TO hagukumi_app;
GRANT USAGE ON SCHEMA mail TO hagukumi_app, hagukumi_mailer, hagukumi_auditor;

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; -- takes effect only without a schema
ALTER DEFAULT PRIVILEGES IN SCHEMA events GRANT SELECT ON TABLES TO hagukumi_app, hagukumi_projector, hagukumi_mailer, hagukumi_auditor;
ALTER DEFAULT PRIVILEGES IN SCHEMA identity GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hagukumi_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA mail GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hagukumi_mailer;
ALTER DEFAULT PRIVILEGES IN SCHEMA mail GRANT SELECT ON TABLES TO hagukumi_app, hagukumi_auditor;
ALTER DEFAULT PRIVILEGES IN SCHEMA projection GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hagukumi_projector;
ALTER DEFAULT PRIVILEGES IN SCHEMA projection GRANT SELECT ON TABLES TO hagukumi_app, hagukumi_mailer, hagukumi_auditor;
