#!/bin/sh
# Runs once, when the log's database is made: a login for each part of the service, member of that part's role and of no other.
# The roles' rights come with the migrations.
set -eu
for part in app projector mailer auditor; do
    psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
        --set role="hagukumi_$part" --set login="ward_$part" --set password="$(cat "${SECRETS_DIR:-/run/secrets}/${part}_password")" <<'SQL'
CREATE ROLE :"role" NOLOGIN;
CREATE ROLE :"login" LOGIN PASSWORD :'password' IN ROLE :"role";
SQL
done
