"""Flattens the files of an edition into the law as known on one day."""

from collections.abc import Sequence
from datetime import date

import msgspec

from schedule.contract import Reason
from schedule.dayset import DAWN, DOOM
from schedule.japan import wording
from schedule.japan.law import Course, Law, LongIllness, Product, Row, Season, Series, Spacing, Window, days_known
from schedule.japan.reckoning import Interval, Point, parse_interval, parse_point
from schedule.japan.source import (
    CourseSource,
    DoseSource,
    EditionFile,
    ProductSource,
    Rule,
    SeriesSource,
    VaccineFile,
    WindowSource,
)

_MONTHS = 12


def compile_law(edition: EditionFile, files: Sequence[VaccineFile], known: int) -> Law:
    """The whole edition under the law known on a day."""
    return _Compiler(edition, files, known).law()


def turning_days(edition: EditionFile, files: Sequence[VaccineFile]) -> tuple[int, ...]:
    """The days on which something becomes known: every day in force and every day of replacement, in order."""
    found: set[int] = set()
    for source in (edition, *files):
        _collect(msgspec.to_builtins(source, builtin_types=(date,)), found)
    return tuple(sorted(found))


def _collect(node: object, found: set[int]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"in_force", "replaced", "begins", "limit_lifted"} and isinstance(value, date):
                found.add(value.toordinal())
            else:
                _collect(value, found)
    elif isinstance(node, list):
        for value in node:
            _collect(value, found)


def _day(value: date | None, default: int) -> int:
    return default if value is None else value.toordinal()


def _point(text: str | None) -> Point | None:
    return None if text is None else parse_point(text)


def _interval(text: str | None) -> Interval | None:
    return None if text is None else parse_interval(text)


class _Compiler:
    def __init__(self, edition: EditionFile, files: Sequence[VaccineFile], known: int) -> None:
        self._edition = edition
        self._files = files
        self._known = known
        self._uid = 0
        self._products: dict[str, Product] = {}
        self._spacings: list[dict[str, tuple[Spacing, ...]]] = []

    def law(self) -> Law:
        for file in self._files:
            for product in file.product:
                self._products[product.code] = self._product(file.vaccine, product)
        series = {s.code: self._series(file.vaccine, s) for file in self._files for s in file.series}
        return Law(
            products=self._products,
            series={code: series[code] for code in self._edition.order},
            combinations=tuple(code for code in self._edition.order if series[code].components),
            spacings=tuple(self._spacings),
        )

    def _next_uid(self) -> int:
        self._uid += 1
        return self._uid

    def _days(self, rule: Rule) -> tuple[int, int] | None:
        return days_known(_day(rule.in_force, DAWN), _day(rule.replaced, DOOM + 1), _day(rule.until, DOOM), self._known)

    def _product(self, vaccine: str, source: ProductSource) -> Product:
        first, last = self._days(source) or (DOOM, DOOM)
        return Product(
            code=source.code,
            ja=source.ja,
            en=source.en,
            kind=source.kind,
            family=f"{vaccine}/{source.kind}",
            first=first,
            last=last,
            series=tuple(source.series),
            advances=tuple(source.advances),
            antigens=frozenset(source.antigens),
            counts_from=_point(source.counts_from),
            said=Reason("product", f"{source.ja}。", source.citation, f"{source.en}."),
        )

    def _series(self, vaccine: str, source: SeriesSource) -> Series:
        courses = [(course.method, self._course(course)) for course in source.course]
        windows = self._windows(source, courses)
        begins = _day(source.begins, DAWN)
        return Series(
            code=source.code,
            group=source.group,
            programme=source.programme,
            begins=begins if begins <= self._known else DOOM,
            ends=max((window.last for window in windows), default=DOOM),
            offers=tuple(self._products[code] for code in source.offers),
            offer_codes=tuple(source.offers),
            choice=source.choice,
            any_product=((source.offers[0] if source.offers else None, DAWN, DOOM),),
            conditional=any(window.dose_between or window.equal_to for window in windows),
            components=tuple(source.components),
            needs=frozenset(source.needs),
            diseases=frozenset(source.diseases),
            excluded_by=source.excluded_by,
            excluded_said=_excluded(source),
            sex=source.sex,
            per_pregnancy=source.per_pregnancy,
            season=_season(source),
            long_illness=self._long_illness(source),
            windows=windows,
            courses=tuple(course for _, course in courses),
            family=f"{vaccine}/{source.kind}",
            spacing=self._spacing(source),
            said=Reason("series", f"{source.ja}({source.disease_ja})。", source.window[0].citation, f"{source.en}."),
        )

    def _windows(self, source: SeriesSource, courses: list[tuple[str, Course]]) -> tuple[Window, ...]:
        windows = []
        for window in source.window:
            uid = self._next_uid()
            days = self._days(window)
            if days is not None:
                using = tuple(course for method, course in courses if method == window.method)
                windows.append(_window(uid, window, days, using))
        return tuple(windows)

    def _course(self, source: CourseSource) -> Course:
        rows: list[list[Row]] = [[] for _ in range(max(max(dose.given) for dose in source.dose) + 1)]
        for dose in source.dose:
            uid = self._next_uid()
            days = self._days(dose)
            if days is None:
                continue
            row = self._row(uid, dose, days, source)
            for given in dose.given:
                rows[given].append(row)
        return Course(
            name=source.name,
            start_from=_point(source.start_from),
            start_to=_point(source.start_to),
            dose_before=_day(source.dose_before, 0),
            no_dose_before=_day(source.no_dose_before, 0),
            started_with=frozenset(source.started_with),
            continue_with=frozenset(source.continue_with),
            rows=tuple(tuple(row) for row in rows),
        )

    def _row(self, uid: int, dose: DoseSource, days: tuple[int, int], course: CourseSource) -> Row:
        lifted = _day(dose.limit_lifted, DOOM)
        citation = dose.citation or course.citation
        standard = (dose.standard_from, dose.standard_to, dose.standard_after_previous, dose.standard_after_first)
        has_standard = any(standard)
        return Row(
            uid=uid,
            booster=dose.kind == "booster",
            label=dose.label,
            en=dose.en,
            then=dose.then,
            finishes=dose.then == 0 if dose.last_of_course is None else dose.last_of_course,
            first=days[0],
            last=days[1],
            start=_point(dose.from_),
            stop=_point(dose.to),
            gap=_interval(dose.after_previous),
            gap_doctor=_interval(dose.after_previous_doctor),
            gap_from_first=_interval(dose.after_first),
            limit=_interval(dose.at_most_after_previous),
            lifted=lifted if lifted <= self._known else DOOM + 1,
            previous_from=_point(dose.previous_from),
            previous_to=_point(dose.previous_to),
            standard_from=_point(dose.standard_from),
            standard_to=_point(dose.standard_to),
            standard_gap=tuple(parse_interval(text) for text in dose.standard_after_previous),
            standard_gap_from_first=tuple(parse_interval(text) for text in dose.standard_after_first),
            accepted_only=dose.accepted_only,
            has_standard=has_standard,
            dose_said=Reason("dose", f"{dose.label}({course.name})。", citation, f"{dose.en[:1].upper()}{dose.en[1:]}."),
            gap_said=_gap("interval.previous", "前回", "the previous dose", dose.after_previous, citation),
            doctor_said=_gap(
                "interval.doctor", "医師が必要と認め、前回", "the previous dose", dose.after_previous_doctor, citation
            ),
            gap_from_first_said=_gap("interval.first", "1回目", "the first dose", dose.after_first, citation),
            standard_said=Reason("standard", wording.standard_ja(*standard), citation, wording.standard_en(*standard))
            if has_standard
            else None,
        )

    def _long_illness(self, source: SeriesSource) -> LongIllness | None:
        rule = self._edition.long_illness
        days = self._days(rule)
        if source.long_illness is None or days is None:
            return None
        cap = source.long_illness.to
        ja = f"長期療養などの特別の事情がなくなってから{rule.years}年間{f'({cap}まで)' if cap else ''}受けられます。"
        en = f"Open for {rule.years} years after a long illness{f', through {wording.point_en(cap)}' if cap else ''}."
        return LongIllness(0, days[0], rule.years * _MONTHS, _point(cap), Reason("window.long_illness", ja, rule.citation, en))

    def _spacing(self, source: SeriesSource) -> int:
        """The number of the table of intervals that this series keeps from other vaccines."""
        found: dict[str, list[Spacing]] = {}
        target = {source.kind, *source.offers}
        for rule in self._edition.spacing:
            days = self._days(rule)
            if days is None or not target.intersection(rule.before) or target.intersection(rule.except_):
                continue
            said = _spaced(rule.least, rule.citation)
            for product in self._products.values():
                codes = {product.kind, product.code}
                if codes.intersection(rule.after) and not codes.intersection(rule.except_):
                    found.setdefault(product.code, []).append(Spacing(*days, parse_interval(rule.least), said))
        table = {code: tuple(rules) for code, rules in found.items()}
        if table not in self._spacings:
            self._spacings.append(table)
        return self._spacings.index(table)


