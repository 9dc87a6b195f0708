"""After a family has used the service, nothing of it stands in the clear but in the read models."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

HANDLE, BORN, ADDRESS, PASSWORD, POSTAL = "ゆきんこ七七", "2026-04-13", "yukinko77@example.jp", "kasa-kasa-7777-ame", "102-7777"
TRACES = [HANDLE, BORN, ADDRESS, PASSWORD, POSTAL, POSTAL.replace("-", "")]


def rows_in_the_clear(database: str) -> Iterator[tuple[str, str]]:
    """Every row outside the read models, as text; bytes as hexadecimal digits."""
    with psycopg.connect(database) as connection:
        tables = connection.execute(
            """SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
               WHERE table_schema IN ('events', 'identity', 'mail', 'projection', 'edition') AND table_type = 'BASE TABLE'"""
        ).fetchall()
        for (table,) in tables:
            for (row,) in connection.execute(f"SELECT t::text FROM {table} t").fetchall():
                yield table, row


def live_with(guardian: Any) -> None:
    """Register, record, mistype, plan, postpone and ask."""
    child = f"/children/{uuid4()}"
    guardian.do("PUT", child, {"handle": HANDLE, "born_on": BORN, "sex": "F"})
    guardian.do("PUT", "/account/email", {"address": ADDRESS})
    guardian.do("PUT", "/account/profile", {"handle": HANDLE, "postal_code": POSTAL})
    doses = [{"dose_id": str(uuid4()), "vaccine": "BCG"}]
    guardian.do("PUT", f"{child}/visits/{uuid4()}", {"given_on": "2026-09-14", "doses": doses})
    guardian.ask("PUT", f"{child}/visits/{uuid4()}", {"given_on": "2026-04-01", "doses": doses})
    guardian.ask("PUT", child, {"handle": HANDLE, "born_on": "no day", "sex": ADDRESS})
    guardian.ask("POST", "/session", {"login_id": HANDLE, "password": PASSWORD})
    guardian.ask("GET", f"/children/{HANDLE}?born={BORN}")
    guardian.get(f"{child}/schedule")


def test_no_log_line_names_a_person(guardian: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)  # all loggers at their most talkative
    live_with(guardian)
    lines = [record.getMessage() for record in caplog.records if record.name != "httpx"]  # the family's own browser
    assert any("/visits/" in line for line in lines)
    assert [(line, trace) for line in lines for trace in TRACES if trace in line] == []


def test_no_row_outside_the_read_models_names_a_person(guardian: Any, service: Any) -> None:
    live_with(guardian)
    rows = list(rows_in_the_clear(service.conninfo))
    assert {table for table, _ in rows} >= {"events.event", "events.command", "identity.credential"}
    found = [(table, trace) for table, row in rows for trace in TRACES if trace in row or trace.encode().hex() in row]
    assert found == []
