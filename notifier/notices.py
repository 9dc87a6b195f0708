"""Whether a notice may still be told to one account, by the log as it is now."""

from aggregates.account.state import MailWishes
from aggregates.notice.facts import NoticeDrafted
from aggregates.notice.state import Notice


def reason_against(notice: Notice, wishes: MailWishes) -> str | None:
    """Why a letter of a notice does not leave, as a stable code; None where it does."""
    if notice.cancelled or notice.draft is None:
        return "notice_cancelled"
    return None if is_wished(notice.draft, wishes) else "not_wished"


def is_wished(draft: NoticeDrafted, wishes: MailWishes) -> bool:
    """Whoever asked for notices; of dates that an edition changed, whoever asked for reminders of vaccinations too."""
    return wishes.notices or (bool(draft.edition) and wishes.vaccinations)
