"""An operator lays a notice before the ward (起案)."""

from collections.abc import Set as AbstractSet
from functools import partial
from uuid import UUID

from aggregates.notice.facts import NoticeDrafted
from aggregates.notice.life import draft
from commands.notice_life import change
from eventstore.ward import Ward


def draft_notice(ward: Ward, notice_id: UUID, drafted: NoticeDrafted, known_series: AbstractSet[str]) -> bool:
    """Keeps a new notice, or a new version of one, and answers whether it was this call that did.

    Raises:
        Refusal: the wording or the audience is unfit, or the notice was released; see `aggregates.notice.life`.
    """
    return change(ward, notice_id, drafted.operator, partial(draft, drafted=drafted, known_series=known_series))
