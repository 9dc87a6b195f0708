"""What a child is due for, as a card or list shows it: one `Due` a series, with its badge and its dates."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from app.pages.names import Names
from app.pages.text import Words
from schedule.contract import SeriesForecast

Group: TypeAlias = Literal["near", "now", "later", "done", "closed"]
SOON_DAYS_MAX = 30
_CLOSED = frozenset({"aged_out", "cannot_complete_in_window"})
_FINISHED = frozenset({"complete", "immune"})
_HIDDEN = frozenset({"not_in_program", "not_applicable", "contraindicated", "excluded", "excluded_had_disease", "out_of_season"})
_CHECKUPS = "CHK"


class Badge(Struct, frozen=True):
    """Mark, words and colour: remove the colour and nothing is lost."""

    tone: str
    sign: str
    words: Markup


class Visit(Struct, frozen=True):
    """A planned visit (受診予定)."""

    visit_id: UUID
    on: date
    series: tuple[str, ...]


class Postponement(Struct, frozen=True):
    """Series that are put off (延期)."""

    postponement_id: UUID
    series: tuple[str, ...]
    reason: str
    until: date | None

    def holds(self, today: date) -> bool:
        """Whether it does not lie behind."""
        return self.until is None or self.until > today


class GivenDose(Struct, frozen=True):
    """A dose as recorded, and the series it was counted for."""

    dose_id: UUID
    visit_id: UUID
    vaccine: str
    given_on: date | None
    setting: str
    programme: str | None = None
    counts: bool | None = None
    series: tuple[str, ...] = ()


class Record(Struct, frozen=True):
    """Everything known of one child's schedule on one day. `forecasts` carry their `due_status`."""

    forecasts: tuple[SeriesForecast, ...]
    doses: tuple[GivenDose, ...] = ()
    visits: tuple[Visit, ...] = ()
    postponements: tuple[Postponement, ...] = ()

    def missed_visit(self, today: date) -> Visit | None:
        """The latest planned visit whose day has passed with nothing recorded."""
        return max((visit for visit in self.visits if visit.on < today), key=lambda visit: visit.on, default=None)

    def visit_for(self, series: str, today: date) -> Visit | None:
        """The next planned visit for a series."""
        planned = [visit for visit in self.visits if series in visit.series and visit.on >= today]
        return min(planned, key=lambda visit: visit.on, default=None)

    def postponement_of(self, series: str, today: date) -> Postponement | None:
        """The postponement that holds for a series."""
        holding = [p for p in self.postponements if series in p.series and p.holds(today)]
        return next(iter(holding), None)

    def given(self, series: str) -> list[GivenDose]:
        """The doses of a series with a known day, in order."""
        known = [dose for dose in self.doses if series in dose.series and dose.given_on]
        return sorted(known, key=lambda dose: dose.given_on or date.max)


class Due(Struct, frozen=True):
    """One series of one child as it is shown."""

    series: str
    name: str
    sub: str
    badge: Badge
    group: Group
    forecast: SeriesForecast
    dose: str = ""
    visit: Visit | None = None
    postponement: Postponement | None = None
    given: tuple[GivenDose, ...] = ()
    voluntary: bool = False
    recommended_soon_over: bool = False
    free_soon_over: bool = False

    @property
    def full_name(self) -> str:
        """The vaccine with the dose that comes next."""
        return f"{self.name} {self.dose}".strip()

    @property
    def checkup(self) -> bool:
        """Whether this is a health check (健診) and no vaccine."""
        return self.series.startswith(_CHECKUPS)

    @property
    def finished(self) -> bool:
        """Whether nothing more comes."""
        return self.group in {"done", "closed"}

    @property
    def overdue(self) -> bool:
        """Whether the recommended time has passed while the dose can still be given."""
        return not self.finished and self.forecast.due_status == "overdue"

    def key_day(self) -> tuple[str, date | None]:
        """The day a card shows big, with the key of what it is: the plan, else the end of what comes first."""
        if self.visit:
            return "home.planned", self.visit.on
        if self.forecast.past_due and self.badge.sign != "▽":
            return "home.std_end", self.forecast.past_due
        return "home.check_end" if self.checkup else "home.free_end", self.forecast.latest

    def urgency(self) -> date:
        """What is due first comes first."""
        return self.key_day()[1] or date.max

    def begins(self) -> date | None:
        """The first day on which this is recommended, or possible where nothing is recommended."""
        return self.forecast.recommended or self.forecast.earliest


def dues(record: Record, words: Words, names: Names) -> list[Due]:
    """Every series that concerns the child, the most urgent first."""
    shown = [f for f in record.forecasts if (f.due_status or f.status) not in _HIDDEN and f.status != "not_recommended"]
    made = [_due(forecast, record, words, names) for forecast in shown]
    return sorted(made, key=lambda due: (due.finished, due.urgency(), due.forecast.past_due or date.max))


def replaced_series(record: Record) -> set[str]:
    """Series that need not be shown because another of their vaccine group takes their place.

    Of the combined and single vaccines of one group the family has begun with one, or would begin with the first. A
    combination such as DPT-IPV covers the parts that its code names; of the others only the uncovered parts remain.
    """
    groups: dict[str, list[SeriesForecast]] = defaultdict(list)
    for forecast in record.forecasts:
        groups[forecast.vaccine_group].append(forecast)
    return {code for group in groups.values() if len(group) > 1 for code in _replaced(group, record)}


