"""Projects the lawful days of the next dose onto one day of asking: earliest, recommended, past due, latest."""

from typing import Final

from schedule.contract import Reason
from schedule.dayset import DAWN, DOOM
from schedule.japan import saying
from schedule.japan.child import Child, Tally, season_of
from schedule.japan.law import Row, Season, Series, Window
from schedule.japan.outcome import Outcome
from schedule.japan.pieces import Chance, Piece, chance
from schedule.japan.reckoning import first_after

_STATUS: Final = {
    "complete": "complete",
    "contraindicated": "contraindicated",
    "aged_out": "aged_out",
    "excluded_had_disease": "immune",
    "cannot_complete_in_window": "not_complete",
}


def shut(
    closed: str, why: Reason, dose_number: int | None = None, latest: int | None = None, doses_remaining: int | None = None
) -> Outcome:
    """The outcome of a series from which nothing more comes."""
    status = _STATUS.get(closed, "not_recommended")
    return Outcome(status, closed, dose_number, doses_remaining, latest=latest, why=why)


_NO_SUBJECT: Final = shut("not_applicable", saying.NO_SUBJECT)
_OTHER_SEX: Final = shut("not_applicable", saying.OTHER_SEX)
_NOT_BEGUN: Final = shut("not_in_program", saying.NOT_BEGUN)
_ENDED: Final = shut("not_in_program", saying.ENDED)
_OUTSIDE_COHORT: Final = shut("not_in_program", saying.OUTSIDE_COHORT)
_COMPLETE: Final = shut("complete", saying.COMPLETE, doses_remaining=0)


def standing(child: Child, series: Series) -> Outcome | None:
    """What shuts a series whatever the day: sex, completion, contraindication, disease, or no child to vaccinate."""
    if (child.life.born is None and not series.per_pregnancy) or (series.per_pregnancy and child.life.delivery is None):
        return _NO_SUBJECT
    if series.sex is not None and child.sex is not None and child.sex != series.sex:
        return _OTHER_SEX
    if series.begins == DOOM or not series.windows:
        return _NOT_BEGUN
    if series.season is None and child.tally(series).complete:
        return _COMPLETE
    return _set_aside(child, series)


def _set_aside(child: Child, series: Series) -> Outcome | None:
    special = child.special
    if not special and not series.components:
        return None
    if series.code in child.contraindicated:
        return shut("contraindicated", saying.CONTRAINDICATED)
    if series.excluded_by is not None and special.get(series.excluded_by) is True:
        return shut("excluded", series.excluded_said)
    if series.diseases and series.diseases <= child.had:
        return shut("excluded_had_disease", saying.HAD_DISEASE)
    if series.components and any(child.tally(child.law.series[code]).complete for code in series.components):
        return shut("excluded", saying.SINGLES)
    return None


