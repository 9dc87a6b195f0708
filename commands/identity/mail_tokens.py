"""Tokens that letters carry and that need no row anywhere: whoever holds the service's secret can make and check them."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from uuid import UUID

from msgspec import Struct

from commands.identity.derivation import Derivation

MAC_BYTES = 16
ID_BYTES = 16
VERSION_BYTES = 4
BOUNCE_MAC_BYTES = 8
"""The local part of a return path holds 64 letters, an id among them."""


class Addressee(Struct, frozen=True):
    """One version of an account's address."""

    account_id: UUID
    address_version: int


class MailTokens:
    """Ways out of mail, and the mark of our own return paths."""

    def __init__(self, derivation: Derivation) -> None:
        self._derivation = derivation

    def unsubscribe(self, account_id: UUID, address_version: int) -> str:
        """Ends the reminders to one address; it says whose it is, so it works as long as the address does."""
        return self._token("unsubscribe", account_id, address_version)

    def addressee(self, token: str) -> Addressee | None:
        """Whose mail an unsubscribe token ends; None where we did not make it."""
        return self._addressee("unsubscribe", token)

    def keep(self, account_id: UUID, address_version: int) -> str:
        """Says that one address is still its owner's; only a mail to that address tells it."""
        return self._token("keep address", account_id, address_version)

    def kept(self, token: str) -> Addressee | None:
        """Which address a token says to be still its owner's; None where we did not make it."""
        return self._addressee("keep address", token)

    def bounce(self, message_id: UUID) -> str:
        """The mark in a return path; in small letters, because relays may write local parts small."""
        return self._derivation.digest("return path", str(message_id))[:BOUNCE_MAC_BYTES].hex()

    def _token(self, purpose: str, account_id: UUID, address_version: int) -> str:
        named = account_id.bytes + address_version.to_bytes(VERSION_BYTES)
        return urlsafe_b64encode(named + self._mac(purpose, named)).decode()

    def _addressee(self, purpose: str, token: str) -> Addressee | None:
        try:
            opened = urlsafe_b64decode(token.encode("ascii", "replace"))
        except Error:
            return None
        named, mac = opened[:-MAC_BYTES], opened[-MAC_BYTES:]
        if len(named) != ID_BYTES + VERSION_BYTES or not hmac.compare_digest(mac, self._mac(purpose, named)):
            return None
        return Addressee(UUID(bytes=named[:ID_BYTES]), int.from_bytes(named[ID_BYTES:]))

    def _mac(self, purpose: str, named: bytes) -> bytes:
        return self._derivation.digest(purpose, named.hex())[:MAC_BYTES]
