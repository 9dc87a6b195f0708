"""How a letter becomes the bytes that go over the wire."""

from email.message import EmailMessage
from email.policy import EmailPolicy

VERBATIM = frozenset({"list-unsubscribe"})
"""Fields that hold one long address. The library would break it up into encoded words, which no mail program follows."""


class _WirePolicy(EmailPolicy):
    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in VERBATIM:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


WIRE = _WirePolicy(linesep="\r\n")


def unsigned(letter: EmailMessage) -> bytes:
    """The letter as it is."""
    return letter.as_bytes(policy=WIRE)
