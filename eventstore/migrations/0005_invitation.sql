-- Leads from the keyed fingerprint of an invitation code to the household that gave it out. Whether the code is still
-- good, the household's facts say. Outside the log, because no other table may be asked by a secret.
CREATE TABLE identity.invitation (
    code_digest bytea PRIMARY KEY,
    household_id uuid NOT NULL
);
CREATE INDEX invitation_household ON identity.invitation (household_id);
