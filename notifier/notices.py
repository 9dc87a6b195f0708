"""Whether a notice may still be told to one account, by the log as it is now."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from aggregates.account.state import MailWishes
from aggregates.child.state import Child
from aggregates.notice.audience import concerns
from aggregates.notice.facts import NoticeDrafted
from aggregates.notice.state import Notice

DueOf = Callable[[UUID, Child], Mapping[str, str]]
"""Where each series stands for a child today."""


def reason_against(notice: Notice, wishes: MailWishes) -> str | None:
    """Why a letter of a notice does not leave, as a stable code; None where it does."""
    if notice.cancelled or notice.draft is None:
        return "notice_cancelled"
    return None if is_wished(notice.draft, wishes) else "not_wished"


def is_wished(draft: NoticeDrafted, wishes: MailWishes) -> bool:
    """Whoever asked for notices; of dates that an edition changed, whoever asked for reminders of vaccinations too."""
    return wishes.notices or (bool(draft.edition) and wishes.vaccinations)


def still_concerns(draft: NoticeDrafted, children: Mapping[UUID, Child], due_of: DueOf, today: date) -> bool:
    """Whether one of a household's children, as recorded this moment, is still one that the notice is about."""
    living = ((child_id, child) for child_id, child in children.items() if child.registered and not child.moved_out)
    return any(
        child.born_on is not None and concerns(draft, child.born_on, due_of(child_id, child), today) for child_id, child in living
    )
