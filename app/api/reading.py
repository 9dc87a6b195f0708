"""What reads share: waiting for one's own writes, entity tags."""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.concurrency import run_in_threadpool

from app.api.caller import service_of
from app.positions import SEALED, SealBroken
from app.problems import MalformedHeader

POSITION_HEADER = "Hagukumi-Position"
READ = "read"
WAIT_SECONDS_MAX = 2.0


async def read_your_writes(
    request: Request,
    position: Annotated[
        str | None,
        Header(
            alias=POSITION_HEADER,
            pattern=SEALED,
            description="From the answer to a write: wait until it can be read, at most 2 s.",
        ),
    ] = None,
) -> None:
    """Wait until the caller's last write can be read; after a while answer with what there is, and say so."""
    if position is None:
        return
    service = service_of(request)
    try:
        awaited = service.positions.open(position, READ)
    except SealBroken:
        raise MalformedHeader(header=POSITION_HEADER) from None
    request.state.behind = not await run_in_threadpool(service.queries.wait_for, awaited, WAIT_SECONDS_MAX)


def etag(version: int | str) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


Wait = Depends(read_your_writes)