class Prospect:
    """All that can be asked about one series of one child under one state of the law.

    Args:
        child: The child, its doses judged.
        series: The series.

    Attributes:
        standing: The outcome where it is the same on every day.
    """

    __slots__ = ("_chance", "_child", "_season", "_series", "standing")

    def __init__(self, child: Child, series: Series) -> None:
        self._child = child
        self._series = series
        self.standing = standing(child, series)
        self._chance: Chance | None = None
        self._season: tuple[int, int] | None = None

    def at(self, day: int) -> Outcome:
        """The outcome on a day of asking."""
        if self.standing is not None:
            return self.standing
        series = self._series
        if series.ends < day:
            return _ENDED
        laid = self.chance_at(day)
        if series.season is not None and self._season is not None:
            resting = self._resting(laid, series.season, self._season, day)
            if resting is not None:
                return resting
        for place, piece in enumerate(laid.lawful):
            if piece.last >= day:
                return self._open(laid, place, day)
        return self._nothing_ahead(laid, day)

    def first_change(self, now: Outcome, since: int) -> int | None:
        """The first later day with another outcome than now, the law staying as it is."""
        if self.standing is not None or self._series.ends < since:
            return None
        laid = self.chance_at(since)
        if now.closed is None:
            return self._change_within(now, since, laid)
        for day in self._turning_days(laid, since):
            if self.at(day) != now:
                return day
        return None

    def _change_within(self, now: Outcome, since: int, laid: Chance) -> int:
        """An open outcome lasts to the end of its piece, unless the products to be had change before."""
        last = next(piece.last for piece in laid.lawful if piece.last >= since)
        if len(self._series.offers) > 1:
            turns = {turn for product in self._series.offers for turn in (product.first, product.last + 1)}
            turns |= {turn for first, stop, _ in laid.of_age for turn in (first, stop + 1)}
            for day in sorted(turns):
                if since < day <= last and self.at(day) != now:
                    return day
        return last + 1

    def chance_at(self, day: int) -> Chance:
        """The lawful days behind the outcome on a day; those of the season where there is one."""
        child, series = self._child, self._series
        if series.season is not None:
            season = season_of(series.season, day)
            if self._chance is None or season != self._season:
                tally = child.tally(series)
                self._season = season
                self._chance = chance(child, series, tally if tally.season == season else Tally(), season)
        elif self._chance is None:
            self._chance = chance(child, series, child.tally(series), None)
        return self._chance

    def _turning_days(self, laid: Chance, day: int) -> list[int]:
        """Later days on which a series that is shut may open, or be shut for another reason."""
        found = [last + 1 for _, last, _ in self._child.forecast_days(self._series)]
        found += [piece.last + 1 for piece in laid.lawful]
        found += [last + 1 for _, last, _ in laid.of_age]
        found.append(self._series.ends + 1)
        if self._season is not None:
            found += (self._season[0], self._season[1] + 1)
        return sorted({turning for turning in found if day < turning < DOOM})

    def _resting(self, laid: Chance, rule: Season, season: tuple[int, int], day: int) -> Outcome | None:
        """What shuts a seasonal series for now."""
        if laid.tally.complete:
            return _COMPLETE
        if day < season[0] and any(last >= season[0] for _, last, _ in laid.open_days):
            return shut("out_of_season", rule.said)
        return None

    def _nothing_ahead(self, laid: Chance, day: int) -> Outcome:
        tally = laid.tally
        late = max([last for _, last, _ in laid.of_age]) if laid.of_age else None
        if late is not None and late >= day:
            return shut("cannot_complete_in_window", saying.NO_TIME_LEFT, len(tally.days) + 1, late)
        if tally.days and any(_asks_no_more(window, tally) for _, _, window in laid.open_days):
            return _COMPLETE
        if laid.lawful:
            late = max([piece.last for piece in laid.lawful])
        if late is not None:
            return shut("aged_out", saying.TOO_OLD, latest=late)
        return self._never(day)

    def _never(self, day: int) -> Outcome:
        """Nothing was ever lawful: too old on the first day, a condition unmet, or a cohort shut out."""
        child, series = self._child, self._series
        if any(window.equal_to and day <= last for _, last, window in child.forecast_days(series)):
            return shut("excluded", saying.UNEQUAL)
        if child.open_days(series):
            return shut("aged_out", saying.TOO_OLD)
        for window in series.windows:
            stop = window.last if window.stop is None else child.life.day(window.stop)
            if child.of_cohort(window) and stop is not None and stop < max(window.first, series.begins):
                return shut("aged_out", saying.TOO_OLD)
        return _OUTSIDE_COHORT

    def _open(self, laid: Chance, place: int, day: int) -> Outcome:
        pieces = laid.lawful
        piece = pieces[place]
        begin = place
        while begin and pieces[begin - 1].last + 1 == pieces[begin].first and _same_role(pieces[begin - 1], piece):
            begin -= 1
        same = [later for later in pieces[begin:] if _same_role(later, piece)]
        earliest = pieces[begin].first
        recommended, past_due, overdue = self._standard(laid.tally, same, earliest)
        exceptional = [later.first for later in same if later.window.late or later.beyond]
        if exceptional:
            overdue = min(exceptional[0], overdue) if overdue is not None else exceptional[0]
        return Outcome(
            "not_complete",
            None,
            len(laid.tally.days) + 1,
            1 + piece.row.then,
            earliest,
            recommended,
            past_due,
            same[-1].last,
            "extension" if piece.beyond else piece.window.basis,
            overdue,
            self._products(laid, max(day, earliest)),
            piece.row.uid,
            piece.window.uid,
        )

    def _standard(self, tally: Tally, same: list[Piece], earliest: int) -> tuple[int | None, int | None, int | None]:
        """The recommended period clipped to lawful days, and the first day after it."""
        recommended = past_due = None
        end = 0
        for piece in same:
            row = piece.row
            if not row.has_standard:
                continue
            low, high = self._standard_of(row, tally)
            end = max(end, DOOM if high is None else high)
            first, last = max(low, piece.first), piece.last if high is None else min(high, piece.last)
            if first <= last:
                recommended = first if recommended is None else min(recommended, first)
                past_due = last if past_due is None else max(past_due, last)
        if end == DOOM or not end:
            return recommended, None, None
        if recommended is None or past_due is None:
            return None, None, earliest if end < earliest else None
        return recommended, past_due, past_due + 1

    def _standard_of(self, row: Row, tally: Tally) -> tuple[int, int | None]:
        life = self._child.life
        low = DAWN if row.standard_from is None else life.day(row.standard_from) or DAWN
        high = None if row.standard_to is None else life.day(row.standard_to)
        by_interval = row.standard_gap
        if by_interval and self._child.hib_doctor and row.gap_doctor is not None:
            by_interval = (row.gap_doctor, *by_interval[1:])
        for gaps, since in ((by_interval, tally.last), (row.standard_gap_from_first, tally.days[0] if tally.days else 0)):
            if gaps and since:
                low = max(low, first_after(since, gaps[0]))
                if len(gaps) > 1:
                    until = first_after(since, gaps[1])
                    high = until if high is None else min(high, until)
        return low, high

    def _products(self, laid: Chance, day: int) -> tuple[str, ...]:
        """The products to be used: as planned, as begun while it is in the programme, else all that are."""
        offers = self._series.offers
        if len(offers) < 2:  # noqa: PLR2004 -- nothing to choose
            return self._series.offer_codes
        usable = [product.code for product in offers if product.first <= day <= product.last]
        if self._series.choice:
            ready = {product for first, last, product in laid.of_age if first <= day <= last}
            usable = [code for code in usable if code in ready]
        given = laid.tally.products
        for wanted in (self._child.request.planned_product, given[-1] if given else None):
            if wanted in usable:
                return (wanted,)
        return tuple(usable)


def _same_role(one: Piece, other: Piece) -> bool:
    return one.row.booster == other.row.booster and one.beyond == other.beyond


def _asks_no_more(window: Window, tally: Tally) -> bool:
    """Whether a window asks for no further dose after those given."""
    count = len(tally.days)
    return all(len(course.rows) <= count or not course.rows[count] for course in window.courses)
