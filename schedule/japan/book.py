"""The book of rules: every rule of an edition with its citation, as Markdown for people."""

from collections.abc import Iterator
from datetime import date

from schedule.japan import columns
from schedule.japan.edition import Edition
from schedule.japan.source import CourseSource, Rule, SeriesSource, VaccineFile


def rule_book(edition: Edition) -> str:
    """The whole edition as one Markdown document."""
    return "\n".join(_book(edition)) + "\n"


def _book(edition: Edition) -> Iterator[str]:
    main = edition.sources.edition
    yield f"# {edition.ja}"
    yield ""
    yield f"{edition.en}. この文書は版のデータから `hagukumi rules book` で作ります。手で直さないでください。"
    yield ""
    yield f"版の名: `{edition.name}`、内容のハッシュ (SHA-256): `{edition.content_hash}`"
    yield ""
    yield "## 異なるワクチンの接種間隔"
    yield ""
    for spacing in main.spacing:
        after, before = "・".join(spacing.after), "・".join(spacing.before)
        yield f"- {after} の後 {before} まで {spacing.least}以上{_dates(spacing)}〔{spacing.citation}〕"
    yield ""
    yield "## 長期療養特例"
    yield ""
    rule = main.long_illness
    yield f"- 特別の事情がなくなった日から{rule.years}年間{_dates(rule)}〔{rule.citation}〕"
    for file in edition.sources.files:
        yield from _vaccine(file)
    yield from _unsettled(edition)


def _vaccine(file: VaccineFile) -> Iterator[str]:
    yield ""
    yield f"## {file.vaccine}"
    yield ""
    for product in file.product:
        yield f"- 製品 `{product.code}` {product.ja} / {product.en}{_dates(product)}〔{product.citation}〕{_noted(product)}"
    for series in file.series:
        yield from _series(series)


def _series(series: SeriesSource) -> Iterator[str]:
    yield ""
    yield f"### `{series.code}` {series.ja}({series.disease_ja})"
    yield ""
    yield "| 対象者 | 初め | 終わり | 生年月日 | 施行 | 根拠 |"
    yield "|---|---|---|---|---|---|"
    for window in series.window:
        condition = f"({window.flag})" if window.flag else ""
        cells = (
            columns.BASES[window.basis] + condition,
            window.from_,
            window.to or "",
            columns.born(window),
            _dates(window),
            window.citation,
        )
        yield f"| {' | '.join(cells)} |"
    if series.long_illness is not None:
        yield ""
        yield f"長期療養特例: {series.long_illness.to + 'まで' if series.long_illness.to else '上限なし'}"
    for course in series.course:
        yield from _course(course)


def _course(course: CourseSource) -> Iterator[str]:
    yield ""
    yield f"**{course.name}**〔{course.citation}〕"
    yield ""
    yield "| 回 | 数えた回数 | 年齢 | 間隔 | 標準的な期間 | 残り | 施行 | 根拠 |"
    yield "|---|---|---|---|---|---|---|---|"
    for dose in course.dose:
        given = "・".join(str(count) for count in dose.given)
        cells = (
            dose.label,
            given,
            columns.span(dose.from_, dose.to),
            columns.interval(dose),
            columns.standard(dose),
            str(dose.then),
            _dates(dose),
        )
        yield f"| {' | '.join(cells)} | {dose.citation or course.citation} |"


def _dates(rule: Rule) -> str:
    days: list[tuple[str, date | None]] = [("から", rule.in_force), ("の改正まで", rule.replaced), ("まで", rule.until)]
    said = "、".join(f"{day}{word}" for word, day in days if day is not None)
    return f"({said})" if said else ""


def _noted(rule: Rule) -> str:
    return f" {rule.note}" if rule.note else ""


def _unsettled(edition: Edition) -> Iterator[str]:
    yield ""
    yield "## 確かめられていない点 (unsettled)"
    yield ""
    main = edition.sources.edition
    for rule in (*main.spacing, main.long_illness):
        if rule.unsettled:
            yield f"- 全体: {rule.unsettled}"
    for file in edition.sources.files:
        for code, rule in _rules(file):
            if rule.unsettled:
                yield f"- `{code}`: {rule.unsettled}"


def _rules(file: VaccineFile) -> Iterator[tuple[str, Rule]]:
    for product in file.product:
        yield product.code, product
    for series in file.series:
        for window in series.window:
            yield series.code, window
        for course in series.course:
            for dose in course.dose:
                yield series.code, dose
