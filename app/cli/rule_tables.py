"""Tables of the rules of one series in force on one day."""

from collections.abc import Iterator
from datetime import date

from rich.table import Table

from schedule.japan import columns
from schedule.japan.edition import Edition
from schedule.japan.source import CourseSource, Rule, SeriesSource


def tables(edition: Edition, code: str, on: date) -> Iterator[Table]:
    """What the law in force on a day says of a series: who, with what, and how."""
    source = next(series for file in edition.sources.files for series in file.series if series.code == code)
    yield _windows(source, on)
    yield _products(edition, source, on)
    for course in source.course:
        yield _course(course, on)


def _in_force(rule: Rule, on: date) -> bool:
    begun = rule.in_force is None or rule.in_force <= on
    return begun and (rule.replaced is None or on < rule.replaced) and (rule.until is None or on <= rule.until)


def _windows(source: SeriesSource, on: date) -> Table:
    table = _table(f"{source.ja} {source.code}: 対象者", "区分", "初め", "終わり", "生年月日", "施行日", "根拠")
    for window in source.window:
        if _in_force(window, on):
            last = window.to or (f"{window.until}" if window.until else "")
            table.add_row(
                columns.BASES[window.basis], window.from_, last, columns.born(window), _text(window.in_force), window.citation
            )
    return table


def _products(edition: Edition, source: SeriesSource, on: date) -> Table:
    table = _table("製品", "コード", "名", "施行日", "根拠")
    for file in edition.sources.files:
        for product in file.product:
            if product.code in source.offers and _in_force(product, on):
                table.add_row(product.code, product.ja, _text(product.in_force), product.citation)
    return table


def _course(course: CourseSource, on: date) -> Table:
    table = _table(f"接種方法: {course.name}", "回", "年齢", "間隔", "標準的な期間", "残り", "根拠")
    for dose in course.dose:
        if _in_force(dose, on):
            age = columns.span(dose.from_, dose.to)
            table.add_row(
                dose.label,
                age,
                columns.interval(dose, on),
                columns.standard(dose),
                str(dose.then),
                dose.citation or course.citation,
            )
    return table


def _table(title: str, *names: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()