def _window(uid: int, source: WindowSource, days: tuple[int, int], courses: tuple[Course, ...]) -> Window:
    until = source.until.isoformat() if source.until else None
    words = (source.from_, source.to, until)
    between = source.dose_between
    return Window(
        uid=uid,
        first=max(days[0], _day(source.opens, DAWN)),
        last=days[1],
        born_first=_day(source.born_from, DAWN),
        born_last=_day(source.born_to, DOOM),
        start=parse_point(source.from_),
        stop=_point(source.to),
        basis=source.basis,
        late=source.basis != "ordinary" if source.late is None else source.late,
        flag=source.flag,
        dose_between=(between[0].toordinal(), between[1].toordinal()) if between else None,
        equal_to=source.equal_to,
        equal_until=_point(source.equal_until),
        courses=courses,
        said=Reason(f"window.{source.basis}", wording.window_ja(*words), source.citation, wording.window_en(*words)),
    )


def _gap(code: str, ja: str, en: str, text: str | None, citation: str) -> Reason | None:
    if text is None:
        return None
    return Reason(code, f"{ja}から{text}以上の間隔をおきます。", citation, f"At least {wording.interval_en(text)} after {en}.")


def _spaced(text: str, citation: str) -> Reason:
    ja = f"ほかのワクチンから{text}以上の間隔をおきます。"
    return Reason("interval.other_vaccine", ja, citation, f"At least {wording.interval_en(text)} after another vaccine.")


def _excluded(source: SeriesSource) -> Reason:
    ja, en = source.excluded_by_text or ("定期接種の対象外です。", "Outside the routine programme.")
    return Reason("excluded", ja, source.window[0].citation, en)


def _season(source: SeriesSource) -> Season | None:
    season = source.season
    if season is None:
        return None
    first, last = (tuple(int(part) for part in text.split("-")) for text in (season.from_, season.to))
    ja = f"{first[0]}月{first[1]}日から{last[0]}月{last[1]}日までの間に受けられます。"
    en = f"Offered from {season.from_} to {season.to} (month-day)."
    return Season((first[0], first[1]), (last[0], last[1]), Reason("season", ja, season.citation, en))