def _replaced(group: list[SeriesForecast], record: Record) -> set[str]:
    given = Counter(dose.vaccine for dose in record.doses)
    chosen = max(group, key=lambda forecast: (given[forecast.series], -group.index(forecast))).series
    covered = set(chosen.upper().split("-")) if "-" in chosen else set()
    others = {forecast.series for forecast in group} - {chosen}
    return {code for code in others if not given[code] and ("-" in code or code.upper() in covered)}


def in_group(items: Iterable[Due], group: Group) -> list[Due]:
    """The items of one group, in order."""
    return [item for item in items if item.group == group]


def on_card(items: Sequence[Due], today: date) -> list[Due]:
    """What the next-due card speaks of: the next planned visit, else what the public programme offers now."""
    visits = {item.visit.visit_id: item.visit for item in items if item.visit}
    nearest = min(visits.values(), key=lambda visit: visit.on, default=None)
    if nearest:
        return [item for item in items if item.visit and item.visit.visit_id == nearest.visit_id]
    offered = [item for item in items if item.group in {"near", "now"} and not item.voluntary]
    return [item for item in offered if not item.postponement and _possible(item, today)]


def not_on_card(items: Sequence[Due], shown: Sequence[Due], today: date) -> list[Due]:
    """What the public programme offers now beside the visit that the card speaks of."""
    rest = [item for item in items if item not in shown and not item.visit]
    return on_card(rest, today)


def coming(items: Iterable[Due]) -> list[tuple[date, Due]]:
    """What comes later, with its first day, the soonest first."""
    begun = [(item.begins(), item) for item in items if item.group == "later"]
    return sorted(((day, item) for day, item in begun if day), key=lambda pair: (pair[0], pair[1].series))


def possible_on(items: Iterable[Due], day: date) -> list[Due]:
    """What may lawfully be given on a day."""
    return [item for item in items if not item.finished and _possible(item, day)]


def _possible(item: Due, day: date) -> bool:
    earliest, latest = item.forecast.earliest, item.forecast.latest
    return earliest is not None and earliest <= day and (latest is None or day <= latest)


def _due(forecast: SeriesForecast, record: Record, words: Words, names: Names) -> Due:
    visit = record.visit_for(forecast.series, words.today)
    postponement = record.postponement_of(forecast.series, words.today)
    voluntary = names.voluntary(forecast.series)
    badge, group = _standing(forecast, visit, postponement, _Offer(words, voluntary=voluntary))
    return Due(
        series=forecast.series,
        name=names.series(forecast.series),
        sub=names.series_sub(forecast.series),
        dose=dose_label(forecast, words),
        badge=badge,
        group=group,
        forecast=forecast,
        visit=visit,
        postponement=postponement,
        given=tuple(record.given(forecast.series)),
        voluntary=voluntary,
        recommended_soon_over=group != "done" and _soon_over(words.today, forecast.past_due),
        free_soon_over=group != "done" and _soon_over(words.today, forecast.latest),
    )


def dose_label(forecast: SeriesForecast, words: Words) -> str:
    """Which dose comes next; nothing where there is only one."""
    if forecast.status in _FINISHED or forecast.dose_number is None:
        return ""
    only_one = forecast.dose_number == 1 and forecast.doses_remaining in {None, 1}
    return "" if only_one else str(words("common.dose", n=forecast.dose_number))


class _Offer(Struct, frozen=True):
    """Who pays: what the public programme calls free, a voluntary vaccine has as the ward's aid (助成)."""

    words: Words
    voluntary: bool

    def says(self, key: str, **values: object) -> Markup:
        return self.words(f"{key}_aid" if self.voluntary else key, **values)


def _standing(
    forecast: SeriesForecast, visit: Visit | None, postponement: Postponement | None, offer: _Offer
) -> tuple[Badge, Group]:
    words = offer.words
    if forecast.status in _FINISHED:
        return Badge("done", "●", words("badge.done")), "done"
    if _CLOSED & {forecast.status, forecast.due_status}:
        return Badge("risk", "×", offer.says("badge.closed")), "closed"
    if visit:
        return Badge("plan", "◇", words("badge.planned_on", date=words.date(visit.on))), "near"
    if postponement:
        return _postponed(postponement, words), "later"
    return _by_dates(forecast, offer)


def _postponed(postponement: Postponement, words: Words) -> Badge:
    until = postponement.until
    return Badge("off", "＝", words("badge.postponed_until", date=words.date(until)) if until else words("badge.postponed"))


def _by_dates(forecast: SeriesForecast, offer: _Offer) -> tuple[Badge, Group]:
    words = offer.words
    if forecast.due_status in {"not_due", "eligible_early"}:
        return _later(forecast, words), "later"
    if _soon_over(words.today, forecast.latest):
        return Badge("risk", "▲", offer.says("badge.last", n=_days(words.today, forecast.latest))), "near"
    if _soon_over(words.today, forecast.past_due):
        return Badge("soon", "△", words("badge.soon", n=_days(words.today, forecast.past_due))), "near"
    if forecast.due_status == "overdue":
        return Badge("soon", "▽", offer.says("badge.past")), "now"
    return Badge("open", "○", words("badge.open")), "now"


def _later(forecast: SeriesForecast, words: Words) -> Badge:
    if forecast.due_status == "eligible_early" and forecast.recommended:
        return Badge("off", "□", words("badge.recommended_later", date=words.date(forecast.recommended)))
    if forecast.earliest:
        return Badge("off", "□", words("badge.later", date=words.date(forecast.earliest)))
    return Badge("off", "□", words("badge.someday"))


def _soon_over(today: date, until: date | None) -> bool:
    return until is not None and 0 <= _days(today, until) <= SOON_DAYS_MAX


def _days(today: date, until: date | None) -> int:
    return (until - today).days if until else 0
