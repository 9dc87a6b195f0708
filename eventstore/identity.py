"""The tables of schema identity: credentials, sessions and tokens, which are secrets and not facts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor
from psycopg.rows import TupleRow

from eventstore.datastore import WardConnection, WardDatastore

_CREDENTIAL = "SELECT account_id, login_id, password_hash, recovery_hash FROM identity.credential"


class Credential(Struct, frozen=True):
    """How an account proves itself; both hashes are Argon2id."""

    account_id: UUID
    login_id: str
    password_hash: str
    recovery_hash: str


class Session(Struct, frozen=True):
    """An open session; the token itself is known to the browser alone."""

    token_hash: bytes
    account_id: UUID
    created_at: datetime
    expires_at: datetime


class EmailConfirmation(Struct, frozen=True):
    """What a confirmation token stands for."""

    token_hash: bytes
    account_id: UUID
    address_version: int
    expires_at: datetime


class IdentityStore:
    """Reads and writes identity rows. Methods that take a cursor write in the transaction of an append."""

    def __init__(self, datastore: WardDatastore) -> None:
        self._datastore = datastore

    def credential_of(self, account_id: UUID) -> Credential | None:
        """The credential of an account."""
        return self._credential("account_id = %s", account_id)

    def credential_by_login_id(self, login_id: str) -> Credential | None:
        """The credential behind a login id."""
        return self._credential("login_id = %s", login_id)

    def insert_credential(self, cursor: Cursor[TupleRow], row: Credential) -> None:
        """A new account can prove itself."""
        cursor.execute(
            "INSERT INTO identity.credential (account_id, login_id, password_hash, recovery_hash) VALUES (%s, %s, %s, %s)",
            (row.account_id, row.login_id, row.password_hash, row.recovery_hash),
        )

    def replace_credential(
        self, cursor: Cursor[TupleRow], account_id: UUID, password_hash: str, recovery_hash: str | None
    ) -> None:
        """Another password, perhaps another recovery code, and no session any more."""
        cursor.execute(
            "UPDATE identity.credential SET password_hash = %s, recovery_hash = coalesce(%s, recovery_hash)"
            " WHERE account_id = %s",
            (password_hash, recovery_hash, account_id),
        )
        cursor.execute("DELETE FROM identity.session WHERE account_id = %s", (account_id,))

    def delete_identity(self, cursor: Cursor[TupleRow], account_id: UUID) -> None:
        """The account can no longer prove itself, and nothing here names it."""
        cursor.execute("DELETE FROM identity.session WHERE account_id = %s", (account_id,))
        cursor.execute("DELETE FROM identity.email_confirmation WHERE account_id = %s", (account_id,))
        cursor.execute("DELETE FROM identity.credential WHERE account_id = %s", (account_id,))

    def insert_session(self, row: Session) -> None:
        """A session is open."""
        self._write(
            "INSERT INTO identity.session (token_hash, account_id, created_at, expires_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (row.token_hash, row.account_id, row.created_at, row.expires_at),
        )

    def session_account(self, token_hash: bytes, now: datetime) -> UUID | None:
        """Whose session this is, while it lasts."""
        row = self._one("SELECT account_id FROM identity.session WHERE token_hash = %s AND expires_at > %s", (token_hash, now))
        return row[0] if row else None

    def delete_session(self, token_hash: bytes) -> None:
        """The session has ended."""
        self._write("DELETE FROM identity.session WHERE token_hash = %s", (token_hash,))

    def delete_expired(self, now: datetime) -> int:
        """Forgets sessions and tokens that are no longer good, and answers how many."""
        sessions = self._write("DELETE FROM identity.session WHERE expires_at <= %s", (now,))
        return sessions + self._write("DELETE FROM identity.email_confirmation WHERE expires_at <= %s", (now,))

    def insert_confirmation(self, cursor: Cursor[TupleRow], row: EmailConfirmation) -> None:
        """A confirmation token can be used from now on."""
        cursor.execute(
            "INSERT INTO identity.email_confirmation (token_hash, account_id, address_version, expires_at)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT (token_hash) DO UPDATE SET expires_at = excluded.expires_at",
            (row.token_hash, row.account_id, row.address_version, row.expires_at),
        )

    def confirmation(self, token_hash: bytes, now: datetime) -> EmailConfirmation | None:
        """What a token confirms, while it lasts."""
        row = self._one(
            "SELECT token_hash, account_id, address_version, expires_at FROM identity.email_confirmation"
            " WHERE token_hash = %s AND expires_at > %s",
            (token_hash, now),
        )
        return EmailConfirmation(*row) if row else None

    def insert_invitation(self, cursor: Cursor[TupleRow], code_digest: bytes, household_id: UUID) -> None:
        """A code leads to its household."""
        cursor.execute(
            "INSERT INTO identity.invitation (code_digest, household_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (code_digest, household_id),
        )

    def invited_household(self, code_digest: bytes) -> UUID | None:
        """The household that gave a code out."""
        row = self._one("SELECT household_id FROM identity.invitation WHERE code_digest = %s", (code_digest,))
        return row[0] if row else None

    def delete_invitations(self, cursor: Cursor[TupleRow], household_id: UUID) -> None:
        """No code leads to this household any more."""
        cursor.execute("DELETE FROM identity.invitation WHERE household_id = %s", (household_id,))

    def _credential(self, condition: str, value: UUID | str) -> Credential | None:
        row = self._one(f"{_CREDENTIAL} WHERE {condition}", (value,))
        return Credential(*row) if row else None

    def _one(self, query: str, parameters: Sequence[Any]) -> TupleRow | None:
        return self._datastore.read(lambda connection: connection.quick.execute(query.encode(), parameters).fetchone())

    def _write(self, query: str, parameters: Sequence[Any]) -> int:
        def work(connection: WardConnection) -> int:
            return connection.quick.execute(query.encode(), parameters).rowcount

        return self._datastore.read(work)
