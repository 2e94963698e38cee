"""Questions are bounded as the specification says: 90 days, 1000 requests, pages that lead on."""

from datetime import timedelta

import pytest

from services.issues.open311.asking import LONGEST_SPAN, Part, links, search, span
from services.issues.open311.parameters import Parameters
from shared.errors import InvalidInput
from shared.http import Request


def asked(**values):
    return Parameters({name: [value] for name, value in values.items()})


def test_without_dates_the_last_90_days_are_meant(now):
    found = span(asked(), now)

    assert (found.since, found.until) == (now - LONGEST_SPAN, now)


def test_one_date_reaches_90_days_and_not_into_the_future(now):
    start, end = now - timedelta(days=200), now - timedelta(days=100)

    assert span(asked(start_date=start.isoformat()), now).until == start + LONGEST_SPAN
    assert span(asked(start_date=(now - timedelta(days=1)).isoformat()), now).until == now
    assert span(asked(end_date=end.isoformat()), now).since == end - LONGEST_SPAN


def test_more_than_90_days_and_an_end_before_the_start_are_refused(now):
    early, late = (now - timedelta(days=91)).isoformat(), now.isoformat()

    with pytest.raises(InvalidInput, match="at most 90 days after start_date"):
        span(asked(start_date=early, end_date=late), now)
    with pytest.raises(InvalidInput, match="must not be later than end_date"):
        span(asked(start_date=late, end_date=early), now)


def test_a_status_means_all_its_states(now):
    assert "resolved" in search(asked(status="open"), now).states
    assert "resolved" not in search(asked(status="closed"), now).states
    assert len(search(asked(), now).states) == 20


def test_more_than_a_thousand_ids_are_refused(now):
    ids = ",".join(f"IS-{number}" for number in range(1001))

    with pytest.raises(InvalidInput, match="at most 1000 requests"):
        search(asked(service_request_id=ids), now)


def test_pages_name_those_before_and_after_and_never_the_key():
    request = Request(
        method="GET",
        url="/open311/v2/requests.json",
        root="http://host/",
        query={"status": ["open"], "page": ["2"], "api_key": ["secret"]},
    )

    both = links(request, Part(page=2, size=10), more=True)["Link"]

    assert both == (
        '<http://host/open311/v2/requests.json?status=open&page=1&page_size=10>; rel="prev", '
        '<http://host/open311/v2/requests.json?status=open&page=3&page_size=10>; rel="next"'
    )
    assert links(request, Part(page=1, size=10), more=False) == {}
