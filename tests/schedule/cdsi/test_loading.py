"""Supporting data are loaded as a whole or refused with file and line."""

from pathlib import Path

import pytest

from schedule.cdsi import SupportingDataError, load_supporting_data
from tests.schedule.cdsi.builder import (
    SHOT,
    age,
    antigen_file,
    condition,
    conflict,
    dose,
    element,
    interval,
    schedule_file,
    series,
    skip,
    skip_set,
    vaccine,
    write,
)

GOOD = series("Good", dose(1))


def refusal(folder: Path, fever: str, **files: str) -> str:
    with pytest.raises(SupportingDataError) as refused:
        load_supporting_data(write(folder, fever, **files))
    return str(refused.value).removeprefix(f"{folder}/")


def test_a_good_folder_is_loaded(tmp_path: Path) -> None:
    data = load_supporting_data(write(tmp_path, antigen_file(GOOD)))
    assert set(data.antigens) == {"Fever", "Rash"}
    assert [one.name for one in data.antigens["Fever"].series] == ["Good"]


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (dose(1, age(minAge="soon")), "not a period of time: 'soon'"),
        (dose(1, age(effectiveDate="20201301")), "not a date: '20201301'"),
        (dose(1, age(effectiveDate="2020-01-01")), "not a date: '2020-01-01'"),
        (dose(1, interval(fromPrevious="maybe")), "'maybe' is none of yes, y, no, n"),
        (dose(1, interval(fromPrevious="N")), "does not say from what it is measured"),
        (dose(1, interval(fromPrevious="N", fromTargetDose="one")), "not a whole number: 'one'"),
        (dose(1, vaccine("999")), "mapped to no antigen: 999"),
        (dose(1, interval(fromMostRecent=f"{SHOT}; 999")), "mapped to no antigen: 999"),
        (dose(1, skip("Sometimes", skip_set(condition("Age")))), "'sometimes' is none of evaluation, forecast, both"),
        (dose(1, skip("Both", skip_set(condition("Mood")))), "'mood' is none of age"),
        (dose(1, skip("Both", skip_set(condition("Vaccine Count by Age", doseCount="1")))), "lacks <doseType>"),
        (dose(1, skip("Both", skip_set(condition("Completed Series", seriesGroups="7")))), "do not exist: 7"),
        (dose(1, skip("Both")), "has no <set>"),
        (dose(1, element("novelty", "x")), "<novelty> is not known inside <seriesDose>"),
        (dose(2), "«Dose 2» stands in place 1"),
        ("", "has no <seriesDose>"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_line(tmp_path: Path, broken: str, complaint: str) -> None:
    message = refusal(
        tmp_path, "\n\n".join(["<antigenSupportingData>", GOOD, series("Broken", broken), "</antigenSupportingData>"])
    )
    assert message.startswith("AntigenSupportingData- Fever.xml:5: ")
    assert complaint in message


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (series("Wrong", dose(1), antigen="Rash"), "is about Rash, the first one is about Fever"),
        (series("Wrong", dose(1), vaccine_group="Chill"), "does not put Fever into the vaccine group Chill"),
        (series("Wrong", dose(1), equivalent="2"), "do not exist: 2"),
        (series("Wrong", dose(1), type="Extra"), "'extra' is none of standard, risk, evaluation only"),
        (series("Wrong", dose(1), genders=["Robot"]), "'Robot' is none of"),
        (series("Wrong", dose(1), indications=["B7"]), "unknown observation B7"),
        (series("Wrong", dose(1), preference="first"), "not a whole number"),
    ],
)
def test_a_series_that_does_not_fit_is_refused(tmp_path: Path, wrong: str, complaint: str) -> None:
    message = refusal(tmp_path, antigen_file(GOOD, wrong))
    assert message.startswith("AntigenSupportingData- Fever.xml:1: ")
    assert complaint in message


def test_a_file_that_is_no_xml_names_its_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, "<antigenSupportingData>\n<series>\n</antigenSupportingData>").startswith(
        "AntigenSupportingData- Fever.xml:3: not well-formed XML"
    )


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    assert "document type" in refusal(tmp_path, '<!DOCTYPE a [<!ENTITY b "c">]><antigenSupportingData/>')


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    assert "expected <antigenSupportingData>" in refusal(tmp_path, "<html/>")
    assert "no <series>" in refusal(tmp_path, "<antigenSupportingData/>")


def test_a_missing_antigen_is_named(tmp_path: Path) -> None:
    write(tmp_path, antigen_file(GOOD))
    (tmp_path / "AntigenSupportingData- Rash.xml").unlink()
    with pytest.raises(SupportingDataError, match="no file on Rash"):
        load_supporting_data(tmp_path)


def test_a_second_file_on_one_antigen_is_refused(tmp_path: Path) -> None:
    assert "a second file on Fever" in refusal(tmp_path, antigen_file(GOOD), rash=antigen_file(GOOD))


def test_a_folder_without_the_schedule_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SupportingDataError, match="cannot be read"):
        load_supporting_data(tmp_path)


def test_a_conflict_without_an_end_is_refused(tmp_path: Path) -> None:
    schedule = schedule_file(conflict(SHOT, SHOT, end=""))
    assert "ScheduleSupportingData.xml:1: <conflictEndInterval> is empty" in refusal(
        tmp_path, antigen_file(GOOD), schedule=schedule
    )
