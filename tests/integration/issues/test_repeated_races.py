"""Two processes of issues, and many reports on one asset at the same instant: all but one are repeated."""

from collections import Counter
from collections.abc import Iterator

import pytest

from services.issues import domain
from tests.e2e.fixture import B09
from tests.support.community import CALLERS, Community, Deed, community_at_work

pytestmark = [pytest.mark.server, pytest.mark.timeout(120)]
ASSETS = [f"LIFT-{number}" for number in range(5)]
REPORT = {"reporter": "R-1001", "building_id": B09, "text": "电梯坏了"}


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    with community_at_work(tmp_path_factory.mktemp("repeated")) as made:
        yield made


def test_of_reports_at_one_instant_exactly_one_is_the_first_and_the_rate_says_so(community: Community) -> None:
    reports: list[Deed] = [("report_issue", {**REPORT, "asset_id": asset}) for asset in ASSETS for _ in range(CALLERS)]

    assert set(community.at_once(*reports)) == {"done"}

    made = list(community.database.issues.find({"asset_id": {"$in": ASSETS}}))
    assert len({one["reported_at"] for one in made}) == 1
    counted = Counter((one["asset_id"], domain.Record.read(one["line"]).repeated) for one in made)
    assert counted == {(asset, again): CALLERS - 1 if again else 1 for asset in ASSETS for again in (True, False)}

    keys = [one["_id"] for one in made]
    steps = (
        ("triage", {"category": "bike_shed"}), ("act", {"by": "P-0009"}), ("resolve", {"by": "P-0003"}),
        ("confirm", {"satisfaction": 5}),
    )  # fmt: skip
    for name, fields in steps:
        assert set(community.at_once(*[(name, {"issue_id": key, **fields}) for key in keys])) == {"done"}
    today = community.now.date().isoformat()
    rates = community.hands[0].ask("issues", "satisfaction_report", since=today, until=today)["total"]
    repeated = len(keys) - len(ASSETS)
    assert (rates["repeated"]["count"], rates["repeated"]["of"]) == (repeated, len(keys))
