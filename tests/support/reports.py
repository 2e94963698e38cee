"""Reports of the stories' estate, as many as a test needs."""

from typing import Any

from services.issues import domain
from tests.support.categories import CATEGORIES
from tests.support.times import NOW, TIMES


def unit(org_unit_id: str, level: domain.Level, parent_id: str | None, place_zh: str) -> domain.OrgUnit:
    """Make a unit of the tree."""
    return domain.OrgUnit(
        org_unit_id=org_unit_id,
        level=level,
        parent_id=parent_id,
        secretary_id=None,
        place_zh=place_zh,
        tree_revision=1,
        revision=1,
    )


GRID = unit("C01-G03", domain.Level.GRID, "C01", "振杰网格")
ESTATE = unit("C01-G03-E07", domain.Level.ESTATE, "C01-G03", "振徽苑")
BUILDING = unit("C01-G03-E07-B09", domain.Level.BUILDING, "C01-G03-E07", "振徽苑9栋")
NEXT_DOOR = unit("C01-G03-E07-B10", domain.Level.BUILDING, "C01-G03-E07", "振徽苑10栋")


def reported(number: int, *, building: domain.OrgUnit = BUILDING, **told: Any) -> domain.Issue:
    """Make the report of resident R-<number>; `told` are fields of the report."""
    report = domain.Report(
        **{
            "reporter": f"R-{number}",
            "text": "9栋电梯坏了,老人下不了楼",
            "source": domain.Source.WECHAT,
            "client_id": None,
            "sensitive": False,
            **told,
        }
    )
    issue, _ = domain.report_issue(f"IS-{number:04d}", report, building=building, estate=ESTATE, now=NOW, times=TIMES)
    return issue


def triaged(number: int, *, category: str = "lift_maintenance", **told: Any) -> domain.Issue:
    """Make a report that triage has sorted."""
    found = domain.Assessment(category=CATEGORIES[category], priority=domain.Priority.NORMAL, hazard=None, route=None)
    issue, _ = domain.triage(reported(number, **told), found, BUILDING, NOW, TIMES)
    return issue


def at_work(number: int, **told: Any) -> domain.Issue:
    """Make an issue that somebody works on."""
    issue, _ = domain.act(triaged(number, **told), by="P-0009", now=NOW)
    return issue


def merged(*numbers: int, lead: domain.Issue) -> tuple[list[domain.Issue], domain.Issue]:
    """Make reports and merge them into the lead; returns the members and the lead."""
    members = []
    for number in numbers:
        member, lead, _ = domain.merge(reported(number), lead, by="P-0100", now=NOW)
        members.append(member)
    return members, lead
