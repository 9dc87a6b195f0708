"""Editions: immutable, content-hashed sets of rules, loaded whole or not at all."""

import hashlib
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from schedule.japan.checking import check_edition
from schedule.japan.compiling import compile_law, turning_days
from schedule.japan.faults import EditionFaultError, Fault
from schedule.japan.law import Law
from schedule.japan.locating import Locator
from schedule.japan.source import EditionFile, VaccineFile

CHIYODA = Path(__file__).parent / "editions" / "chiyoda"
_MAIN = "edition.toml"


class ProductLabel(Struct, frozen=True):
    """A product (製品) as the screens name it."""

    code: str
    ja: str
    en: str
    kind: str
    series: tuple[str, ...]
    sold_until: date | None

    @property
    def injectable_live(self) -> bool:
        """Whether it is an injected live vaccine (注射生ワクチン)."""
        return self.kind == "injectable_live"


class SeriesLabel(Struct, frozen=True):
    """A series (各期) as the screens name it."""

    code: str
    ja: str
    disease_ja: str
    en: str
    group: str
    programme: str
    offers: tuple[str, ...]


class Sources(NamedTuple):
    """The files of an edition as read."""

    edition: EditionFile
    files: tuple[VaccineFile, ...]


class Edition:
    """One edition, compiled for every state of the law it knows of.

    Args:
        sources: The files as read.
        content_hash: SHA-256 over names and bytes of the files.
    """

    def __init__(self, sources: Sources, content_hash: str) -> None:
        self.sources = sources
        self.content_hash = content_hash
        self.name = sources.edition.name
        self.ja = sources.edition.ja
        self.en = sources.edition.en
        self.products: Mapping[str, ProductLabel] = _product_labels(sources)
        self.series: Mapping[str, SeriesLabel] = _series_labels(sources)
        self.turning_days = turning_days(*sources)
        self._laws: dict[int, Law] = {}

    def law(self, known: int) -> Law:
        """The law as known on a day number."""
        state = bisect_right(self.turning_days, known)
        law = self._laws.get(state)
        if law is None:
            law = self._laws[state] = compile_law(*self.sources, self.turning_days[state - 1] if state else 0)
        return law


def load_edition(folder: Path | None = None) -> Edition:
    """Load the edition of a folder, by default the one of Chiyoda ward that comes with the product.

    Raises:
        EditionFaultError: A file is missing, unreadable or breaks the rules; nothing is loaded.
    """
    return _shipped() if folder is None else edition_from_files(read_files(folder))


@cache
def _shipped() -> Edition:
    """Reading the files takes a tenth of a second, and several parts of a process want them."""
    return edition_from_files(read_files(CHIYODA))


def read_files(folder: Path) -> dict[str, bytes]:
    """The TOML files of a folder by name.

    Raises:
        EditionFaultError: There is no such folder, or it holds no edition.
    """
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.toml"))}
    if _MAIN not in files:
        raise EditionFaultError([Fault(str(folder / _MAIN), 1, "This file is missing; every edition has one.")])
    return files


def edition_from_files(files: Mapping[str, bytes]) -> Edition:
    """An edition from the bytes of its files, as a folder or a table row holds them.

    Raises:
        EditionFaultError: A file is unreadable or breaks the rules.
    """
    faults: list[Fault] = []
    parsed = {name: _parse(name, content, faults) for name, content in sorted(files.items())}
    edition = parsed.pop(_MAIN, None)
    vaccines = {name: file for name, file in parsed.items() if isinstance(file, VaccineFile)}
    if not faults and isinstance(edition, EditionFile):
        faults += check_edition(edition, vaccines, {name: Locator(files[name].decode()) for name in files})
    if faults or not isinstance(edition, EditionFile):
        raise EditionFaultError(faults)
    return Edition(Sources(edition, tuple(vaccines.values())), _digest(files))


def _parse(name: str, content: bytes, faults: list[Fault]) -> EditionFile | VaccineFile | None:
    try:
        text = content.decode()
        return _convert(name, text, tomllib.loads(text), faults)
    except UnicodeDecodeError:
        faults.append(Fault(name, 1, "The file is not written in UTF-8."))
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault.from_toml(name, error))
    return None


def _convert(name: str, text: str, tree: dict[str, object], faults: list[Fault]) -> EditionFile | VaccineFile | None:
    try:
        return msgspec.convert(tree, EditionFile) if name == _MAIN else msgspec.convert(tree, VaccineFile)
    except msgspec.ValidationError as error:
        faults.append(Fault.from_validation(name, Locator(text), error))
    return None


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _product_labels(sources: Sources) -> dict[str, ProductLabel]:
    return {
        product.code: ProductLabel(
            product.code, product.ja, product.en, product.kind, tuple(product.advances or product.series), product.sold_until
        )
        for file in sources.files
        for product in file.product
    }


def _series_labels(sources: Sources) -> dict[str, SeriesLabel]:
    found = {
        series.code: SeriesLabel(
            series.code, series.ja, series.disease_ja, series.en, series.group, series.programme, tuple(series.offers)
        )
        for file in sources.files
        for series in file.series
    }
    return {code: found[code] for code in sources.edition.order}
