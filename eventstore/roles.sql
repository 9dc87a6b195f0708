-- Runs before every migration, as the connecting user: roles belong to the server and not to one database,
-- so that a database restored on another server finds them again. Only what is missing is created.
DO $$
DECLARE
    membership CONSTANT text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['hagukumi_owner', 'hagukumi_app', 'hagukumi_projector', 'hagukumi_mailer', 'hagukumi_auditor'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- another database of this server was migrated at the same moment
            END;
        END IF;
        IF NOT pg_has_role(current_user, name, membership) THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
    END LOOP;
    FOREACH name IN ARRAY ARRAY['hagukumi_owner', 'hagukumi_projector'] LOOP
        IF NOT has_database_privilege(name, current_database(), 'CREATE') THEN
            EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), name);
        END IF;
    END LOOP;
END $$;
