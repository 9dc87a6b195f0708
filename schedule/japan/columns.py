"""Cells that show a rule in a table, in the words of the edition."""

from datetime import date

from schedule.japan.source import DoseSource, WindowSource

BASES = {
    "ordinary": "通常",
    "extension": "延長",
    "catch_up": "キャッチアップ",
    "special_cohort": "特例対象者",
    "transitional": "経過措置",
}


def span(first: str | None, last: str | None) -> str:
    """From one age to another."""
    return f"{first or ''}～{last or ''}" if first or last else ""


def born(window: WindowSource) -> str:
    """The cohort (生年月日) of a window."""
    return f"{window.born_from or ''}～{window.born_to or ''}" if window.born_from or window.born_to else ""


def interval(dose: DoseSource, on: date | None = None) -> str:
    """The intervals a dose must keep; an upper limit only while it held, or with its end where no day is given."""
    parts = []
    if dose.after_previous:
        doctor = f"(医師が認めれば{dose.after_previous_doctor})" if dose.after_previous_doctor else ""
        parts.append(f"前回から{dose.after_previous}{doctor}以上")
    if dose.after_first:
        parts.append(f"1回目から{dose.after_first}以上")
    if dose.at_most_after_previous and (on is None or dose.limit_lifted is None or on < dose.limit_lifted):
        end = f"{dose.limit_lifted}より前は" if on is None and dose.limit_lifted else ""
        parts.append(f"{end}{dose.at_most_after_previous}まで")
    return "、".join(parts)


def standard(dose: DoseSource) -> str:
    """The standard period (標準的な接種期間) of a dose."""
    parts = [span(dose.standard_from, dose.standard_to)]
    for name, gap in (("前回", dose.standard_after_previous), ("1回目", dose.standard_after_first)):
        if gap:
            parts.append(f"{name}から{'～'.join(gap)}")
    return "、".join(part for part in parts if part)
