"""What the commands on notices (お知らせ) share."""

from collections.abc import Callable, Sequence
from uuid import UUID

from aggregates.fact import Actor, Fact, Role
from aggregates.notice.state import Notice, evolve
from commands import desk
from commands.work import Kind
from eventstore.ward import Ward

NOTICE = Kind(Notice, evolve)
Decide = Callable[[Notice], Sequence[Fact]]


def notices_known(ward: Ward) -> dict[UUID, Notice]:
    """All notices by id, in the order in which they were drafted."""
    return {stream: notice_known(ward, stream) for stream in desk.streams_of(ward, "notice")}


def notice_known(ward: Ward, notice_id: UUID) -> Notice:
    """Where a notice stands; one of which nothing is known has no draft."""
    return ward.state(notice_id, NOTICE.project)[0]


def change(ward: Ward, notice_id: UUID, operator: UUID, decide: Decide) -> bool:
    """Append what an operator does about a notice; whether that was anything.

    Raises:
        StaleVersion: somebody else was faster; look again.
    """
    return desk.change(ward, notice_id, NOTICE, Actor(operator, Role.OPERATOR), decide)
