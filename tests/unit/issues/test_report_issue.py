import dataclasses

import pytest

from services.issues import domain
from services.issues.events import IssueReported
from tests.support.times import TIMES


def test_a_report_becomes_an_issue_that_nobody_has_looked_at(report, building, estate, now):
    issue, fact = domain.report_issue("IS-0101", report, building=building, estate=estate, now=now, times=TIMES)

    assert fact == IssueReported(
        issue_id="IS-0101",
        reporter_ref="R-1001",
        building_id="C01-G03-E07-B09",
        source="wechat",
        sensitive=False,
        title="振徽苑9栋事项",
    )
    assert (issue.state, issue.outcome, issue.round) == (domain.IssueState.REPORTED, domain.Outcome.NONE, 1)
    assert (issue.reported_at, issue.client_id) == (now, "wx-1")


def test_the_words_of_the_resident_are_in_no_fact(report, building, estate, now):
    _, fact = domain.report_issue("IS-0101", report, building=building, estate=estate, now=now, times=TIMES)

    assert report.text not in str(fact)


def test_the_title_of_a_sensitive_report_names_neither_estate_nor_matter(report, building, estate, now):
    told = dataclasses.replace(report, sensitive=True)

    _, fact = domain.report_issue("IS-0801", told, building=building, estate=estate, now=now, times=TIMES)

    assert (fact.title, fact.sensitive) == ("9栋一户居民", True)


def test_without_the_estate_in_our_copy_the_title_keeps_the_whole_place(report, building, now):
    told = dataclasses.replace(report, sensitive=True)

    _, fact = domain.report_issue("IS-0801", told, building=building, estate=None, now=now, times=TIMES)

    assert fact.title == "振徽苑9栋一户居民"


def test_the_same_report_may_come_again(reported, report):
    domain.check_same_report(reported, report)


def test_a_report_of_somebody_else_under_the_same_number_is_refused(reported, report):
    other = dataclasses.replace(report, reporter="R-1007")

    with pytest.raises(domain.ClientIdTaken):
        domain.check_same_report(reported, other)
