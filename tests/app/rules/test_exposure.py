import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

from eventstore.database import DatabaseRole, connect
from schedule.japan import load_edition
from tests.app.rules.conftest import Run
from tests.app.rules.test_life import APPROVER, draft, log_of, tried
from tests.projections.family import open_day


def test_who_would_have_been_shown_a_wrong_date_and_since_when(run: Run, ward_of_60: str, revised: Path) -> None:
    edition = draft(run, revised)
    concerned = tried(run, edition, "--approver", APPROVER)
    with log_of(ward_of_60) as ward:
        built_on = ward.today()
        open_day(ward, built_on + timedelta(1))
        assert run("rebuild", "--json").exit_code == 0, "the same edition goes on"
        for days in (2, 3):
            open_day(ward, built_on + timedelta(days))
    child = UUID(concerned["series"][0]["samples"][0]["child_id"])
    _mail(ward_of_60, child, concerned["series"][0]["series"])
    found = run("rules", "exposure", "--edition", load_edition().content_hash, "--until", edition, "--json")
    assert found.exit_code == 0, found.stderr
    exposed = json.loads(found.stdout)["exposed"]
    on_the_first_day = {(one["child_id"], one["series"]) for one in exposed if one["since"] == built_on.isoformat()}
    assert len(on_the_first_day) == sum(series["counts"]["changed"] for series in concerned["series"])
    assert {one["until"] for one in exposed} >= {(built_on + timedelta(3)).isoformat()}
    stretches = sorted((one["child_id"], one["series"], one["since"], one["until"]) for one in exposed)
    assert all(later[2] > one[3] for one, later in pairwise(stretches) if later[:2] == one[:2]), "no day is told twice"
    ((mailed,),) = [one["mailed"] for one in exposed if one["mailed"]]
    assert mailed == (built_on + timedelta(1)).isoformat()
    table = run("rules", "exposure", "--edition", load_edition().content_hash, "--until", edition).stdout
    assert {one["child_id"] for one in exposed} <= set(table.split()), "ids are whole, to be used with replay"
    assert max(map(len, table.splitlines())) <= 80


def test_an_edition_that_nobody_was_shown_exposes_nobody(run: Run, ward_of_60: str, revised: Path) -> None:
    edition = draft(run, revised)
    assert run("rules", "exposure", "--edition", edition, "--until", load_edition().content_hash).exit_code == 4
    assert run("rules", "exposure", "--edition", "abcdef", "--until", edition).exit_code == 3


def _mail(database: str, child: UUID, series: str) -> None:
    """A mail about one series, accepted the day after the demo ward's last day."""
    message, account = uuid4(), uuid4()
    with connect(database, DatabaseRole.MAILER) as ledger:
        ledger.execute(
            """INSERT INTO mail.message (message_id, account_id, state, planned_on, not_before, settled_at)
               VALUES (%s, %s, 'accepted', '2026-11-23', '2026-11-23', '2026-11-23 12:00+09')""",
            (message, account),
        )
        ledger.execute(
            "INSERT INTO mail.occasion VALUES (%s, %s, %s, %s, 1, 'recommended_starts', 0, '2026-11-23', 1, %s)",
            (uuid4(), account, child, series, message),
        )
