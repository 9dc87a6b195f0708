-- Credentials and sessions live outside the log: they are secrets and not facts.
CREATE TABLE identity.credential (
    account_id uuid PRIMARY KEY,
    login_id text NOT NULL,
    password_hash text NOT NULL,
    recovery_hash text NOT NULL,
    CONSTRAINT credential_login_id UNIQUE (login_id)
);

CREATE TABLE identity.session (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_account ON identity.session (account_id);
CREATE INDEX session_expires_at ON identity.session (expires_at);

CREATE TABLE identity.email_confirmation (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL,
    address_version bigint NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX email_confirmation_account ON identity.email_confirmation (account_id);
