"""What an issue keeps of the category that it was reported under and sorted by."""

import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain, schemas
from services.issues.domain.rules import ClockKind
from shared.errors import InvalidInput
from shared.schemas import load
from tests.support.categories import CATEGORIES
from tests.support.times import TIMES

LIFT = {"trapped": "no", "lift_no": "1号梯", "symptoms": ["noise"]}


@pytest.fixture
def reporting(report, building, estate, now):
    def reporting(category, answers):
        told = dataclasses.replace(report, category=category and CATEGORIES[category], answers=answers)
        return domain.report_issue("IS-0101", told, building=building, estate=estate, now=now, times=TIMES)

    return reporting


def test_a_report_under_a_category_keeps_its_version_and_the_answers(reporting):
    issue, fact = reporting("lift_maintenance", LIFT)

    assert (issue.category, issue.category_version, issue.label_zh) == ("lift_maintenance", 1, "电梯维修")
    assert (issue.answers, issue.answers_to) == (LIFT, "lift_maintenance@1")
    assert issue.state is domain.IssueState.REPORTED
    assert fact.title == "振徽苑9栋电梯维修"


def test_no_answer_is_in_a_fact(reporting):
    _, fact = reporting("lift_maintenance", {**LIFT, "lift_no": "王小梅家门口"})

    assert "王小梅" not in str(fact)


def test_a_report_under_a_sensitive_category_is_sensitive_from_the_beginning(reporting):
    answers = {"life_in_danger": "no", "help": ["meals"], "consent": "yes"}

    issue, fact = reporting("special_group_support", answers)

    assert (issue.sensitive, fact.sensitive, fact.title) == (True, True, "9栋一户居民")
    hidden = schemas.issue_view(issue, whole=False)
    assert hidden.keys().isdisjoint({"answers", "answers_to", "label_zh", "category", "category_version"})


def test_a_report_without_a_category_has_no_answers(reporting):
    issue, _ = reporting(None, {})

    assert (issue.category, issue.category_version, issue.answers_to) == (None, None, None)
    with pytest.raises(domain.NoCategoryToAnswer):
        reporting(None, {"trapped": "no"})


def test_a_stop_answer_and_a_wrong_one_refuse_the_report(reporting):
    with pytest.raises(domain.StopAnswer):
        reporting("lift_maintenance", {**LIFT, "trapped": "yes"})
    with pytest.raises(domain.AnswersNotValid):
        reporting("lift_maintenance", {"trapped": "no"})


def test_triage_keeps_the_version_it_sorted_by(reported, assessment, building, now):
    newer = dataclasses.replace(CATEGORIES["bike_shed"], label_zh="车棚").as_version(7)

    issue, [triaged, *_] = domain.triage(
        reported, dataclasses.replace(assessment, category=newer), building, now, TIMES
    )

    assert (issue.category, issue.category_version, issue.title) == ("bike_shed", 7, "振徽苑9栋车棚")
    assert (triaged.category, triaged.title) == ("bike_shed", "振徽苑9栋车棚")


def test_triage_may_choose_another_category_and_keeps_what_was_answered(reporting, assessment, building, now):
    issue, _ = reporting("lift_maintenance", LIFT)

    issue, _ = domain.triage(issue, assessment, building, now, TIMES)

    assert (issue.category, issue.answers, issue.answers_to) == ("bike_shed", LIFT, "lift_maintenance@1")


def test_what_was_reported_as_sensitive_stays_so_under_another_category(reporting, assessment, building, now):
    issue, _ = reporting("special_group_support", {"life_in_danger": "no", "help": ["meals"], "consent": "yes"})

    issue, _ = domain.triage(issue, assessment, building, now, TIMES)

    assert (issue.category, issue.sensitive) == ("bike_shed", True)


@pytest.mark.parametrize(
    ("category", "hours"),
    [("fire_hazard", 2), ("utility_failure", 24), ("waste_station", 7 * 24), ("parking", 15 * 24)],
)
def test_the_time_to_solve_it_follows_the_category(*, reported, assessment, building, now, category, hours):
    found = dataclasses.replace(assessment, hazard=None, category=CATEGORIES[category])

    issue, _ = domain.triage(reported, found, building, now, TIMES)

    assert issue.clock(ClockKind.RESOLVE).due_at - now == timedelta(hours=hours)


def test_danger_and_triage_itself_stand_before_the_category(reported, assessment, building, now):
    parking = dataclasses.replace(assessment, category=CATEGORIES["parking"])
    said = dataclasses.replace(parking, hazard=None, deadline_class=domain.DeadlineClass.UTILITY)

    dangerous, _ = domain.triage(reported, parking, building, now, TIMES)
    chosen, _ = domain.triage(reported, said, building, now, TIMES)

    assert dangerous.clock(ClockKind.RESOLVE).due_at - now == timedelta(hours=2)
    assert chosen.clock(ClockKind.RESOLVE).due_at - now == timedelta(hours=24)


@pytest.mark.parametrize(
    ("kind", "fields", "named"),
    [
        (schemas.Triage, {"issue_id": "IS-1", "category": {"$gt": ""}}, "category"),
        (schemas.Triage, {"issue_id": "IS-1", "category": "bike_shed", "category_version": 0}, "category_version"),
        (schemas.ReportIssue, {"reporter": "R-1", "building_id": "B", "text": "x", "category": "$where"}, "category"),
        (schemas.ReportIssue, {"reporter": "R-1", "building_id": "B", "text": "x", "answers": ["yes"]}, "answers"),
        (schemas.GetCategory, {"code": "bike_shed", "version": "1"}, "version"),
        (schemas.ExportCategories, {"format": "pdf"}, "format"),
    ],
)
def test_what_is_malformed_is_refused_by_name(kind, fields, named):
    with pytest.raises(InvalidInput) as refused:
        load(kind, fields)

    assert list(refused.value.details["fields"]) == [named]
