"""Whom a notice is meant for (対象者)."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date

from aggregates.child.refusals import UnknownSeries
from aggregates.notice.facts import DueStatus, NoticeDrafted
from aggregates.notice.refusals import AudienceImpossible
from schedule.days import add_months

_PREFIX = re.compile(r"[0-9]{1,7}")


def is_for_everybody(draft: NoticeDrafted) -> bool:
    """Whether no criterion is named."""
    named = (draft.postal_prefixes, draft.series, draft.languages, draft.edition)
    return not concerns_children(draft) and not any(named)


def concerns_children(draft: NoticeDrafted) -> bool:
    """Whether a criterion asks for something of a child."""
    return bool(draft.series) or bool(draft.edition) or (draft.age_months_from, draft.age_months_to) != (None, None)


def statuses(draft: NoticeDrafted) -> tuple[DueStatus, ...]:
    """Where one of the series has to stand; due or overdue where nothing else is said."""
    return draft.due or (DueStatus.DUE, DueStatus.OVERDUE)


def born_between(draft: NoticeDrafted, today: date) -> tuple[date, date]:
    """The birthdays of children who have completed `age_months_from` to `age_months_to` months (満月齢) today."""
    first = date.min if draft.age_months_to is None else date.fromordinal(_last_birth(draft.age_months_to + 1, today) + 1)
    last = date.max if draft.age_months_from is None else date.fromordinal(_last_birth(draft.age_months_from, today))
    return first, last


def concerns(draft: NoticeDrafted, born_on: date, due: Mapping[str, str], today: date) -> bool:
    """Whether a child is of the age that is named, and one of the series stands so for it; `due` tells where each stands."""
    first, last = born_between(draft, today)
    return first <= born_on <= last and any(due.get(series) in statuses(draft) for series in draft.series)


def require_possible(draft: NoticeDrafted, known_series: AbstractSet[str]) -> None:
    """Refuse an audience that nobody can belong to."""
    unknown = [code for code in draft.series if code not in known_series]
    if unknown:
        raise UnknownSeries(series=unknown[0])
    low, high = draft.age_months_from, draft.age_months_to
    backwards = low is not None and high is not None and low > high
    negative = any(months is not None and months < 0 for months in (low, high))
    strange = any(not _PREFIX.fullmatch(prefix) for prefix in draft.postal_prefixes)
    if backwards or negative or strange or (draft.due and not draft.series):
        raise AudienceImpossible


def _last_birth(months: int, today: date) -> int:
    """The last birthday with so many completed months today; searched for, because months are never subtracted."""
    day = today.toordinal() - months * 31
    while add_months(day + 1, months) <= today.toordinal():
        day += 1
    return day
