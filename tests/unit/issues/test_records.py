"""What is kept of the work comes back from its document as it was, and documents from before it are read."""

import json
from datetime import timedelta

from services.issues import domain, repository, schemas
from tests.support.times import TIMES

WORDS = "住户说钥匙在门垫下"


def test_an_issue_with_everything_in_it_is_kept_as_it_is(*, dispatched, give_back, utility, company, done, now):
    at = now + timedelta(hours=1)
    task = domain.Task(unit="DEP-0003", task=WORDS, until=now + timedelta(days=9))
    issue, _ = domain.dispatch(give_back(dispatched), utility, [task], note=WORDS, by="P-0200", now=at, times=TIMES)
    issue, _ = domain.rule(give_back(issue), company, reason=WORDS, by="P-0001", now=at, times=TIMES)
    issue, _ = domain.sign(issue, "PC-0007", by="U-0071", units=("PC-0007",), now=at, times=TIMES)
    issue, _ = domain.report_done(issue, done, domain.Standard(), by="U-0071", units=("PC-0007",), now=at, times=TIMES)
    issue, _ = domain.fail_check(issue, domain.CheckReason.NOT_DONE, WORDS, by="P-0300", now=at, times=TIMES)

    again = repository.issues.to_entity(repository.issues.to_document(issue))

    assert again == issue
    assert (len(again.orders), len(again.returns), len(again.reports), len(again.failed_checks)) == (3, 2, 1, 1)
    masked = json.dumps(schemas.issue_view(issue, whole=False), ensure_ascii=False)
    assert [
        secret for secret in (WORDS, "U-0071", "P-0300", "不在我方管理范围", "已更换门禁") if secret in masked
    ] == []


def test_an_issue_from_before_there_were_outside_units_is_read(triaged):
    document = repository.issues.to_document(triaged)
    old = {
        name: value
        for name, value in document.items()
        if name
        not in {
            "orders", "assisting", "returns", "assignee", "contacted_at", "contacted_how", "contact_tries", "updates",
            "reports", "failed_checks", "verifiers", "acknowledged_at", "district_result",
        }
    }  # fmt: skip

    assert repository.issues.to_entity(old) == triaged


def test_an_entry_of_the_diary_is_kept_with_what_it_promises(signed, now):
    news = domain.News(text=WORDS, public=True, promised_for=now.date())
    _, entry, _ = domain.add_update(signed, news, by="U-0071", units=("PC-0007",), now=now, times=TIMES)

    assert repository.updates.to_entity(repository.updates.to_document(entry)) == entry
