"""Passwords and recovery codes as Argon2id hashes, computed by as many threads as there are cores and no more."""

import os
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from commands.refusals import TooManyAttempts, WeakPassword

LENGTH_MIN = 12
LENGTH_MAX = 200
DIFFERENT_LETTERS_MIN = 5
WAIT_SECONDS_MAX = 5.0
"""How long somebody may wait for a core; a queue without end would only serve an attacker."""


def acceptable(password: str, *known: str) -> str:
    """The password as it is hashed: composed and spaced one way, however the keyboard typed it.

    Raises:
        WeakPassword: short, monotonous, or one of the words `known` about the account.
    """
    normalized = normalized_password(password)
    weak = len(set(normalized)) < DIFFERENT_LETTERS_MIN or normalized.casefold() in {word.casefold() for word in known}
    if weak or not LENGTH_MIN <= len(normalized) <= LENGTH_MAX:
        raise WeakPassword(minimum=LENGTH_MIN, length=len(normalized))
    return normalized


def normalized_password(password: str) -> str:
    """The same text from every keyboard."""
    return normalize("NFKC", password).strip()


class Passwords:
    """Hashes and verifies, at the cost of a noticeable moment each."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._cores = BoundedSemaphore(os.cpu_count() or 1)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, secret: str) -> str:
        """The hash to be stored."""
        with _Turn(self._cores):
            return self._hasher.hash(secret)

    def verify(self, stored: str | None, secret: str) -> bool:
        """Whether the secret fits. Without a stored hash it takes as long as with one."""
        with _Turn(self._cores):
            try:
                return self._hasher.verify(stored or self._nobody, secret) and stored is not None
            except VerificationError:
                return False


class _Turn:
    """A core for one hash.

    Raises:
        TooManyAttempts: too many others wait already.
    """

    def __init__(self, cores: BoundedSemaphore) -> None:
        self._cores = cores

    def __enter__(self) -> None:
        if not self._cores.acquire(timeout=WAIT_SECONDS_MAX):
            raise TooManyAttempts(retry_after=int(WAIT_SECONDS_MAX))

    def __exit__(self, *_: object) -> None:
        self._cores.release()
