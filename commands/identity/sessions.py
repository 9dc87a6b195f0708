"""Who is signed in. Sessions validate without a write, and without a read for half a minute."""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock
from time import monotonic
from uuid import UUID

from msgspec import Struct

from commands.identity.codes import mistyped, read_code
from commands.identity.derivation import Derivation
from commands.identity.passwords import Passwords, normalized_password
from commands.identity.throttle import Throttle
from commands.refusals import WrongCredentials
from eventstore.identity import IdentityStore, Session

SESSION_DAYS = 30
CACHE_SECONDS = 30
CACHED_MAX = 20_000


class SessionToken(Struct, frozen=True):
    """What a browser keeps: `token` proves the session; `device` lets it try again when others guess at the same login id."""

    token: str
    device: str
    account_id: UUID
    expires_at: datetime


class Sessions:
    """Signs in and out.

    Args:
        store: the tables of schema identity.
        derivation: makes the device marks.
        passwords: verifies.
        by_login_id: slows down guessing at one login id.
        by_source: slows down guessing from one address, which is never stored.
        now: the clock of sessions.
    """

    def __init__(
        self,
        store: IdentityStore,
        derivation: Derivation,
        passwords: Passwords,
        *,
        by_login_id: Throttle,
        by_source: Throttle,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._derivation = derivation
        self._passwords = passwords
        self._by_login_id = by_login_id
        self._by_source = by_source
        self._now = now
        self._cache: OrderedDict[bytes, tuple[UUID, float]] = OrderedDict()
        self._lock = Lock()

    def sign_in(self, login_id: str, password: str, *, source: str = "", device: str | None = None) -> SessionToken:
        """Opens a session.

        An unknown login id takes as long, is counted and is answered like a wrong password. A device that was signed in
        before has attempts of its own, so nobody can lock a family out by guessing.

        Raises:
            WrongCredentials: they do not belong together.
            TooManyAttempts: too many wrong ones came before.
        """
        login_id = read_code(login_id)
        if mistyped(login_id):
            raise WrongCredentials
        buckets = [(self._by_login_id, self._bucket(login_id, device)), *([(self._by_source, source)] if source else [])]
        for throttle, key in buckets:
            throttle.require(key)
        found = self._store.credential_by_login_id(login_id)
        if not self._passwords.verify(found.password_hash if found else None, normalized_password(password)) or found is None:
            for throttle, key in buckets:
                throttle.count(key)
            raise WrongCredentials
        return self._open(found.account_id, self._device(login_id))

    def session_account(self, token: str) -> UUID | None:
        """Whose session this is; None if there is none. An answer may be half a minute old."""
        remembered = self.remembered(token)
        if remembered is not None:
            return remembered
        digest = _digest(token)
        found = self._store.session_account(digest, self._now())
        if found is not None:
            self._remember(digest, found)
        return found

    def remembered(self, token: str) -> UUID | None:
        """Whose session this is, if that was asked within the last half minute; the database is not."""
        with self._lock:
            account_id, until = self._cache.get(_digest(token), (None, 0.0))
        return account_id if monotonic() < until else None

    def sign_out(self, token: str) -> None:
        """Ends a session at once; other processes follow within half a minute."""
        digest = _digest(token)
        self._store.delete_session(digest)
        with self._lock:
            self._cache.pop(digest, None)

    def sweep(self) -> int:
        """Forgets sessions and tokens that have expired, and answers how many."""
        return self._store.delete_expired(self._now())

    def _open(self, account_id: UUID, device: str) -> SessionToken:
        token, now = secrets.token_urlsafe(32), self._now()
        expires_at = now + timedelta(days=SESSION_DAYS)
        self._store.insert_session(Session(_digest(token), account_id, now, expires_at))
        return SessionToken(token, device, account_id, expires_at)

    def _bucket(self, login_id: str, device: str | None) -> str:
        known = device is not None and hmac.compare_digest(device, self._device(login_id))
        return f"{login_id} known" if known else login_id

    def _device(self, login_id: str) -> str:
        return self._derivation.digest("device", login_id).hex()

    def _remember(self, digest: bytes, account_id: UUID) -> None:
        with self._lock:
            self._cache[digest] = (account_id, monotonic() + CACHE_SECONDS)
            while len(self._cache) > CACHED_MAX:
                self._cache.popitem(last=False)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
