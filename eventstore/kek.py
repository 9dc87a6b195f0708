"""The key-encryption key (鍵暗号化鍵): a file that wraps every data key and lies outside the data folder."""

import os
from pathlib import Path
from typing import NamedTuple

KEY_BYTES = 32


class Kek(NamedTuple):
    """The key, and whether it was made just now: then somebody has to be told to keep a copy of the file."""

    key: bytes
    generated: bool


class KekUnreadable(RuntimeError):
    """The file is there but holds no key of ours."""


def load_or_generate(path: Path) -> Kek:
    """Reads the file, or makes it on the first start, readable by its owner only.

    Raises:
        KekUnreadable: the file does not hold 32 bytes in hexadecimal.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Kek(_read(path), generated=False)
    with os.fdopen(handle, "w") as file:
        file.write(os.urandom(KEY_BYTES).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Kek(_read(path), generated=True)


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError as error:
        raise KekUnreadable(f"{path} holds no hexadecimal key") from error
    if len(key) != KEY_BYTES:
        raise KekUnreadable(f"{path} holds {len(key)} bytes, not {KEY_BYTES}")
    return key
