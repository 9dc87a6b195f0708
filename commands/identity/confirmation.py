"""Proof that a mail address is its owner's: a token that only a mail to it tells."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import TupleRow

from commands.identity.derivation import Derivation
from eventstore.identity import EmailConfirmation, IdentityStore

CONFIRMATION_DAYS = 7


class Confirmations:
    """Makes and finds confirmation tokens. They are derived: whoever writes the mail can make them again."""

    def __init__(self, store: IdentityStore, derivation: Derivation) -> None:
        self._store = store
        self._derivation = derivation

    def token(self, account_id: UUID, address_version: int) -> str:
        """The token for one address of one account."""
        digest = self._derivation.digest("email confirmation", f"{account_id}/{address_version}")
        return urlsafe_b64encode(digest[:24]).decode()

    def offer(self, cursor: Cursor[TupleRow], account_id: UUID, address_version: int) -> None:
        """From now on, and for a week, the token can be used."""
        token_hash = _digest(self.token(account_id, address_version))
        expires_at = datetime.now(UTC) + timedelta(days=CONFIRMATION_DAYS)
        self._store.insert_confirmation(cursor, EmailConfirmation(token_hash, account_id, address_version, expires_at))

    def find(self, token: str) -> EmailConfirmation | None:
        """What the token confirms; None when it is unknown or too old."""
        return self._store.confirmation(_digest(token), datetime.now(UTC))


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
