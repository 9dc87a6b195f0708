"""What may be told of an impact: counts in which no small group of children can be made out (秘匿)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from projections.impact import Outcome, Sample, by_series
from projections.impact_effect import Effect

SMALL = 10
"""A number of children below this is told to the approver alone."""

BANDS = ((-180, -31), (-30, -1), (0, 0), (1, 30), (31, 180))
"""Days by which a first day moves, earlier to later; there are open bands on both sides."""

Counts = dict[Effect, int | None]
"""Children by effect; None stands for a number that is not told."""


class CohortImpact(Struct, frozen=True):
    """Children born in fiscal years (年度) `born_from` to `born_to`."""

    born_from: int
    born_to: int
    counts: Counts


class SeriesImpact(Struct, frozen=True):
    """One series (各期), in all and by cohort, with examples."""

    series: str
    counts: Counts
    cohorts: list[CohortImpact]
    samples: list[Sample]


class BornImpact(Struct, frozen=True):
    """How many children born in fiscal years (年度) `born_from` to `born_to` are concerned."""

    born_from: int
    born_to: int
    children: int | None


class Moves(Struct, frozen=True):
    """How many first days of doses move by `days_from` to `days_to` days; None stands for no bound."""

    days_from: int | None
    days_to: int | None
    doses: int | None


class ImpactReport(Struct, frozen=True):
    """The report that an edition is approved on.

    `households` counts families that would be shown anything else, `to_tell` those with other dates of doses: a notice of the
    edition goes to these.
    """

    edition: str
    instead_of: str
    engine: str
    position: int
    as_of: date
    children: int
    unreadable: int
    households: int | None
    to_tell: int | None
    counts: Counts
    series: list[SeriesImpact]
    born: list[BornImpact]
    moves: list[Moves]


def report(outcome: Outcome, *, approver: bool) -> ImpactReport:
    """The whole report; small cells are merged or left out unless the approver reads it."""
    at, tally = outcome.generation, outcome.tally
    hide = _all if approver else hidden
    return ImpactReport(
        edition=outcome.edition,
        instead_of=at.edition,
        engine=at.engine,
        position=at.position,
        as_of=at.opened_on,
        children=tally.children,
        unreadable=tally.unreadable,
        households=hide([len(tally.households)])[0],
        to_tell=hide([len(tally.to_tell)])[0],
        counts=_counts(tally.totals, approver=approver),
        series=[_series(code, cohorts, tally.samples[code], approver=approver) for code, cohorts in by_series(tally)],
        born=_born(tally.born, approver=approver),
        moves=_moves(tally.moves, approver=approver),
    )


def _born(children: Counter[int], *, approver: bool) -> list[BornImpact]:
    cohorts = {born: Counter({Effect.CHANGED: count}) for born, count in children.items() if count}
    groups = list(_groups(cohorts, 0 if approver else SMALL))
    told = (_all if approver else hidden)([counts[Effect.CHANGED] for _, _, counts in groups])
    return [BornImpact(first, last, count) for (first, last, _), count in zip(groups, told, strict=True)]


def _moves(moves: Counter[int], *, approver: bool) -> list[Moves]:
    bounds = [(None, BANDS[0][0] - 1), *BANDS, (BANDS[-1][1] + 1, None)]
    counts = [sum(n for days, n in moves.items() if _within(days, band)) for band in bounds]
    told = (_all if approver else hidden)(counts)
    return [Moves(first, last, count) for (first, last), count in zip(bounds, told, strict=True)]


def _within(days: int, band: tuple[int | None, int | None]) -> bool:
    first, last = band
    return (first is None or days >= first) and (last is None or days <= last)


def _series(code: str, cohorts: dict[int, Counter[Effect]], samples: list[Sample], *, approver: bool) -> SeriesImpact:
    total = sum(cohorts.values(), Counter[Effect]())
    if not approver and total[Effect.CHANGED] < SMALL:
        return SeriesImpact(code, _counts(total, approver=False), [], [])
    groups = list(_groups(cohorts, 0 if approver else SMALL))
    columns = {effect: (_all if approver else hidden)([counts[effect] for _, _, counts in groups]) for effect in Effect}
    told = [
        CohortImpact(first, last, {effect: columns[effect][row] for effect in Effect})
        for row, (first, last, _) in enumerate(groups)
    ]
    return SeriesImpact(code, _counts(total, approver=approver), told, samples)


def _groups(cohorts: dict[int, Counter[Effect]], least: int) -> Iterator[tuple[int, int, Counter[Effect]]]:
    """Cohorts, neighbours merged until each group has at least so many children; what is left joins the last group."""
    done: list[tuple[int, int, Counter[Effect]]] = []
    first, counts = None, Counter[Effect]()
    for born, more in sorted(cohorts.items()):
        first, counts = born if first is None else first, counts + more
        if counts[Effect.CHANGED] >= least:
            done.append((first, born, counts))
            first, counts = None, Counter()
    if first is not None and done:
        begun, _, before = done.pop()
        done.append((begun, max(cohorts), before + counts))
    return iter(done)


def _counts(counts: Counter[Effect], *, approver: bool) -> Counts:
    return {effect: counts[effect] if approver else hidden([counts[effect]])[0] for effect in Effect}


def hidden(column: Iterable[int]) -> list[int | None]:
    """Numbers that add up to one that is told: small ones are left out, and never one alone, or a sum would tell it."""
    numbers = list(column)
    left_out = {place for place, number in enumerate(numbers) if 0 < number < SMALL}
    others = [place for place, number in enumerate(numbers) if number >= SMALL]
    if len(left_out) == 1 and others:
        left_out.add(min(others, key=numbers.__getitem__))
    return [None if place in left_out else number for place, number in enumerate(numbers)]


def _all(column: Iterable[int]) -> list[int | None]:
    return list(column)
