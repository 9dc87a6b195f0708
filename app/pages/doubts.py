"""Doses that were typed and break a rule, named with it before they are saved (要確認)."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from app.pages.ahead import request_of
from app.pages.desk import Desk
from app.pages.records import Folder
from app.pages.why import told
from projections.engine import engine_with
from schedule.contract import DoseGiven, DoseVerdict


def doubts(desk: Desk, held: Folder, typed: Sequence[tuple[str, date]]) -> list[Markup | None]:
    """For each vaccine and day, beside what is on record: the rule that this dose breaks, or None.

    It is told, not refused: what the handbook says may be saved as it is.
    """
    request = request_of(desk, held, [DoseGiven(vaccine, day) for vaccine, day in typed])
    verdicts = engine_with(desk.edition).forecast(request).doses[len(request.doses) - len(typed) :]
    return [_doubt(desk, day, verdict) for (_, day), verdict in zip(typed, verdicts, strict=True)]


def _doubt(desk: Desk, day: date, verdict: DoseVerdict) -> Markup | None:
    to_check = verdict.programme == "needs_review"
    if verdict.counts and not to_check:
        return None
    rules = [told(desk, reason) for evaluation in verdict.evaluations for reason in evaluation.reasons]
    key = "entry.w_check" if to_check else "entry.w_uncounted"
    return Markup(desk.words.gap).join([*rules, desk.words(key, date=desk.words.date(day))])  # noqa: S704 - a blank of ours
