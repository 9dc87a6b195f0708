"""The words of an edition file: what a nurse writes in TOML, one file per vaccine."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

Basis = Literal["ordinary", "extension", "catch_up", "special_cohort", "transitional"]
Kind = Literal["injectable_live", "oral_live", "inactivated", "none"]
Programme = Literal["routine", "voluntary", "special", "check_up"]
PointText = Annotated[
    str,
    Meta(description="年齢や日: 生後2月、3歳、生後7月の翌日、出生6週、12歳の年度初日、就学1年前、就学前日、出生、予定日84日前"),
]
IntervalText = Annotated[str, Meta(description="接種間隔(以上): 27日、6月、2月半")]
Citation = Annotated[str, Meta(description="根拠: 法令の条、通知の番号と日付")]
InForce = Annotated[date | None, Meta(description="施行日。書かなければ初めから")]
Replaced = Annotated[date | None, Meta(description="後の改正で置き換えられた日(この日からは適用しない)")]
Until = Annotated[date | None, Meta(description="初めから決まっていた終わりの日(この日まで)")]
Unsettled = Annotated[str | None, Meta(description="公的に確認できていない点。子どもにとって安全な読み方を選び、ここに書く")]


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every dated rule carries: days in force and its source."""

    in_force: InForce = None
    replaced: Replaced = None
    until: Until = None
    citation: Citation = ""
    note: str = ""
    unsettled: Unsettled = None


class ProductSource(Rule, frozen=True, kw_only=True):
    """One product (ワクチン製品): `in_force` is its first day in the programme, `replaced` the day it was removed."""

    code: str
    ja: str
    en: str
    kind: Kind
    series: list[str] = []
    advances: list[str] = []
    sold_until: Annotated[date | None, Meta(description="販売が終わった日(計画では勧めない)")] = None
    antigens: list[str] = []
    counts_from: PointText | None = None


class WindowSource(Rule, frozen=True, kw_only=True):
    """Who may have the vaccine and when (対象者)."""

    basis: Basis = "ordinary"
    late: Annotated[bool | None, Meta(description="この対象者を「遅れ」とみなすか。書かなければ通常(ordinary)以外は遅れ")] = None
    from_: PointText = field(name="from")
    to: PointText | None = None
    born_from: date | None = None
    born_to: date | None = None
    opens: Annotated[date | None, Meta(description="施行日より後に始まるときの最初の日")] = None
    method: Annotated[str, Meta(description="この対象者に使う接種方法(course)の名")] = "ordinary"
    flag: Annotated[str | None, Meta(description="この事情(special)があるときだけ")] = None
    dose_between: Annotated[list[date], Meta(description="この期間(初めと終わり)に1回以上接種した者だけ", max_length=2)] = []
    equal_to: Annotated[str | None, Meta(description="このワクチンと接種回数が同じときだけ続けられる")] = None
    equal_until: Annotated[PointText | None, Meta(description="そのワクチンをこの日より後に始めた子は、回数が違ってもよい")] = (
        None
    )


class DoseSource(Rule, frozen=True, kw_only=True):
    """One dose of a course (接種回): when it may be given, and when it should be."""

    label: str
    en: str
    kind: Literal["initial", "booster"] = "initial"
    given: Annotated[list[int], Meta(description="これまでに数えた回数がこのどれかのときの次の1回", min_length=1)]
    then: Annotated[int, Meta(description="この1回の後に残る回数", ge=0)]
    from_: PointText | None = field(name="from", default=None)
    to: PointText | None = None
    after_previous: IntervalText | None = None
    after_previous_doctor: Annotated[IntervalText | None, Meta(description="医師が必要と認めたときの間隔")] = None
    after_first: IntervalText | None = None
    at_most_after_previous: Annotated[IntervalText | None, Meta(description="間隔の上限(法定)")] = None
    limit_lifted: Annotated[date | None, Meta(description="間隔の上限がなくなった日")] = None
    previous_from: Annotated[PointText | None, Meta(description="前回がこの日以後だったときだけ")] = None
    previous_to: Annotated[PointText | None, Meta(description="前回がこの日以前だったときだけ")] = None
    standard_from: Annotated[PointText | None, Meta(description="標準的な接種期間の初め")] = None
    standard_to: Annotated[PointText | None, Meta(description="標準的な接種期間の終わり")] = None
    standard_after_previous: Annotated[list[IntervalText], Meta(description="標準的な間隔(下限、上限)", max_length=2)] = []
    standard_after_first: Annotated[list[IntervalText], Meta(description="1回目からの標準的な間隔", max_length=2)] = []
    last_of_course: Annotated[bool | None, Meta(description="この1回で完了するか。書かなければ残りが0のとき完了")] = None
    accepted_only: Annotated[bool, Meta(description="勧めないが、接種されていれば有効と数える")] = False


