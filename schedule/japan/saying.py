"""Reasons that do not come from one rule of the edition."""

from schedule.contract import DoseVerdict, Reason

_SHEET = "予防接種法施行令・予防接種実施規則"

OTHER_PREGNANCY = Reason(
    "pregnancy.earlier", "前の妊娠のときの接種は数えません。", _SHEET, "Given in an earlier pregnancy: does not count."
)
REMOVED_PRODUCT = Reason(
    "product.removed",
    "この日には定期接種の製品ではなくなっていました。",
    _SHEET,
    "The product had left the routine programme by that day.",
)
NOT_YET_PRODUCT = Reason(
    "product.not_yet",
    "この日にはまだ定期接種の製品ではありませんでした。",
    _SHEET,
    "The product was not yet in the routine programme.",
)
BEFORE_PROGRAMME = Reason(
    "programme.before",
    "定期接種になる前の任意接種で、同じ回数の定期接種とみなします。",
    _SHEET,
    "Given before the programme began; counted.",
)
TOO_YOUNG_TO_COUNT = Reason(
    "age.too_young", "数えられる年齢より前の接種です。", _SHEET, "Given before the age from which it counts."
)
EXTRA_DOSE = Reason("dose.extra", "この系列はすでに完了していました。", _SHEET, "The series was already complete.")
OVERSEAS = Reason(
    "dose.overseas", "海外での接種を医師の判断で数えます。", _SHEET, "Given abroad and counted on the doctor's judgement."
)
NO_SUCH_DOSE = Reason("dose.no_rule", "この回の接種の決まりがありません。", _SHEET, "No rule provides for this dose.")
OUTSIDE_COHORT = Reason(
    "cohort.outside", "定期接種の対象の生まれではありません。", _SHEET, "Born outside the cohorts of the programme."
)
INTERVAL_EXCEEDED = Reason(
    "interval.exceeded", "当時の法定の間隔の上限を超えていました。", _SHEET, "Beyond the longest interval then allowed by law."
)
NOT_BEGUN = Reason(
    "programme.not_begun", "この時点では定期接種ではありません。", _SHEET, "Not in the programme under the law then known."
)
ENDED = Reason("programme.ended", "この制度は終わりました。", _SHEET, "The programme has ended.")
TOO_OLD = Reason("age.too_old", "対象の期間が過ぎました。", _SHEET, "The period of eligibility has passed.")
NO_TIME_LEFT = Reason(
    "window.no_time_left",
    "必要な間隔をおくと、対象の期間を過ぎてしまいます。",
    _SHEET,
    "The required interval ends after the last lawful day.",
)
COMPLETE = Reason("series.complete", "必要な回数が終わっています。", _SHEET, "All doses of the series have been given.")
OTHER_SEX = Reason("sex.other", "定期接種の対象は女子です。", _SHEET, "The routine programme is for girls.")
NO_SUBJECT = Reason("subject.none", "この子の接種ではありません。", _SHEET, "Not a vaccination of this child.")
CONTRAINDICATED = Reason("contraindicated", "接種不適当者にあたります。", _SHEET, "This child must not receive the vaccine.")
HAD_DISEASE = Reason(
    "disease.had", "かかったことがあるため、定期接種の対象外です。", "予防接種法施行令第3条第1項", "Has had the disease."
)
SINGLES = Reason(
    "series.singles",
    "単独のワクチンで続けます。",
    "予防接種実施規則・事務連絡",
    "To be continued with the single vaccines already begun.",
)
UNEQUAL = Reason(
    "series.unequal",
    "先にヒブと回数をそろえてから続けます。",
    "事務連絡(5種混合への切替え)",
    "The counts must be made equal first.",
)

UNDATED = DoseVerdict((), None, "needs_review", None)
UNKNOWN_PRODUCT = DoseVerdict((), "not_routine_product", "needs_review", None)
