"""Signs letters so that receivers can tell they are the ward's (DKIM, RFC 6376, rsa-sha256, relaxed/relaxed).

The signature is made here, over `cryptography`, because the library made for the field is thirty times slower; the tests verify
what is signed with that library. Ed25519 (RFC 8463) is left out: too few receivers can read it.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec import Struct

from notifier.wire import unsigned

SIGNED = (
    "From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
)  # fmt: skip
"""RFC 6376, section 5.4.1; RFC 8058, section 4 wants both List-Unsubscribe fields among them."""
_WSP = re.compile(rb"[ \t]+")
_FOLD = re.compile(rb"\r\n(?=[ \t])")


class Signer(Struct, frozen=True):
    """Signs for one domain. `selector` names the public key in DNS: `selector._domainkey.domain`."""

    domain: str
    selector: str
    sign: Callable[[bytes], bytes]

    def __call__(self, letter: EmailMessage) -> bytes:
        """The letter as it goes over the wire, with its signature on top."""
        wire = unsigned(letter)
        head, _, body = wire.partition(b"\r\n\r\n")
        fields = dict(_fields(head))
        names = [name for name in SIGNED if name.lower().encode() in fields]
        without = self._header(names, sha256(relaxed_body(body)).digest())
        signed = b"".join(fields[name.lower().encode()] for name in names) + relaxed_field(without)[:-2]
        return without + _folded(b64encode(self.sign(signed))) + b"\r\n" + wire

    def _header(self, names: Iterable[str], body_hash: bytes) -> bytes:
        tags = [
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector};",
            f"h={':'.join(names)};",
            f"bh={b64encode(body_hash).decode()};",
            "b=",
        ]
        return ("DKIM-Signature: " + "\r\n\t".join(tags)).encode()


def load_signer(domain: str, selector: str, key_file: Path) -> Signer:
    """A signer with the private key of a PEM file.

    Raises:
        ValueError: the file holds no RSA key.
    """
    key = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("DKIM wants an RSA key in PEM form")  # noqa: TRY004 - the file is wrong, not the caller's type
    return Signer(domain, selector, lambda data: key.sign(data, PKCS1v15(), SHA256()))


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376, section 3.4.4."""
    lines = [_WSP.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    text = b"\r\n".join(lines).rstrip(b"\r\n")
    return text + b"\r\n" if text else b""


def relaxed_field(field: bytes) -> bytes:
    """RFC 6376, section 3.4.2, with its line end."""
    name, _, value = field.partition(b":")
    unfolded = _WSP.sub(b" ", value.replace(b"\r\n", b"")).strip(b" \t")
    return name.strip(b" \t").lower() + b":" + unfolded + b"\r\n"


def _fields(head: bytes) -> Iterable[tuple[bytes, bytes]]:
    for field in _FOLD.sub(b"", head).split(b"\r\n"):
        canonical = relaxed_field(field)
        yield canonical.partition(b":")[0], canonical


def _folded(signature: bytes) -> bytes:
    return b"\r\n\t".join(signature[start : start + 70] for start in range(0, len(signature), 70))
