"""An edition may hold a measure whose end is not known yet."""

from datetime import date

from schedule.contract import DoseGiven, ForecastRequest
from schedule.japan import forecast
from schedule.japan.edition import CHIYODA, edition_from_files, read_files

END = b"until = 2026-03-31\n"


def test_a_measure_without_an_end_gives_no_last_day() -> None:
    files = read_files(CHIYODA)
    assert files["hpv.toml"].count(END) == 1
    endless = edition_from_files(files | {"hpv.toml": files["hpv.toml"].replace(END, b"")})
    day = date(2026, 3, 31)
    girl = ForecastRequest("x", day, date(2008, 11, 1), "F", rule_date=day, doses=(DoseGiven("HPV9", date(2023, 5, 1)),))
    (hpv,) = [series for series in forecast(endless, girl).forecasts if series.series == "HPV"]
    assert (hpv.status, hpv.basis, hpv.latest, hpv.valid_until) == ("not_complete", "transitional", None, None)
