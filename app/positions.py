"""Positions of the log, sealed before they leave the house: in clear they would tell how much goes on in the ward."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED = r"^[A-Za-z0-9_-]{48}$"
"""What a sealed position looks like."""
_NONCE_BYTES = 12
_POSITION_BYTES = 8


class SealBroken(ValueError):
    """The text is no position that this service has sealed for this purpose."""


class Positions:
    """Seals positions and opens them again. A seal made for one purpose does not open for another.

    Args:
        key: 32 bytes, the same in every process of the service.
    """

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, position: int, purpose: str) -> str:
        """A text that stands for a position and says nothing."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, position.to_bytes(_POSITION_BYTES, "big"), purpose.encode())
        return urlsafe_b64encode(nonce + sealed).decode()

    def open(self, text: str, purpose: str) -> int:
        """The position in a sealed text.

        Raises:
            SealBroken: Nobody here sealed this for this purpose.
        """
        try:
            sealed = urlsafe_b64decode(text.encode())
            return int.from_bytes(self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode()), "big")
        except (InvalidTag, NotBase64, ValueError) as error:
            raise SealBroken(purpose) from error
