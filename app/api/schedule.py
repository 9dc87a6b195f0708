"""What a child is due for and why (接種スケジュール)."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Header, Response
from msgspec import Struct

from aggregates.refusal import NotFound
from app.api import API
from app.api.caller import Me, Serving
from app.api.openapi import reads, struct_answer
from app.api.reading import Wait, etag
from projections.views import ScheduleView
from schedule.contract import DoseVerdict, SeriesForecast
from schedule.japan.status import with_due_status

router = APIRouter(prefix=f"{API}/children/{{child_id}}/schedule", tags=["schedule"])

NOTICE = {"ja": "保護者入力・公的記録ではありません", "en": "Entered by parents. Not an official record."}
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


@router.get(
    "",
    responses=reads() | struct_answer(ScheduleOut, "The schedule") | {304: {"description": "Unchanged since If-None-Match"}},
    response_class=Response,
    dependencies=[Wait],
)
def get_schedule(
    child_id: UUID,
    me: Me,
    service: Serving,
    if_none_match: Annotated[str | None, Header(max_length=200, description="ETag of the answer at hand.")] = None,
) -> Response:
    """The schedule of a child: every series with its dates, their reasons and the article of law."""
    view = service.queries.schedule(me, child_id)
    if view is None:
        raise NotFound
    tag = etag(f"{view.child.version}-{view.generation}-{view.opened_day}")
    if if_none_match == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(_encode(shown(view)), media_type="application/json", headers={"ETag": tag})


def shown(view: ScheduleView) -> ScheduleOut:
    """The stored answer with the status of each series on the opened day, which is derived and never stored."""
    answer = with_due_status(view.answer, view.opened_day)
    return ScheduleOut(view.child.child_id, view.opened_day, view.edition, view.engine, NOTICE, answer.doses, answer.forecasts)