class CourseSource(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way of giving the vaccine (接種方法): its doses in order."""

    name: str
    method: str = "ordinary"
    citation: Citation = ""
    start_from: Annotated[PointText | None, Meta(description="1回目がこの日以後")] = None
    start_to: Annotated[PointText | None, Meta(description="1回目がこの日以前")] = None
    dose_before: Annotated[date | None, Meta(description="この日より前に1回以上接種した者")] = None
    no_dose_before: Annotated[date | None, Meta(description="この日より前に接種していない者")] = None
    started_with: list[str] = []
    continue_with: list[str] = []
    dose: Annotated[list[DoseSource], Meta(min_length=1)]


class LongIllnessSource(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The exception after a long illness (長期療養特例) for one series."""

    to: Annotated[PointText | None, Meta(description="上限の年齢。書かなければ上限なし")] = None


class SeasonSource(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A yearly season, as month-day: from «10-01» to «01-31»."""

    from_: Annotated[str, Meta(pattern=r"^\d\d-\d\d$")] = field(name="from")
    to: Annotated[str, Meta(pattern=r"^\d\d-\d\d$")]
    citation: Citation = ""


class SeriesSource(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One series (各期): its windows, its courses and what shuts a child out of it."""

    code: str
    ja: str
    disease_ja: str
    en: str
    group: str
    programme: Programme = "routine"
    kind: Kind
    begins: Annotated[date | None, Meta(description="この系列が始まった日")] = None
    offers: Annotated[list[str], Meta(description="使う製品。望ましい順")] = []
    choice: Annotated[bool, Meta(description="製品によって方法が変わる")] = False
    components: list[str] = []
    needs: list[str] = []
    diseases: Annotated[list[str], Meta(description="これらに全てかかった子は対象外")] = []
    excluded_by: Annotated[str | None, Meta(description="この事情(special)のある子は対象外")] = None
    excluded_by_text: list[str] = []
    sex: Literal["F", "M"] | None = None
    per_pregnancy: bool = False
    season: SeasonSource | None = None
    long_illness: LongIllnessSource | None = None
    window: Annotated[list[WindowSource], Meta(min_length=1)]
    course: Annotated[list[CourseSource], Meta(min_length=1)]


class VaccineFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One file of an edition."""

    vaccine: str
    note: str = ""
    product: list[ProductSource] = []
    series: Annotated[list[SeriesSource], Meta(min_length=1)]


class SpacingSource(Rule, frozen=True, kw_only=True):
    """The least time between two different vaccines (異なるワクチンの接種間隔)."""

    after: Annotated[list[str], Meta(description="先に受けたワクチンの種類または製品")]
    before: Annotated[list[str], Meta(description="後に受けるワクチンの種類または製品")]
    except_: list[str] = field(name="except", default_factory=list)
    least: IntervalText


class LongIllnessRule(Rule, frozen=True, kw_only=True):
    """The exception after a long illness, for all series."""

    years: int


class EditionFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`edition.toml`: the name of the edition and the rules that span vaccines."""

    name: str
    ja: str
    en: str
    order: Annotated[list[str], Meta(description="系列の並び順", min_length=1)]
    spacing: list[SpacingSource] = []
    long_illness: LongIllnessRule


def schema() -> dict[str, object]:
    """The JSON Schema with which editors complete and check the files of an edition."""
    (vaccine, edition), shared = msgspec.json.schema_components([VaccineFile, EditionFile], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Hagukumi edition",
        "anyOf": [vaccine, edition],
        "$defs": shared,
    }
