"""The desks of the staff on the command line: articles, and inquiries of a family of the demo."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner

from aggregates.fact import Recorded, Role
from aggregates.inquiry.facts import InquiryOpened
from aggregates.operation.facts import SubjectRevealed
from app.cli import cli
from app.keys import open_keys
from app.settings import load_settings
from eventstore.ward import Ward

DRAFTER, APPROVER = UUID(int=1), UUID(int=2)
QUESTION = "記録を印刷できますか。"
ARTICLE = """
title_ja = "インフルエンザが増えています"
body_ja = "手を洗ってください。[くわしく](https://www.mhlw.go.jp/)"
title_en = "Influenza is on the rise"
body_en = "Please wash your hands."
source_ja = "東京都感染症情報センター"
source_en = "Tokyo Metropolitan Infectious Disease Surveillance Center"
source_url = "https://idsc.tmph.metro.tokyo.lg.jp/"
as_of = 2026-11-20
expires_on = 2026-12-31
"""
Run = Callable[..., Any]


@pytest.fixture
def run(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("HAGUKUMI_DATA_DIR", str(tmp_path / "data"))

    def run(*words: object, **more: Any) -> Any:
        return CliRunner().invoke(cli, [str(word) for word in words], **more)

    assert run("open-days", "--until", "2026-11-23").exit_code == 0
    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "article.toml"
    path.write_text(ARTICLE)
    return path


@contextmanager
def log_of(database: str) -> Iterator[Ward]:
    with closing(open_keys(load_settings())) as keys, closing(Ward(database, keys)) as ward:
        yield ward


@pytest.fixture
def inquiry(run: Run, database: str) -> UUID:
    inquiry_id, account_id = uuid4(), uuid4()
    with log_of(database) as ward:
        ward.keys.create(account_id)
        opened = InquiryOpened(account_id=account_id, child_id=None, text=QUESTION, on=ward.today())
        ward.save(Recorded(inquiry_id, 1, opened, subject=account_id, partition=uuid4()))
    return inquiry_id


def said(run: Run, *words: object, **more: Any) -> str:
    result = run(*words, **more)
    assert result.exit_code == 0, result.stderr
    return str(result.stdout)


def test_an_article_goes_from_the_desk_to_everybody(run: Run, file: Path) -> None:
    article = said(run, "articles", "draft", file, "--as", DRAFTER).strip()
    assert run("articles", "approve", article, "--as", DRAFTER).exit_code == 1
    assert "手を洗ってください" in said(run, "articles", "preview", article)
    said(run, "articles", "approve", article, "--as", APPROVER)
    said(run, "articles", "publish", article, "--as", APPROVER)
    [line] = json.loads(said(run, "articles", "list", "--json"))
    assert (line["article"], line["standing"]) == (article, "published")
    said(run, "articles", "withdraw", article, "--as", DRAFTER)
    assert "withdrawn" in said(run, "articles", "preview", article)


def test_a_draft_with_faults_is_refused_and_they_are_named(run: Run, file: Path) -> None:
    file.write_text(ARTICLE.replace("source_ja", "sauce_ja").replace("as_of = 2026-11-20\n", ""))
    refused = run("articles", "draft", file, "--as", DRAFTER)
    assert refused.exit_code == 1
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == ["source_ja", "as_of", "sauce_ja"]
    file.write_text(ARTICLE.replace("www.mhlw.go.jp", "example.com"))
    assert "link_not_allowed" in run("articles", "draft", file, "--as", DRAFTER).stderr


def test_an_article_nobody_drafted_is_unknown(run: Run) -> None:
    assert run("articles", "preview", uuid4()).exit_code == 3


def test_the_list_of_inquiries_shows_no_text_and_looking_at_it_is_no_view(run: Run, inquiry: UUID, database: str) -> None:
    listed = said(run, "inquiries", "list", "--json")
    assert QUESTION not in listed
    [line] = json.loads(listed)
    assert (line["inquiry_id"], line["standing"]) == (str(inquiry), "open")
    with log_of(database) as ward:
        assert not [f for f in ward.since(0, 100) if isinstance(f.fact, SubjectRevealed)]


def test_an_inquiry_is_read_with_a_trace_answered_once_and_closed(run: Run, inquiry: UUID, database: str) -> None:
    assert QUESTION in said(run, "inquiries", "show", inquiry, "--as", DRAFTER)
    with log_of(database) as ward:
        [view] = [f for f in ward.since(0, 100) if isinstance(f.fact, SubjectRevealed)]
    assert (view.meta.role, view.meta.actor) == (Role.STAFF, DRAFTER)
    assert "It is answered" in said(run, "inquiries", "answer", inquiry, "--as", DRAFTER, input="メニューにあります。\n")
    assert "before" in said(run, "inquiries", "answer", inquiry, "--as", DRAFTER, input="メニューにあります。")
    assert json.loads(said(run, "inquiries", "list", "--json")) == []
    said(run, "inquiries", "close", inquiry, "--as", DRAFTER)
    assert [one["standing"] for one in json.loads(said(run, "inquiries", "list", "--all", "--json"))] == ["closed"]
    assert "inquiry_closed" in run("inquiries", "answer", inquiry, "--as", DRAFTER, input="まだある").stderr


@pytest.mark.parametrize("text", ["", "a\x1b[31m"])
def test_an_answer_says_something_in_plain_characters(run: Run, inquiry: UUID, text: str) -> None:
    assert run("inquiries", "answer", inquiry, "--as", DRAFTER, input=text).exit_code == 1


def test_nobody_acts_without_a_name(run: Run, inquiry: UUID) -> None:
    assert run("inquiries", "show", inquiry).exit_code == 2
