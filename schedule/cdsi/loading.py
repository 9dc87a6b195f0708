"""Loads a folder of supporting data as the CDC publishes it, as a whole or not at all."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from schedule.cdsi.antigen_file import read_antigen
from schedule.cdsi.markup import SupportingDataError
from schedule.cdsi.model import Antigen, SupportingData, VaccineGroup
from schedule.cdsi.schedule_file import ScheduleFile, read_schedule

SCHEDULE_FILE = "ScheduleSupportingData.xml"
ANTIGEN_FILES = "AntigenSupportingData*.xml"


def load_supporting_data(folder: Path) -> SupportingData:
    """Read, compile and check a whole folder.

    Raises:
        SupportingDataError: Something cannot be used; the message names the file and, where there is one, the line.
    """
    schedule = read_schedule(folder / SCHEDULE_FILE)
    antigens: dict[str, Antigen] = {}
    for path in sorted(folder.glob(ANTIGEN_FILES)):
        antigen = read_antigen(path, schedule)
        if antigen.name in antigens:
            raise SupportingDataError(path, 0, f"a second file on {antigen.name}")
        antigens[antigen.name] = antigen
    _check_every_antigen_is_there(folder, antigens, schedule)
    return SupportingData(
        antigens=antigens,
        vaccine_groups=schedule.vaccine_groups,
        associations=schedule.associations,
        conflicts=schedule.conflicts,
        observations=schedule.observations,
        bearing={group.name: _bearing(group, antigens, schedule) for group in schedule.vaccine_groups},
    )


def _bearing(group: VaccineGroup, antigens: Mapping[str, Antigen], schedule: ScheduleFile) -> frozenset[str]:
    """The vaccines that conflicts, intervals and conditional skips of a vaccine group look at."""
    doses = [dose for name in group.antigens for series in antigens[name].series for dose in series.doses]
    found: set[str] = {code for dose in doses for rule in dose.intervals for code in rule.from_most_recent}
    for dose in doses:
        for code in (*dose.preferable, *dose.allowable):
            found.update(schedule.conflicts.get(code, ()))
        for skip in (*dose.skips_in_evaluation, *dose.skips_in_forecast):
            found.update(code for one in skip.sets for condition in one.conditions for code in condition.vaccines)
    return frozenset(found)


def _check_every_antigen_is_there(folder: Path, antigens: Iterable[str], schedule: ScheduleFile) -> None:
    named = {one.antigen for associations in schedule.associations.values() for one in associations}
    named.update(antigen for group in schedule.vaccine_groups for antigen in group.antigens)
    if missing := sorted(named - set(antigens)):
        raise SupportingDataError(folder, 0, f"no file on {', '.join(missing)}")
