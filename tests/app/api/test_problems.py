import importlib
import pkgutil
from collections import Counter
from string import Formatter
from typing import Any

import pytest

import aggregates
import commands
from aggregates.refusal import Refusal
from app import problems
from app.problems import LANGUAGES, InvalidRequest, language_of, problem_of, texts, validation_errors


def _import_all(package: object) -> None:
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):  # type: ignore[attr-defined]
        importlib.import_module(module.name)


def _refusals(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    _import_all(aggregates)
    _import_all(commands)
    return {kind}.union(*(_refusals(child) for child in kind.__subclasses__()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_title_and_a_detail(language: str) -> None:
    missing = {kind.code for kind in _refusals()} - texts(language).keys()
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_code_has_a_sentence(language: str) -> None:
    assert {*problems._FIELD_CODES.values(), "invalid"} == texts(language)["validation"].keys()


def test_both_languages_hold_the_same_codes_pointers_and_gaps() -> None:
    def shape(language: str) -> dict[str, object]:
        return {
            f"{code}.{part}": text if part == "pointer" else _gaps(text)
            for code, table in texts(language).items()
            for part, text in table.items()
        }

    assert shape("ja") == shape("en")


def _gaps(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_code_belongs_to_one_refusal() -> None:
    codes = Counter(kind.code for kind in _refusals())
    assert [code for code, times in codes.items() if times > 1] == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "ja"),
        ("", "ja"),
        ("fr", "ja"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ja;q=0.4, en;q=0.6", "en"),
        ("en;q=0", "ja"),
        ("en;q=abc", "ja"),
        ("fr, en;q=0.3", "en"),
    ],
)
def test_the_language_follows_the_wish(header: str | None, language: str) -> None:
    assert language_of(header) == language


def test_a_problem_speaks_the_language_and_keeps_the_code() -> None:
    japanese, english = (problem_of(InvalidRequest(), language) for language in LANGUAGES)
    assert japanese.code == english.code == "invalid_request"
    assert japanese.title != english.title


def test_field_errors_point_into_the_body_and_never_repeat_the_input() -> None:
    found: list[dict[str, Any]] = [
        {"type": "missing", "loc": ("body", "doses", 0, "a/b"), "input": "secret"},
        {"type": "string_too_long", "loc": ("body", "handle"), "ctx": {"max_length": 20}, "input": "secret"},
        {"type": "never_heard_of", "loc": ("header", "if-match"), "input": "secret"},
    ]
    errors = validation_errors(found, "en")
    assert [(error.pointer, error.code) for error in errors] == [
        ("#/doses/0/a~1b", "missing"),
        ("#/handle", "too_long"),
        ("header:if-match", "invalid"),
    ]
    assert "20" in errors[1].detail
    assert "secret" not in str(errors)
