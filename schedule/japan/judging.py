"""Evaluates the doses given (CDSi chapter 6): was each lawful on its day, does it count, and for which series."""

from typing import Final

from schedule.contract import DoseVerdict, Evaluation, Reason
from schedule.japan import saying
from schedule.japan.child import Child, OpenDays, Tally, chronological, within
from schedule.japan.law import LONGEST_SPACING_DAYS, Product, Row, Series, Window
from schedule.japan.reckoning import first_after

_VALID: Final = "valid"
_EARLY: Final = "too_early"
_SOON: Final = "too_soon_interval"
_OUT: Final = "out_of_window"
_EXCEEDED: Final = "interval_exceeded"
_CLOSENESS: Final = {_EXCEEDED: 0, _SOON: 1, _EARLY: 2, _OUT: 3}
"""How close a dose came to what a row asks for that it does not keep, the closest first."""


class Finding:
    """What was found about one dose in one series."""

    __slots__ = ("counts", "extraneous", "programme", "reason", "row", "validity")

    def __init__(
        self,
        validity: str,
        *,
        counts: bool | None,
        row: Row | None = None,
        reason: Reason | None = None,
        programme: str | None = None,
        extraneous: bool = False,
    ) -> None:
        self.validity = validity
        self.counts = counts
        self.row = row
        self.reason = reason
        self.programme = programme
        self.extraneous = extraneous


_EXTRA: Final = Finding(_OUT, counts=False, reason=saying.EXTRA_DOSE, extraneous=True)


def judge_doses(child: Child, codes: frozenset[str] | None = None) -> tuple[DoseVerdict, ...]:
    """The verdicts on all doses, in the order of the request; fills the child's tallies on the way.

    With `codes`, doses of other series are only noted, since intervals are kept from them: their verdicts say nothing.
    """
    verdicts = [saying.UNDATED] * len(child.request.doses)
    for day, code, place in chronological(child.request.doses):
        product = child.law.products.get(code)
        if codes is not None and product is not None and codes.isdisjoint(product.series):
            child.given.append((day, product))
            continue
        verdicts[place] = saying.UNKNOWN_PRODUCT if product is None else _judge(child, product, day, place)
    return tuple(verdicts)


def _judge(child: Child, product: Product, day: int, place: int) -> DoseVerdict:
    if len(product.series) == 1:
        series = child.law.series[product.series[0]]
        if series.season is not None:
            child.new_season(series, series.season, day)
        finding = _find(child, series, product, day, place)
    else:
        series, finding = _in_its_period(child, product, day, place)
    number = len(child.tally(series).days) + 1
    child.given.append((day, product))
    _advance(child, series, product, day, finding)
    return _verdict(child, series, finding, number)


def _in_its_period(child: Child, product: Product, day: int, place: int) -> tuple[Series, Finding]:
    """The period (期) a dose belongs to: the first that takes it, of those open on that day.

    Where none is open the dose came too late for the first unfinished period, or too early.
    """
    laws = child.law.series
    unfinished = [laws[code] for code in product.series if not child.tally(laws[code]).complete]
    open_now = [series for series in unfinished if _is_open(child, series, day)]
    candidates = open_now or unfinished[:1] or [laws[product.series[-1]]]
    first = candidates[0], _find(child, candidates[0], product, day, place)
    if first[1].validity == _VALID:
        return first
    for series in candidates[1:]:
        finding = _find(child, series, product, day, place)
        if finding.validity == _VALID:
            return series, finding
    return first


def _is_open(child: Child, series: Series, day: int) -> bool:
    for first, last, _ in child.open_days(series):  # noqa: SIM110 -- compiled, a loop is four times as fast as any()
        if first <= day <= last:
            return True
    return False


def _find(child: Child, series: Series, product: Product, day: int, place: int) -> Finding:
    finding = _outside_the_programme(child, series, product, day)
    if finding is not None:
        return finding
    tally = child.tally(series)
    if tally.complete:
        return _EXTRA
    finding = _by_rows(child, series, product, tally, day)
    overseas = child.request.doses[place].overseas
    if child.overseas if overseas is None else overseas:
        return Finding("voluntary_counted", counts=True, row=finding.row, reason=saying.OVERSEAS)
    return _spaced(child, series, day, finding) if finding.validity == _VALID else finding


