"""Secrets that are derived from one secret of the service, so that they can be told again and need not be stored."""

import hmac
from uuid import UUID


class Derivation:
    """Derives bytes for a purpose. Without the secret nobody can; with it, everybody gets the same.

    Args:
        secret: at least 32 random bytes that outlive the process and are kept like the key-encryption key.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:  # noqa: PLR2004 - the block of the hash
            raise ValueError("the service secret is shorter than 32 bytes")
        self._secret = secret

    def number(self, purpose: str, *parts: UUID | int) -> int:
        """A number of 256 bits."""
        return int.from_bytes(self.digest(purpose, "/".join(map(str, parts))))

    def digest(self, purpose: str, text: str) -> bytes:
        """A fingerprint of a short text that cannot be tried out without the secret."""
        return hmac.digest(self._secret, f"hagukumi {purpose}\0{text}".encode(), "sha256")
