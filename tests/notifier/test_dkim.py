from base64 import b64encode
from email.message import EmailMessage
from pathlib import Path

import dkim  # type: ignore[import-untyped] # it ships no types
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from notifier.dkim import load_signer, relaxed_body
from notifier.letter import News, digest_letter
from tests.notifier.test_letter import sheet

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_file(tmp_path: Path, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> Path:
    file = tmp_path / "dkim.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


def in_dns() -> bytes:
    public = RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b64encode(public)


def a_letter() -> EmailMessage:
    news = [News("はる", ("visit_eve", "latest_near"))]
    return digest_letter(sheet(), news, "out").content


def test_another_implementation_verifies_our_signature(tmp_path: Path) -> None:
    signed = load_signer("ward.example", "s2026", key_file(tmp_path, RSA))(a_letter())
    assert dkim.verify(signed, dnsfunc=lambda name, timeout: {b"s2026._domainkey.ward.example.": in_dns()}[name])


@pytest.mark.parametrize(("found", "put"), [(b"Subject: ", b"Subject: x"), (b"To: parent", b"To: other"), (b"44", b"45")])
def test_an_altered_letter_is_found_out(tmp_path: Path, found: bytes, put: bytes) -> None:
    signed = load_signer("ward.example", "s2026", key_file(tmp_path, RSA))(a_letter())
    head, _, rest = signed.partition(b"Message-ID")
    altered = head + b"Message-ID" + rest.replace(found, put, 1)
    assert altered != signed
    assert not dkim.verify(altered, dnsfunc=lambda name, timeout: in_dns())


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="RSA"):
        load_signer("ward.example", "s2026", key_file(tmp_path, ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.parametrize(
    ("body", "canonical"),
    [(b"", b""), (b"\r\n\r\n", b""), (b" C \r\nD \t E\r\n\r\n\r\n", b" C\r\nD E\r\n"), (b"x", b"x\r\n")],
)
def test_bodies_are_relaxed_as_the_rfc_shows(body: bytes, canonical: bytes) -> None:
    assert relaxed_body(body) == canonical
