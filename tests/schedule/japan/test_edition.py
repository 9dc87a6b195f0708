"""Editions: read whole or not at all, with every fault told by file, line and sentence."""

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import msgspec
import pytest

from schedule.contract import ForecastRequest
from schedule.japan import Edition, EditionFaultError, forecast, load_edition
from schedule.japan.book import rule_book
from schedule.japan.edition import CHIYODA, edition_from_files, read_files
from schedule.japan.source import schema

_ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHIYODA, tmp_path / "edition"))


def _change(folder: Path, file: str, old: str, new: str) -> str:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(EditionFaultError) as error:
        load_edition(folder)
    return "\n".join(str(fault) for fault in error.value.faults)


def test_the_same_bytes_have_the_same_hash_and_others_another(edition: Edition, folder: Path) -> None:
    assert load_edition(folder).content_hash == edition.content_hash == edition_from_files(read_files(CHIYODA)).content_hash
    (folder / "bcg.toml").write_bytes((folder / "bcg.toml").read_bytes() + b"\n")
    assert load_edition(folder).content_hash != edition.content_hash


def test_labels_come_in_both_languages(edition: Edition) -> None:
    assert all(label.ja and label.en and label.disease_ja for label in edition.series.values())
    assert all(label.ja and label.en for label in edition.products.values())
    assert edition.products["VAR"].injectable_live
    assert not edition.products["ROTARIX"].injectable_live


def test_a_word_that_is_no_age_is_told_with_its_line(folder: Path) -> None:
    told = _change(folder, "bcg.toml", 'to = "1歳"', 'to = "一歳"')
    line = 1 + (folder / "bcg.toml").read_text(encoding="utf-8").splitlines().index('to = "一歳"')
    assert told.startswith(f"bcg.toml:{line}: «一歳» is no age or day")


def test_an_unknown_key_is_told_with_its_line(folder: Path) -> None:
    assert "hib.toml:" in _change(folder, "hib.toml", "then = 3", "than = 3")


def test_broken_toml_is_told_with_its_line(folder: Path) -> None:
    assert _change(folder, "hib.toml", 'vaccine = "HIB"', 'vaccine = "HIB').startswith("hib.toml:2: This is not TOML")


def test_a_name_that_is_not_there_is_told(folder: Path) -> None:
    assert "There is no product PCV21" in _change(folder, "pcv.toml", 'offers = ["PCV20"', 'offers = ["PCV21"')
    assert "There is no series HIP" in _change(folder, "dpt-ipv-hib.toml", 'equal_to = "HIB"', 'equal_to = "HIP"')


def test_days_out_of_order_are_told(folder: Path) -> None:
    assert "not after it comes into force" in _change(folder, "bcg.toml", "replaced = 2013-04-01", "replaced = 2004-04-01")


def test_a_folder_without_an_edition_is_told(tmp_path: Path) -> None:
    with pytest.raises(EditionFaultError, match="This file is missing"):
        load_edition(tmp_path)


def test_a_rule_published_but_not_yet_in_force_answers_right_on_both_sides_of_its_day(folder: Path) -> None:
    path = folder / "dt.toml"
    text = path.read_text(encoding="utf-8")
    window = '[[series.window]]\nfrom = "11歳"\nto = "13歳"\n'
    assert window in text
    later = '[[series.window]]\nin_force = 2030-04-01\nfrom = "11歳"\nto = "14歳"\ncitation = "test"\n\n'
    path.write_text(text.replace(window, later + window.replace("from", "replaced = 2030-04-01\nfrom")), encoding="utf-8")
    changed = load_edition(folder)
    born = date(2016, 6, 10)

    def asked(on: date, known: date | None) -> tuple[date | None, date | None]:
        request = ForecastRequest(id="child", assessment_date=on, birth_date=born, rule_date=known)
        entry = next(entry for entry in forecast(changed, request).forecasts if entry.series == "DT2")
        return entry.latest, entry.valid_until

    assert asked(date(2029, 6, 1), None) == (date(2029, 6, 9), date(2029, 6, 10))
    assert asked(date(2029, 6, 10), None) == (date(2029, 6, 9), date(2030, 4, 1))
    assert asked(date(2029, 6, 10), date(2030, 4, 1)) == (date(2030, 6, 9), date(2030, 6, 10))
    assert asked(date(2030, 4, 1), None) == (date(2030, 6, 9), date(2030, 6, 10))


def test_the_files_keep_the_published_schema() -> None:
    published = json.loads((_ROOT / "schedule/japan/edition.schema.json").read_text(encoding="utf-8"))
    assert published == schema()
    for path in CHIYODA.glob("*.toml"):
        tree = msgspec.to_builtins(tomllib.loads(path.read_text(encoding="utf-8")))
        jsonschema.validate(tree, published)


def test_the_book_of_rules_is_up_to_date_and_cites_every_rule(edition: Edition) -> None:
    book = rule_book(edition)
    assert (_ROOT / "docs/rules.md").read_text(encoding="utf-8") == book
    windows = [window for file in edition.sources.files for series in file.series for window in series.window]
    assert all(window.citation and window.citation in book for window in windows)
