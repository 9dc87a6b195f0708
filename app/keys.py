"""Where the keys of this service are."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.settings import Settings
from eventstore.kek import KEY_BYTES, load_or_generate
from eventstore.keys import KeyStore


def open_keys(settings: Settings) -> KeyStore:
    """The store of data keys that the settings name; with its key-encryption key, made on the first start."""
    kek = load_or_generate(settings.key_encryption_key).key
    if settings.keys_url is not None:
        return KeyStore.at(settings.keys_url.get_secret_value(), kek)
    settings.keys_file.parent.mkdir(parents=True, exist_ok=True)
    return KeyStore.at(settings.keys_file, kek)


def derived_key(settings: Settings, purpose: str) -> bytes:
    """A key for one purpose of the service, the same in every process and after every start."""
    kek = load_or_generate(settings.key_encryption_key).key
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"hagukumi {purpose}".encode()).derive(kek)
