"""Compiles `ScheduleSupportingData.xml`: what concerns the whole schedule and no single antigen."""

from pathlib import Path

from msgspec import Struct

from schedule.cdsi.fields import cvx, flag, needed_text, period, text
from schedule.cdsi.markup import Node, read_xml
from schedule.cdsi.model import Association, Conflict, VaccineGroup
from schedule.days import Period


class ScheduleFile(Struct, frozen=True):
    """The compiled file."""

    vaccine_groups: tuple[VaccineGroup, ...]
    associations: dict[str, tuple[Association, ...]]
    conflicts: dict[str, dict[str, Conflict]]
    observations: dict[str, str]


def read_schedule(path: Path) -> ScheduleFile:
    """Read the file.

    Raises:
        SupportingDataError: Something in the file cannot be used; the message names the line.
    """
    root = read_xml(path, "scheduleSupportingData")
    root.only(*("liveVirusConflicts", "vaccineGroups", "vaccineGroupToAntigenMap", "cvxToAntigenMap", "observations"))
    return ScheduleFile(
        vaccine_groups=_vaccine_groups(root),
        associations=_associations(root.need("cvxToAntigenMap")),
        conflicts=_conflicts(root.need("liveVirusConflicts")),
        observations={
            needed_text(one, "observationCode"): text(one, "observationTitle") for one in root.need("observations").children
        },
    )


def _vaccine_groups(root: Node) -> tuple[VaccineGroup, ...]:
    full = {needed_text(one, "name"): flag(one, "administerFullVaccineGroup") for one in root.need("vaccineGroups").children}
    groups = []
    for node in root.need("vaccineGroupToAntigenMap").children:
        name = needed_text(node, "name")
        if name not in full:
            raise node.error(f"the vaccine group {name!r} is not listed in <vaccineGroups>")
        groups.append(VaccineGroup(name, tuple(one.text for one in node.every("antigen")), full[name]))
    return tuple(groups)


def _associations(node: Node) -> dict[str, tuple[Association, ...]]:
    found: dict[str, tuple[Association, ...]] = {}
    for one in node.children:
        one.only("cvx", "shortDescription", "association")
        code = cvx(needed_text(one, "cvx"))
        if code in found:
            raise one.error(f"the vaccine code {code} is mapped twice")
        found[code] = tuple(_association(antigen) for antigen in one.every("association"))
    return found


def _association(node: Node) -> Association:
    begin, end = period(node, "associationBeginAge"), period(node, "associationEndAge")
    return Association(antigen=needed_text(node, "antigen"), begin=begin, end=end)


def _conflicts(node: Node) -> dict[str, dict[str, Conflict]]:
    found: dict[str, dict[str, Conflict]] = {}
    for one in node.children:
        one.only("previous", "current", "conflictBeginInterval", "minConflictEndInterval", "conflictEndInterval")
        earlier, later = cvx(needed_text(one.need("previous"), "cvx")), cvx(needed_text(one.need("current"), "cvx"))
        end = _needed_period(one, "conflictEndInterval")
        conflict = Conflict(
            begin=_needed_period(one, "conflictBeginInterval"),
            minimum_end=period(one, "minConflictEndInterval") or end,
            end=end,
        )
        found.setdefault(later, {})[earlier] = conflict
    return found


def _needed_period(node: Node, tag: str) -> Period:
    value = period(node, tag)
    if value is None:
        raise node.need(tag).error(f"<{tag}> is empty")
    return value
