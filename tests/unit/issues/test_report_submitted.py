"""A report of another system says the same as a resident's own, and counts once for its source and number."""

import pytest

from services.issues import domain
from services.issues.inbound import ReportSubmitted
from shared.errors import InvalidInput
from shared.schemas import load

SENT = {
    "report_id": "12345-0017",
    "source_system": "hotline",
    "text": "9栋门口电动车乱停",
    "building_id": "C01-G03-E07-B09",
}


def submitted(**changes):
    values = {**SENT, **changes}
    return load(ReportSubmitted, {name: value for name, value in values.items() if value is not None})


def test_source_and_number_make_it_count_once():
    first, again = submitted().report, submitted(text="the same, in other words").report

    assert first.client_id == again.client_id == "hotline:12345-0017"
    assert submitted(source_system="sensor").report.client_id != first.client_id


def test_what_is_known_of_it_reaches_triage():
    report = submitted(
        category="bike_shed",
        hazard="blocked_stairs",
        severity="high",
        external_no="HF-17",
        reporter_ref="H-1",
        sensitive=True,
    ).report

    assert (report.source, report.reporter) == (domain.Source.HOTLINE, "hotline:H-1")
    assert (report.form, report.hazard) == (False, domain.Hazard.BLOCKED_STAIRS)
    assert report.urgent
    assert report.sensitive
    assert report.told.external_no == "HF-17"


def test_building_and_address_are_two_names_for_one_thing():
    assert submitted().where == "C01-G03-E07-B09"
    assert submitted(building_id=None, address_id="C01-G03-E07-B10").where == "C01-G03-E07-B10"
    for both in ({"building_id": None}, {"address_id": "C01-G03-E07-B10"}):
        with pytest.raises(InvalidInput, match="names one building"):
            _ = submitted(**both).where


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source_system", "wechat"),
        ("source_system", "somebody"),
        ("category", "no spaces please"),
        ("hazard", "ghosts"),
        ("severity", "very"),
        ("text", ""),
        ("text", "字" * 4001),
        ("report_id", "no spaces please"),
    ],
)
def test_what_is_not_valid_is_refused_by_name(field, value):
    with pytest.raises(InvalidInput, match=f"not valid: {field}"):
        submitted(**{field: value})
