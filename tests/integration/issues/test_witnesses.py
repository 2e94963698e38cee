"""Who takes the resident's word down has no part in the issue, for whichever of their units."""

from dataclasses import replace

import pytest

from services.issues import domain, repository
from tests.support.office import B09

pytestmark = pytest.mark.server
SECRETARY = "P-0500"  # of the grid, and of the building as long as it has none of its own


@pytest.fixture
def office(bare_office):
    return bare_office


def test_a_secretary_of_several_units_takes_no_answer_down_about_the_work_of_any(office):
    with office.store.transaction() as tx:
        for key in ("C01-G03", B09):
            repository.org_units.save(tx, replace(repository.org_units.get(tx, key), secretary_id=SECRETARY))
    issue_id = office.call("report_issue", reporter="R-1001", building_id=B09, text="楼道漏水")["issue_id"]
    office.call("triage", issue_id=issue_id, category="waste_station")
    office.call("act", issue_id=issue_id, by="P-0009")
    office.call("resolve", issue_id=issue_id, by="P-0008")
    office.call("confirm", issue_id=issue_id, satisfaction=5)
    before = office.documents("issues")

    with pytest.raises(domain.NotNeutral) as refused:
        office.call("record_call_back", issue_id=issue_id, by=SECRETARY, reached=True, solved="yes")

    assert refused.value.details == {"by": SECRETARY, "units": [B09]}
    assert office.documents("issues") == before