def _outside_the_programme(child: Child, series: Series, product: Product, day: int) -> Finding | None:
    """A dose that is not this programme's, whatever the child's age and earlier doses."""
    if series.per_pregnancy and not child.counts_for_pregnancy(day):
        return Finding(_VALID, counts=False, reason=saying.OTHER_PREGNANCY, programme="needs_review")
    if series.sex is not None and child.sex is not None and child.sex != series.sex:
        return Finding(_OUT, counts=True, reason=saying.OTHER_SEX)
    if day < product.first:
        return _before_the_programme(child, series, product, day)
    if day > product.last:
        return Finding("not_routine_product", counts=True, reason=saying.REMOVED_PRODUCT)
    return None


def _before_the_programme(child: Child, series: Series, product: Product, day: int) -> Finding:
    lowest = None if product.counts_from is None else child.life.day(product.counts_from)
    if lowest is not None and day < lowest:
        return Finding(_EARLY, counts=False, reason=saying.TOO_YOUNG_TO_COUNT)
    if series.begins <= day:
        return Finding("not_routine_product", counts=True, reason=saying.NOT_YET_PRODUCT)
    return Finding("voluntary_counted", counts=True, reason=saying.BEFORE_PROGRAMME)


def _by_rows(child: Child, series: Series, product: Product, tally: Tally, day: int) -> Finding:
    windows = child.open_days(series)
    open_now = [window for first, last, window in windows if first <= day <= last and child.admits(window, tally)]
    if not open_now:
        return _outside(child, series, product, windows, day)
    best: Row | None = None
    validity, said = _OUT, None
    for row in _asking(child, product, tally, day, open_now):
        found, why = _against(child, row, tally, day)
        if found == _VALID:
            return Finding(_VALID, counts=True, row=row, reason=why)
        if best is None or _CLOSENESS[found] < _CLOSENESS[validity]:
            best, validity, said = row, found, why
    if best is None:
        return Finding(_OUT, counts=None, reason=saying.NO_SUCH_DOSE, programme="needs_review")
    return Finding(validity, counts=True if validity == _EXCEEDED else None, row=best, reason=said)


def _asking(child: Child, product: Product, tally: Tally, day: int, windows: list[Window]) -> list[Row]:
    """The rows that ask for the next dose on a day, in the order in which the windows name them."""
    count = len(tally.days)
    return [
        row
        for window in windows
        for course in window.courses
        if count < len(course.rows) and child.fits(course, tally, day, product.code)
        for row in course.rows[count]
        if row.first <= day <= row.last and child.previous_fits(row, tally)
    ]


def _outside(child: Child, series: Series, product: Product, windows: list[OpenDays], day: int) -> Finding:
    """A dose outside every window: too early before the first, too late for one that has closed."""
    if not windows:
        return Finding(_OUT, counts=True if len(product.series) == 1 else None, reason=saying.OUTSIDE_COHORT)
    if day < min(first for first, _, _ in windows):
        return Finding(_EARLY, counts=False if series.needs else None, reason=windows[0][2].said)
    late = len(product.series) == 1 and day > max(last for _, last, _ in windows)
    if not late and _earlier_period_done(child, series, product):
        return Finding(_EARLY, counts=None, reason=windows[0][2].said)
    return Finding(_OUT, counts=True if late else None, reason=windows[-1][2].said)


def _earlier_period_done(child: Child, series: Series, product: Product) -> bool:
    return series.code != product.series[0] and child.tally(child.law.series[product.series[0]]).complete


