"""Whether the service is up, for supervisors and load balancers. Nothing here is personal."""

from datetime import date

from fastapi import APIRouter

from app.api import API
from app.api.body import Answer
from app.api.caller import Serving
from app.api.openapi import ALWAYS, problems
from commands.refusals import DayNotOpened

router = APIRouter(prefix=f"{API}/health", tags=["health"])


class Live(Answer):
    """The process answers."""

    live: bool = True


class Ready(Answer):
    """The databases answer, and this is how far things are. A parked stream is an alarm: its rows stand still until a rebuild."""

    opened_day: date
    events_behind: int
    parked_streams: int
    children_pending: int


@router.get("/live", responses=problems(*ALWAYS))
def get_live() -> Live:
    """Whether the process answers at all."""
    return Live()


@router.get("/ready", responses=problems(*ALWAYS, DayNotOpened))
def get_ready(service: Serving) -> Ready:
    """Whether requests can be served: a day is open and the read models exist."""
    lag = service.queries.lag()
    return Ready(
        opened_day=service.ward.today(),
        events_behind=lag.events,
        parked_streams=lag.parked,
        children_pending=lag.pending,
    )
