"""Reports and work lists over many issues come from indexes: `make reports` asks the same of 150,000."""

import time
from collections import Counter
from datetime import timedelta

import pytest

from services.issues import domain, repository
from services.issues.repository import reports, worklists
from services.issues.service import scopes
from shared import clock
from shared.actor import LOCAL_ADMINISTRATOR
from tests.support import plans
from tests.support.asking import Desk
from tests.support.lines import LINES
from tests.support.many import MANY, units

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]
GRID, LIMIT = "C01-G03", 50
YEARS = domain.Period(since=(clock.now() - timedelta(days=1099)).date(), until=clock.now().date())
DAYS = {"since": YEARS.since.isoformat(), "until": YEARS.until.isoformat()}
SLOWEST = 1.5  # seconds for any answer over everything, on two busy cores


@pytest.fixture(scope="session")
def office(many):
    return Desk(many)


def note(what, plan, seconds):
    LINES.append(
        f"{MANY:>7,} issues  {what:<44} {seconds * 1000:>7.0f} ms  {plan.keys:>8,} keys  {plan.documents:>7,} documents"
    )


def timed(question):
    begun = time.perf_counter()
    answer = question()
    return answer, time.perf_counter() - begun


def branch(unit):
    return [one.org_unit_id for one in units() if one.org_unit_id.startswith(unit)]


def slice_now():
    return reports.slice_at(clock.now())


# -- counts


COUNTS = {
    "issue_report": {},
    "issue_report by unit": {"by": "unit"},
    "issue_report by month": {"by": "month"},
    "issue_report of a grid by category": {"by": "category", "unit": GRID},
    "satisfaction_report": {},
    "satisfaction_report by unit": {"by": "unit"},
    "satisfaction_report by month": {"by": "month"},
    "satisfaction_report of a grid by category": {"by": "category", "unit": GRID},
}


@pytest.mark.parametrize("what", COUNTS)
def test_a_count_reads_index_keys_and_no_document(many, office, what):
    asked, name = COUNTS[what], what.split()[0]
    by, units_asked = domain.By(asked["by"]) if "by" in asked else None, branch(GRID) if "unit" in asked else None
    if name == "issue_report":
        where, one, index = reports.within("reported_at", YEARS, units=units_asked), slice_now(), reports.REPORTED
        group = reports.group_of(by, "$reported_at", "$state")
    else:
        where, one, index = reports.within("ended_at", YEARS, units=units_asked), reports.LINE, reports.HAVE_ENDED
        group = reports.group_of(by, "$ended_at", "$record.ended_as")

    plan = plans.of_pipeline(many.database, "issues", reports.counting(where, one, group), index.keys)
    _, seconds = timed(lambda: office.ask(name, **DAYS, **asked))

    note(what, plan, seconds)
    assert "COLLSCAN" not in plan.stages
    assert (plan.documents, plan.keys <= MANY + 2) == (0, True)
    assert seconds < SLOWEST


def test_a_count_of_one_month_reads_the_keys_of_that_month(many):
    month = domain.Period(since=YEARS.until - timedelta(days=129), until=YEARS.until - timedelta(days=100))
    where = reports.within("reported_at", month)

    pipeline = reports.counting(where, slice_now(), None)
    plan = plans.of_pipeline(many.database, "issues", pipeline, reports.REPORTED.keys)

    assert (
        0
        < many.database["issues"].count_documents(where)
        <= plan.keys
        <= many.database["issues"].count_documents(where) + 1
    )
    assert plan.documents == 0


def test_the_rows_of_a_report_add_up_to_its_total_and_to_the_issues(many, office):
    stored = Counter(one["state"] for one in many.database["issues"].find({}, {"state": 1}))
    for by in ("unit", "category", "month", "source", "state"):
        answer = office.ask("issue_report", **DAYS, by=by)

        assert answer["total"]["states"] == dict(stored)
        assert sum(row["reported"] for row in answer["rows"]) == answer["total"]["reported"] == MANY


