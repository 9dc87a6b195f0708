"""Data keys (データ鍵): one per subject, wrapped by the key-encryption key. Destroying one makes its facts unreadable."""

import hmac
import os
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from eventstore.errors import SubjectErased
from eventstore.kek import KEY_BYTES
from eventstore.key_tables import KeyTable, PostgresKeyTable, SqliteKeyTable

CACHE_SECONDS = 60
"""No process reads an erased subject for longer than this."""
CACHED_KEYS_MAX = 20_000
NONCE_BYTES = 12
MAC_LABEL = b"hagukumi command body v1"


class _Unwrapped(NamedTuple):
    aead: AESGCM
    mac_key: bytes
    until: float


class KeyStore:
    """Creates, finds and destroys data keys; safe to share between threads."""

    def __init__(self, table: KeyTable, kek: bytes) -> None:
        self._table = table
        self._kek = AESGCM(kek)
        self._cache: OrderedDict[UUID, _Unwrapped] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def at(cls, place: Path | str, kek: bytes) -> "KeyStore":
        """Opens the store in a SQLite file (a path) or a Postgres database (a URL)."""
        return cls(SqliteKeyTable(place) if isinstance(place, Path) else PostgresKeyTable(place), kek)

    def aead(self, subject: UUID) -> AESGCM | None:
        """The key of a subject; None if it is destroyed or was never made."""
        found = self._find(subject)
        return found.aead if found else None

    def sealing_key(self, subject: UUID, stream: UUID, version: int) -> AESGCM:
        """The key to seal a fact with; made with the first fact of the subject's own stream and never later.

        Raises:
            SubjectErased: the subject has no key any more.
        """
        found = self._find(subject)
        if found is None and (stream, version) != (subject, 1):
            raise SubjectErased(subject)
        return (found or self._create(subject)).aead

    def create(self, subject: UUID) -> AESGCM:
        """The key of a subject, made if there is none yet.

        Raises:
            SubjectErased: it was destroyed.
        """
        return (self._find(subject) or self._create(subject)).aead

    def create_many(self, subjects: Iterable[UUID]) -> None:
        """Makes keys for many new subjects in one transaction."""
        self._table.insert([(subject, self._wrap(subject, os.urandom(KEY_BYTES))) for subject in subjects])

    def erase(self, subject: UUID) -> None:
        """Destroys a key for good, here and (within the life of a cache entry) in every other process."""
        self._table.destroy(subject)
        with self._lock:
            self._cache.pop(subject, None)

    def preload(self, lowest: UUID, highest: UUID) -> dict[bytes, AESGCM]:
        """All living keys of a range of subjects, both ends included, outside the cache: for reading in bulk."""
        rows = self._table.between(lowest, highest)
        return {subject.bytes: AESGCM(self._unwrap(subject, wrapped)) for subject, wrapped in rows if wrapped is not None}

    def mac(self, subject: UUID, body: bytes) -> bytes:
        """A fingerprint that only holders of the subject's key can compare.

        Raises:
            SubjectErased: the key was destroyed.
        """
        return hmac.digest((self._find(subject) or self._create(subject)).mac_key, body, "sha256")

    def close(self) -> None:
        """Closes the table and forgets every key."""
        with self._lock:
            self._cache.clear()
        self._table.close()

    def _find(self, subject: UUID) -> _Unwrapped | None:
        cached = self._cache.get(subject)
        if cached is not None and cached.until > monotonic():
            return cached
        row = self._table.find(subject)
        return self._remember(subject, row[1]) if row and row[1] is not None else None

    def _create(self, subject: UUID) -> _Unwrapped:
        self.create_many([subject])
        found = self._find(subject)  # another process may have been first
        if found is None:
            raise SubjectErased(subject)
        return found

    def _remember(self, subject: UUID, wrapped: bytes) -> _Unwrapped:
        key = self._unwrap(subject, wrapped)
        unwrapped = _Unwrapped(AESGCM(key), hmac.digest(key, MAC_LABEL, sha256), monotonic() + CACHE_SECONDS)
        with self._lock:
            self._cache[subject] = unwrapped
            self._cache.move_to_end(subject)
            while len(self._cache) > CACHED_KEYS_MAX:
                self._cache.popitem(last=False)
        return unwrapped

    def _wrap(self, subject: UUID, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._kek.encrypt(nonce, key, subject.bytes)

    def _unwrap(self, subject: UUID, wrapped: bytes) -> bytes:
        return self._kek.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], subject.bytes)