def _against(child: Child, row: Row, tally: Tally, day: int) -> tuple[str, Reason | None]:
    """Whether a dose keeps what a row asks for, and the rule that says so."""
    life = child.life
    if row.start is not None and day < (life.day(row.start) or 0):
        return _EARLY, row.dose_said
    if not within(life, day, None, row.stop):
        return _OUT, row.dose_said
    gap = row.gap_doctor if child.hib_doctor and row.gap_doctor is not None else row.gap
    if gap is not None and tally.last and day < first_after(tally.last, gap):
        return _SOON, row.gap_said
    if row.gap_from_first is not None and tally.days and day < first_after(tally.days[0], row.gap_from_first):
        return _SOON, row.gap_from_first_said
    if row.limit is not None and tally.last and day < row.lifted and day > first_after(tally.last, row.limit):
        return _EXCEEDED, saying.INTERVAL_EXCEEDED
    return _VALID, row.dose_said


def _spaced(child: Child, series: Series, day: int, finding: Finding) -> Finding:
    """A breach of the interval between vaccines (実施要領) is to be reported but does not void the dose."""
    table = child.law.spacings[series.spacing]
    for given, product in reversed(child.given):
        if given < day - LONGEST_SPACING_DAYS:
            break
        for rule in table.get(product.code, ()) if product.family != series.family else ():
            if given < day <= given + rule.gap.days and rule.first <= day <= rule.last:
                return Finding(_SOON, counts=True, row=finding.row, reason=rule.said, programme="needs_review")
    return finding


def _advance(child: Child, series: Series, product: Product, day: int, finding: Finding) -> None:
    if product.advances:
        child.combine_anew()
    for code in product.advances or (series.code,):
        target = child.law.series[code]
        tally = child.tally(target)
        if finding.counts:
            row = finding.row if target is series and finding.row is not None else _loosest(child, target, tally, product, day)
            tally.days.append(day)
            tally.products.append(product.code)
            tally.antigens |= product.antigens
            tally.complete = tally.complete or _finishes(child, target, tally, row)
        tally.last = max(tally.last, day)
    if len(product.series) > 1:
        for code in product.series:  # an interval is kept from every dose of the vaccine, whatever its period
            period = child.tally(child.law.series[code])
            period.last = max(period.last, day)


def _finishes(child: Child, series: Series, tally: Tally, row: Row | None) -> bool:
    if series.needs:
        return series.needs <= tally.antigens | child.had
    return row is not None and row.finishes


def _loosest(child: Child, series: Series, tally: Tally, product: Product, day: int) -> Row | None:
    """The row a dose advances in a series whose own rules it need not keep, such as Hib by a five-in-one dose.

    A row whose rules it keeps all the same comes first, then one of the right age, then any.
    """
    count = len(tally.days)
    best: Row | None = None
    distance = len(_CLOSENESS)
    for course in series.courses:
        if count >= len(course.rows) or not (
            child.fits(course, tally, day, product.code) or child.fits(course, tally, day, None)
        ):
            continue
        for row in course.rows[count]:
            if not child.previous_fits(row, tally):
                continue
            validity, _ = _against(child, row, tally, day)
            if validity == _VALID:
                return row
            if _CLOSENESS[validity] < distance:
                best, distance = row, _CLOSENESS[validity]
    return best


def _verdict(child: Child, series: Series, finding: Finding, number: int) -> DoseVerdict:
    """The verdict, of which there is one for every row and kind of finding: it says nothing about the child."""
    templates = child.law.verdicts
    key = (series.code, number, finding.validity, finding.counts, finding.extraneous, id(finding.reason))
    verdict = templates.get(key)
    if verdict is None:
        status = "extraneous" if finding.extraneous else "valid" if finding.counts else "not_valid"
        reasons = () if finding.reason is None else (finding.reason,)
        evaluation = Evaluation(series.code, series.code, series.group, number, status, reasons)
        verdict = templates[key] = DoseVerdict((evaluation,), finding.validity, _programme(series, finding), finding.counts)
    return verdict


def _programme(series: Series, finding: Finding) -> str:
    if finding.programme is not None:
        return finding.programme
    if series.programme == "voluntary":
        return "voluntary"
    if finding.validity == _VALID:
        return "routine"
    return "needs_review" if finding.counts is None else "voluntary"
