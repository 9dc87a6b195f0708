"""Small supporting data of our own: one made-up disease, described in a few words a test."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from schedule.cdsi import forecast, load_supporting_data
from schedule.contract import DoseGiven, ForecastAnswer, ForecastRequest, Observation, SeriesForecast

SHOT, OTHER, LIVE, WRONG = "901", "902", "903", "904"  # every one contains Fever
RASH_SHOT, BOTH, RASH_PLAIN = "905", "906", "907"
BORN = date(2020, 1, 1)


def element(tag: str, *content: str) -> str:
    return f"<{tag}>{''.join(content)}</{tag}>"


def fields(names: str, values: dict[str, str]) -> str:
    """One element a name, empty where the test gives no value."""
    assert set(values) <= set(names.split()), values
    return "".join(element(name, escape(values.get(name, ""))) for name in names.split())


def age(**values: str) -> str:
    return element("age", fields("absMinAge minAge earliestRecAge latestRecAge maxAge effectiveDate cessationDate", values))


def _interval_fields(values: dict[str, str]) -> str:
    observation = values.pop("observation", "")
    origin = element("fromRelevantObs", element("code", observation)) if observation else "<fromRelevantObs/>"
    rest = fields(
        "fromPrevious fromTargetDose fromMostRecent absMinInt minInt earliestRecInt latestRecInt intervalPriority "
        "effectiveDate cessationDate",
        {"fromPrevious": "N" if observation else "Y", **values},
    )
    return rest + origin


def interval(**values: str) -> str:
    return element("interval", _interval_fields(values))


def allowable_interval(**values: str) -> str:
    return element("allowableInterval", _interval_fields(values))


def vaccine(code: str, tag: str = "preferableVaccine", **values: str) -> str:
    names = "vaccineType cvx beginAge endAge tradeName mvx volume forecastVaccineType"
    return element(tag, fields(names, {"cvx": code, "vaccineType": code, **values}))


def condition(kind: str, **values: str) -> str:
    names = "conditionType startDate endDate beginAge endAge interval doseCount doseType doseCountLogic vaccineTypes seriesGroups"
    return element("condition", fields(names, {"conditionType": kind, **values}))


def skip_set(*conditions: str, logic: str = "AND", effective: str = "") -> str:
    return element(
        "set", fields("effectiveDate conditionLogic", {"effectiveDate": effective, "conditionLogic": logic}), *conditions
    )


def skip(context: str, *sets: str, logic: str = "OR") -> str:
    return element("conditionalSkip", element("context", context), element("setLogic", logic), *sets)


def dose(number: int, *parts: str, recurring: str = "No", season: tuple[str, str] | None = None) -> str:
    given = "".join(parts)
    if "<preferableVaccine>" not in given:
        given += vaccine(SHOT)
    seasonal = element(
        "seasonalRecommendation",
        fields("startDate endDate", dict(zip(("startDate", "endDate"), season or ("", ""), strict=True))),
    )
    return element("seriesDose", element("doseNumber", f"Dose {number}"), given, element("recurringDose", recurring), seasonal)


def series(name: str, *doses: str, **values: str | Sequence[str]) -> str:
    """A standard series of Fever unless told otherwise; `indications` are observation codes."""
    given = {"antigen": "Fever", "type": "Standard", "default": "No", "product": "No", "group": "1", "priority": "A"} | values
    select = fields(
        "defaultSeries productPath seriesGroupName seriesGroup seriesPriority seriesPreference minAgeToStart maxAgeToStart",
        {
            "defaultSeries": str(given["default"]),
            "productPath": str(given["product"]),
            "seriesGroupName": f"Group {given['group']}",
            "seriesGroup": str(given["group"]),
            "seriesPriority": str(given["priority"]),
            "seriesPreference": str(given.get("preference", "1")),
            "minAgeToStart": str(given.get("min_age_to_start", "")),
            "maxAgeToStart": str(given.get("max_age_to_start", "")),
        },
    )
    return element(
        "series",
        element("seriesName", name),
        element("targetDisease", str(given["antigen"])),
        element("vaccineGroup", str(given.get("vaccine_group", "Fever"))),
        element("seriesType", str(given["type"])),
        element("equivalentSeriesGroups", str(given.get("equivalent", ""))),
        element("seriesAdminGuidance", str(given.get("guidance", ""))),
        *(element("requiredGender", gender) for gender in given.get("genders", ())),
        element("selectSeries", select),
        *(_indication(code) for code in given.get("indications", ())),
        *doses,
    )


def _indication(seen: str) -> str:
    """An observation code, optionally with the age from which it counts: `A1 from 2 years`."""
    code, _, begin = seen.partition(" from ")
    values = {"guidance": f"Guidance on {code}", "beginAge": begin}
    return element(
        "indication", element("observationCode", element("code", code)), fields("description beginAge endAge guidance", values)
    )


def antigen_file(*parts: str) -> str:
    return element("antigenSupportingData", *parts)


def conflict(previous: str, current: str, minimum: str = "24 days", end: str = "28 days") -> str:
    return element(
        "liveVirusConflict",
        element("previous", element("cvx", previous)),
        element("current", element("cvx", current)),
        element("conflictBeginInterval", "1 day"),
        element("minConflictEndInterval", minimum),
        element("conflictEndInterval", end),
    )


def schedule_file(*conflicts: str, full_group: str = "No", groups: dict[str, list[str]] | None = None) -> str:
    antigens = {code: ["Fever"] for code in (SHOT, OTHER, LIVE, WRONG)} | {
        RASH_SHOT: ["Rash"],
        RASH_PLAIN: ["Rash"],
        BOTH: ["Fever", "Rash"],
    }
    vaccine_map = [
        element("cvxMap", element("cvx", code), *(element("association", element("antigen", name)) for name in inside))
        for code, inside in antigens.items()
    ]
    names = groups or {"Fever": ["Fever", "Rash"]}
    listed = [element("vaccineGroup", element("name", name), element("administerFullVaccineGroup", full_group)) for name in names]
    mapped = [
        element("vaccineGroupMap", element("name", name), *(element("antigen", one) for one in names[name])) for name in names
    ]
    observations = [element("observation", element("observationCode", code)) for code in ("A1", "A2", "A3")]
    return element(
        "scheduleSupportingData",
        element("liveVirusConflicts", *conflicts),
        element("vaccineGroups", *listed),
        element("vaccineGroupToAntigenMap", *mapped),
        element("cvxToAntigenMap", *vaccine_map),
        element("observations", *observations),
    )


RASH = antigen_file(series("Rash", dose(1, vaccine(RASH_SHOT)), antigen="Rash", type="Risk", indications=["A3"]))


def write(folder: Path, fever: str, *, rash: str = RASH, schedule: str | None = None) -> Path:
    (folder / "ScheduleSupportingData.xml").write_text(schedule or schedule_file(), encoding="utf-8")
    (folder / "AntigenSupportingData- Fever.xml").write_text(fever, encoding="utf-8")
    (folder / "AntigenSupportingData- Rash.xml").write_text(rash, encoding="utf-8")
    return folder


Observations = Iterable[tuple[str, date | None]]


class Clinic:
    """Loads a folder and asks about one child born on 1 January 2020."""

    def __init__(self, folder: Path, *series_or_parts: str, schedule: str | None = None, rash: str = RASH) -> None:
        self.data = load_supporting_data(write(folder, antigen_file(*series_or_parts), rash=rash, schedule=schedule))

    def ask(
        self,
        on: date,
        *doses: tuple[date, str],
        sex: str | None = "F",
        observations: Observations = (),
        born: date = BORN,
        birth_country: str | None = None,
    ) -> ForecastAnswer:
        given = tuple(DoseGiven(date=day, vaccine=code) for day, code in doses)
        seen = tuple(Observation(code, day) for code, day in observations)
        special: dict[str, object] = {"birth_country": birth_country} if birth_country else {}
        request = ForecastRequest("1", on, born, sex=sex, doses=given, observations=seen, special=special)
        return forecast(self.data, request)

    def forecast(
        self,
        on: date,
        *doses: tuple[date, str],
        sex: str | None = "F",
        observations: Observations = (),
        born: date = BORN,
        birth_country: str | None = None,
    ) -> SeriesForecast:
        return self.ask(on, *doses, sex=sex, observations=observations, born=born, birth_country=birth_country).forecasts[0]

    def verdicts(self, *doses: tuple[date, str], observations: Observations = ()) -> list[str]:
        """Status of each dose for Fever, with the codes of its reasons."""
        answer = self.ask(date(2025, 1, 1), *doses, observations=observations)
        found = (next(one for one in verdict.evaluations if one.antigen == "Fever") for verdict in answer.doses)
        return [" ".join([one.status, *(reason.code for reason in one.reasons)]) for one in found]
