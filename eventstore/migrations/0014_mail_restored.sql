-- The server that mail was last sent from: its system identifier and timeline. A restore goes on under another one.
ALTER TABLE mail.gate ADD COLUMN server text NOT NULL DEFAULT '';
