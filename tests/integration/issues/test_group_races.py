"""Groups under races on three replicas: counts are right, and of two calls that exclude each other one wins."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from nameko.exceptions import RemoteError

from tests.support.neighbourhood import Office, alone

pytestmark = pytest.mark.server
SUPPORTERS = 40
ROUNDS = 8  # of a race of two; they meet at another moment each time
REPLICAS = 3


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    with alone(tmp_path_factory.mktemp("issues"), replicas=REPLICAS) as made:
        yield made


@pytest.fixture
def office(system):
    with system.rpc(timeout=60.0) as proxy:
        yield Office(proxy)


def at_once(system, *calls: tuple[str, dict[str, Any]]) -> list[str | None]:
    """Call all of them at the same moment, each on its own connection; returns None or the error of each."""
    together = Barrier(len(calls))

    def run(call: tuple[str, dict[str, Any]]) -> str | None:
        name, arguments = call
        with system.rpc(timeout=60.0) as proxy:
            method = getattr(proxy.issues, name)
            together.wait(timeout=30)
            try:
                method(**arguments)
            except RemoteError as error:
                return str(error)
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def check_groups(system) -> None:
    """Whatever happened: lead and members agree, there are no chains, and the counts are sums."""
    database = system.database("issues")
    issues = {one["_id"]: one for one in database.issues.find()}
    for issue_id, issue in issues.items():
        members = [issues[one] for one in issue["members"]]
        assert all((one["state"], one["lead_issue_id"]) == ("merged", issue_id) for one in members)
        assert issue["group_supporters"] == sum(one["supporters"] for one in members)
        assert issue["supporters"] == database.supports.count_documents({"issue_id": issue_id})
        assert not (issue["members"] and issue["state"] == "merged")
        if issue["state"] == "merged":
            assert issue_id in issues[issue["lead_issue_id"]]["members"]


def test_forty_supporters_at_once_are_forty(system, office):
    lead, member = office.triaged("R-1"), office.triaged("R-2")
    office.rpc.merge(issue_id=member, into=lead)

    errors = at_once(system, *(("support", {"issue_id": member, "person": f"R-{100 + n}"}) for n in range(SUPPORTERS)))

    assert errors == [None] * SUPPORTERS
    assert (office.get(member)["supporters"], office.get(lead)["group_supporters"]) == (SUPPORTERS, SUPPORTERS)
    check_groups(system)


def test_one_person_who_presses_many_times_counts_once(system, office):
    issue = office.triaged("R-1")

    at_once(system, *(("support", {"issue_id": issue, "person": "R-7"}) for _ in range(9)))

    assert office.get(issue)["supporters"] == 1
    check_groups(system)


def test_merge_and_triage_of_one_report_at_once(system, office):
    lead = office.triaged("R-1")
    for number in range(ROUNDS):
        report = office.report(f"R-{10 + number}")

        merged, sorted_ = at_once(
            system,
            ("merge", {"issue_id": report, "into": lead}),
            ("triage", {"issue_id": report, "category": "lift_maintenance"}),
        )

        issue = office.get(report)
        assert merged is None
        assert issue["state"] == "merged"
        assert issue["state_before"] == ("reported" if sorted_ else "triaged")
        assert sorted_ is None or "the issue is merged" in sorted_
        check_groups(system)


def test_a_member_leaves_while_its_lead_is_resolved(system, office):
    for number in range(ROUNDS):
        lead, member = office.at_work(f"R-{100 + number}"), office.triaged(f"R-{200 + number}")
        office.rpc.merge(issue_id=member, into=lead)

        left, resolved = at_once(
            system,
            ("unmerge", {"issue_id": member, "by": f"R-{200 + number}"}),
            ("resolve", {"issue_id": lead, "by": "P-0007"}),
        )

        assert resolved is None
        assert office.get(member)["state"] == ("resolved" if left else "triaged")
        assert left is None or "the issue is resolved" in left
        check_groups(system)


def test_two_merges_that_would_make_a_circle(system, office):
    for number in range(ROUNDS):
        one, other = office.triaged(f"R-{100 + number}"), office.triaged(f"R-{200 + number}")

        errors = at_once(
            system, ("merge", {"issue_id": one, "into": other}), ("merge", {"issue_id": other, "into": one})
        )

        assert errors.count(None) == 1
        assert sorted(office.get(issue)["state"] for issue in (one, other)) == ["merged", "triaged"]
        check_groups(system)
