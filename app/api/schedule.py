"""What a child is due for and why (接種スケジュール)."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Header, Query, Response
from msgspec import Struct

from aggregates.child.refusals import DayInFuture
from aggregates.refusal import NotFound
from app.api import API
from app.api.caller import Me, Serving
from app.api.openapi import reads, struct_answer
from app.api.reading import Wait, etag
from app.past import AsOfAmbiguous, NotShownThen, PastSchedule, PastUnavailable, TooManyPasts, UnknownEdition
from app.unofficial import UNOFFICIAL
from projections.views import ScheduleView
from schedule.contract import DoseVerdict, SeriesForecast
from schedule.japan.status import with_due_status

router = APIRouter(prefix=f"{API}/children/{{child_id}}/schedule", tags=["schedule"])

_encode = msgspec.json.Encoder().encode


class ScheduleOut(Struct, frozen=True):
    """A child's schedule as of one day. Verdicts are in the order of the dose history."""

    child_id: UUID
    as_of: date
    edition: str
    engine: str
    notice: dict[str, str]
    doses: tuple[DoseVerdict, ...]
    forecasts: tuple[SeriesForecast, ...]


_PAST = (AsOfAmbiguous, DayInFuture, NotShownThen, UnknownEdition, PastUnavailable, TooManyPasts)
ENGINE_HEADER = "Hagukumi-Engine-Changed"
_HEADERS = {
    ENGINE_HEADER: {
        "description": "`?1` where another version of the engine answered on the day asked for, so that this may read otherwise.",
        "schema": {"type": "string"},
    }
}


@router.get(
    "",
    responses=reads(*_PAST)
    | struct_answer(ScheduleOut, "The schedule", _HEADERS)
    | {304: {"description": "Unchanged since If-None-Match"}},
    response_class=Response,
    dependencies=[Wait],
)
def get_schedule(
    child_id: UUID,
    me: Me,
    service: Serving,
    *,
    if_none_match: Annotated[str | None, Header(max_length=200, description="ETag of the answer at hand.")] = None,
    shown_on: Annotated[
        date | None, Query(description="The schedule as it was shown at the end of this day, byte for byte: facts, edition, day.")
    ] = None,
    edition: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{64}$", description="What this edition, once shown to families, makes of what is known now."),
    ] = None,
) -> Response:
    """The schedule of a child: every series with its dates, their reasons and the article of law.

    With `shown_on` or `edition` it is not the present one: such answers are reckoned anew, and only so many within a time.
    """
    if shown_on is not None and edition is not None:
        raise AsOfAmbiguous
    if shown_on is not None:
        return _past(service.past.shown_on(me, child_id, shown_on), if_none_match)
    if edition is not None:
        return _past(service.past.under(me, child_id, edition), if_none_match)
    view = service.queries.schedule(me, child_id)
    if view is None:
        raise NotFound
    tag = etag(f"{view.child.version}-{view.generation}-{view.opened_day}")
    return _unchanged(tag) if if_none_match == tag else _answer(shown(view), tag)


def _past(past: PastSchedule, if_none_match: str | None) -> Response:
    tag = etag(f"{past.record.digest.hex()}-{past.then.day}")
    response = _unchanged(tag) if if_none_match == tag else _answer(shown_then(past), tag)
    if past.engine_changed:
        response.headers[ENGINE_HEADER] = "?1"
    return response


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag})


def _answer(schedule: ScheduleOut, tag: str) -> Response:
    return Response(_encode(schedule), media_type="application/json", headers={"ETag": tag})


def shown(view: ScheduleView) -> ScheduleOut:
    """The stored answer with the status of each series on the opened day, which is derived and never stored."""
    answer = with_due_status(view.answer, view.opened_day)
    return ScheduleOut(
        view.child.child_id, view.opened_day, view.edition, view.engine, UNOFFICIAL, answer.doses, answer.forecasts
    )


def shown_then(past: PastSchedule) -> ScheduleOut:
    """A schedule that is not the present one, in the same form."""
    edition, engine = past.then.engine
    answer = with_due_status(past.record.answer, past.then.day)
    return ScheduleOut(past.child.child_id, past.then.day, edition, engine, UNOFFICIAL, answer.doses, answer.forecasts)
