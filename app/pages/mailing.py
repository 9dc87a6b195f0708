"""Which mails will come and which will not, and why (なぜ届く・なぜ届かない)."""

from datetime import date
from itertools import groupby
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from app.pages.desk import Desk
from app.pages.records import Folder, folder
from projections.views import ReminderView

_SHOWN_MAX = 20


class MailLine(Struct, frozen=True):
    """What one day brings for one child."""

    on: date
    handle: str
    what: Markup
    vaccines: list[str]
    why_not: Markup | None


def mail_lines(desk: Desk) -> list[MailLine]:
    """The next mails of this guardian, the soonest first; what falls on one day for one reason stands together."""
    folders = {kid.child_id: folder(desk, kid) for kid in desk.kids}
    listed = [row for row in desk.service.queries.reminders(desk.me, desk.today) if row.child_id in folders]
    ordered = sorted(listed, key=_together)
    lines = (_line(desk, folders, list(rows)) for _, rows in groupby(ordered, key=_together))
    return [line for _, line in zip(range(_SHOWN_MAX), lines, strict=False)]


def _together(row: ReminderView) -> tuple[date, str, str, str]:
    return row.due_on, str(row.child_id), row.kind, row.withheld_reason or ""


def _line(desk: Desk, folders: dict[UUID, Folder], rows: list[ReminderView]) -> MailLine:
    first, words = rows[0], desk.words
    held = folders[first.child_id]
    names = {item.series: item.full_name for item in held.items}
    return MailLine(
        on=first.due_on,
        handle=held.kid.handle,
        what=words(f"mail_kind.{first.kind}"),
        vaccines=[names.get(row.series) or desk.names.series(row.series) for row in rows],
        why_not=words(f"mail_not.{first.withheld_reason}") if first.withheld_reason else None,
    )
