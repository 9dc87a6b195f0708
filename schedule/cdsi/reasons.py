"""Reasons in Japanese and English, with the rule they rest on and the day they were measured from."""

from collections.abc import Iterator
from datetime import date

from schedule.cdsi.groups import GroupForecast
from schedule.cdsi.patient_series import DoseEvaluation, Finding, PatientSeries
from schedule.contract import Reason

SPECIFICATION = "CDSi 4.6"
WORDING: dict[str, tuple[str, str, str]] = {
    "dose.sub_standard": (
        "table 6-3",
        "期限切れなどのため、接種し直す必要があります。",
        "Expired or flawed: the dose must be repeated.",
    ),
    "vaccine.inadvertent": (
        "table 6-13",
        "この回に用いてはならないワクチンです。",
        "This vaccine must not be used for this dose.",
    ),
    "age.too_young": ("table 6-15", "接種できる最低年齢に達していません。", "Given before the absolute minimum age."),
    "age.grace_period": ("table 6-15", "最低年齢の前の猶予期間内です。", "Given within the grace period before the minimum age."),
    "age.too_old": ("table 6-15", "接種できる年齢を過ぎています。", "Given at or after the maximum age."),
    "interval.too_soon": (
        "table 6-18",
        "必要な接種間隔より早い接種です。",
        "Given before the absolute minimum interval had passed.",
    ),
    "interval.grace_period": (
        "table 6-18",
        "接種間隔の猶予期間内です。",
        "Given within the grace period of the minimum interval.",
    ),
    "interval.allowable": ("table 6-21", "許容される接種間隔を満たします。", "Given within an allowable interval."),
    "conflict.vaccine": (
        "CONFLICT-3",
        "先に接種した生ワクチンとの間隔が足りません。",
        "Given too soon after another vaccine that disturbs it.",
    ),
    "vaccine.not_at_this_age_or_brand": (
        "tables 6-26, 6-29",
        "この年齢または製品では認められないワクチンです。",
        "Not accepted at this age or of this make for this dose.",
    ),
    "vaccine.not_preferable_or_allowable": (
        "tables 6-26, 6-29",
        "この回に認められたワクチンではありません。",
        "Neither a preferable nor an allowable vaccine for this dose.",
    ),
    "series.already_complete": ("section 4.4", "必要な回数をすでに終えています。", "No dose was needed any more."),
    "series.complete": ("table 7-10", "必要な接種を終えています。", "The patient series is complete."),
    "series.past_history": (
        "table 7-10",
        "これまでの接種により、今は勧められません。",
        "Not recommended at this time due to past immunization history.",
    ),
    "series.none_relevant": (
        "table 5-5",
        "この人に当てはまる接種スケジュールはありません。",
        "No series is relevant for this patient.",
    ),
    "patient.immune": ("table 7-3", "免疫があると認められます。", "The patient has evidence of immunity."),
    "patient.contraindicated": ("table 7-7", "接種してはならない理由があります。", "The patient has a contraindication."),
    "season.over": ("table 7-10", "接種の季節を過ぎています。", "Past the seasonal recommendation end date."),
    "age.past_maximum": ("table 7-10", "接種できる年齢を過ぎています。", "The patient has exceeded the maximum age."),
    "age.cannot_finish": (
        "table 7-10",
        "接種できる年齢のうちに次の接種ができません。",
        "The next dose cannot be given before the maximum age.",
    ),
    "earliest.minimum_age": ("FORECASTDTCAN-1", "最低年齢に達する日です。", "The day of the minimum age."),
    "earliest.minimum_interval": (
        "FORECASTDTCAN-1",
        "最短の接種間隔が過ぎる日です。",
        "The day the minimum interval has passed.",
    ),
    "earliest.conflict": (
        "FORECASTDTCAN-1",
        "他の生ワクチンとの間隔が過ぎる日です。",
        "The day another vaccine no longer disturbs this one.",
    ),
    "earliest.season": ("FORECASTDTCAN-1", "接種の季節が始まる日です。", "The first day of the season."),
    "earliest.last_dose": ("FORECASTDTCAN-1", "最後に接種した日です。", "The day of the last dose."),
    "recommended.age": ("FORECASTDT-2", "標準的な年齢に達する日です。", "The day of the earliest recommended age."),
    "recommended.interval": (
        "FORECASTDT-2",
        "標準的な接種間隔が過ぎる日です。",
        "The day the earliest recommended interval has passed.",
    ),
    "past_due.age": ("FORECASTDT-3", "標準的な年齢の最後の日です。", "The last day before the latest recommended age."),
    "past_due.interval": (
        "FORECASTDT-3",
        "標準的な接種間隔の最後の日です。",
        "The last day before the latest recommended interval.",
    ),
    "latest.maximum_age": ("FORECASTDT-4", "接種できる最後の日です。", "The last day before the maximum age."),
}


def evaluation_reasons(evaluation: DoseEvaluation) -> tuple[Reason, ...]:
    """Why a dose was evaluated as it was."""
    return tuple(map(_reason, evaluation.findings))


def forecast_reasons(forecast: GroupForecast, guidance: tuple[str, ...]) -> tuple[Reason, ...]:
    """Why a forecast has its status and dates: the reasons of every patient series in it (FORECASTVG-7), then guidance."""
    findings = dict.fromkeys(finding for one in forecast.contained for finding in _findings(one))
    return (*map(_reason, findings), *map(_guidance, guidance))


def no_series_reasons() -> tuple[Reason, ...]:
    """Why a vaccine group has no forecast."""
    return (_reason(Finding("series.none_relevant")),)


def _guidance(text: str) -> Reason:
    """The CDC's own words, which exist in English only."""
    return Reason("guidance", text, f"{SPECIFICATION}, FORECASTGUIDANCE-1", text)


def _findings(one: PatientSeries) -> Iterator[Finding]:
    yield one.forecast.reason
    if one.dates is not None:
        for finding in (one.dates.unadjusted_recommended, one.dates.unadjusted_past_due, one.dates.latest):
            if finding is not None:
                yield finding


def _reason(finding: Finding) -> Reason:
    rule, japanese, english = WORDING[finding.code]
    return Reason(
        code=finding.code,
        text=japanese,
        citation=f"{SPECIFICATION}, {rule}",
        text_en=english,
        anchor_date=date.fromordinal(finding.anchor) if finding.anchor else None,
        date=date.fromordinal(finding.limit) if finding.limit else None,
    )