def test_by_unit_there_is_a_row_for_each_unit_right_below_with_everything_below_it(many, office):
    stored = Counter(one["responsible_unit"] for one in many.database["issues"].find({}, {"responsible_unit": 1}))

    whole = {row["group"]: row["reported"] for row in office.ask("issue_report", **DAYS, by="unit")["rows"]}
    grid = {row["group"]: row["reported"] for row in office.ask("issue_report", **DAYS, by="unit", unit=GRID)["rows"]}

    assert set(whole) == {"C01", *(f"C01-G{number:02}" for number in range(1, 10))}
    assert all(whole[unit] == sum(stored[one] for one in branch(unit)) for unit in set(whole) - {"C01"})
    assert whole["C01"] == stored["C01"]  # what nobody below answers for
    assert sum(grid.values()) == whole[GRID]


def test_a_report_says_what_a_count_over_the_documents_says(many, office):
    month = domain.Period(since=YEARS.until - timedelta(days=59), until=YEARS.until - timedelta(days=30))
    days = {"since": month.since.isoformat(), "until": month.until.isoformat()}

    check, seconds = timed(lambda: office.ask("check_report", **days))

    LINES.append(
        f"{MANY:>7,} issues  check_report of a month ({check['reported']:,} issues) {seconds * 1000:>18.0f} ms"
    )
    assert check["reported"] > 0
    assert check["ended"] > 0
    assert (check["differences"], check["wrong_issues"]) == ([], [])


# -- lists


LISTS = {
    "worklist": ({}, None),
    "worklist of a grid": ({}, GRID),
    "worklist of a grid, in progress": ({"state": domain.IssueState.IN_PROGRESS}, GRID),
    "worklist, suspended": ({"state": domain.IssueState.SUSPENDED}, None),
    "due soon": ({"since": clock.now(), "before": clock.now() + timedelta(days=2)}, None),
    "due soon in a grid, to be solved": (
        {"since": clock.now(), "kinds": (domain.ClockKind.RESOLVE, domain.ClockKind.LADDER)},
        GRID,
    ),
}


@pytest.mark.parametrize("what", LISTS)
def test_a_list_reads_no_more_than_it_shows(many, what):
    wanted, unit = LISTS[what]
    found = branch(unit) if unit else None
    where = worklists.due_where(domain.Wanted(**wanted), found)

    plan = plans.of_query(many.database, "issues", where, worklists.IN_ORDER, LIMIT)
    _, seconds = timed(lambda: list(many.database["issues"].find(where).sort(worklists.IN_ORDER).limit(LIMIT)))

    note(what, plan, seconds)
    assert not {"COLLSCAN", "SORT"} & plan.stages
    assert plan.documents == plan.returned
    if "kinds" not in wanted:  # other kinds are passed over in the index
        assert plan.keys <= LIMIT + 3 * len(found or [1])
    assert seconds < SLOWEST


def test_pages_show_everything_once_in_the_order_of_the_due_dates(many, office):
    due = many.database["issues"].find({"next_due_at": {"$ne": None}, "responsible_unit": {"$in": branch(GRID)}})
    expected = [row["_id"] for row in sorted(due, key=lambda row: (row["next_due_at"], row["_id"]))]

    shown, after = [], None
    while True:
        page = office.ask("worklist", unit=GRID, limit=7, after=after)
        shown += page["items"]
        after = page["next"]
        if after is None:
            break

    assert [row["issue_id"] for row in shown[:200]] == expected[:200]
    assert len(shown) == len(expected)


def test_issues_due_at_the_same_moment_are_on_one_page_or_the_other(many, office):
    found = list(many.database["issues"].find({"next_due_at": {"$ne": None}}, limit=5))
    before = {row["_id"]: row["next_due_at"] for row in found}
    same = clock.now() - timedelta(days=500)
    many.database["issues"].update_many({"_id": {"$in": list(before)}}, {"$set": {"next_due_at": same}})

    first = office.ask("worklist", limit=2)
    second = office.ask("worklist", limit=3, after=first["next"])

    for issue_id, due_at in before.items():
        many.database["issues"].update_one({"_id": issue_id}, {"$set": {"next_due_at": due_at}})
    assert [row["issue_id"] for row in first["items"] + second["items"]] == sorted(before)


def test_the_whole_community_needs_no_list_of_units(many):
    with many.reading(LOCAL_ADMINISTRATOR) as tx:
        assert scopes.units_of(tx, "C01") is None
        assert sorted(scopes.units_of(tx, GRID)) == sorted(branch(GRID))
        assert scopes.units_of(tx, GRID, below=False) == [GRID]
        assert repository.children_of(tx, None) == ["C01"]
