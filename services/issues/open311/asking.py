"""What a caller asks for: which requests, which part of a long list, what happened since when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from services.issues.open311.parameters import Parameters, wrong
from services.issues.open311.status import CLOSED, OPEN, states
from shared.http import Request

LONGEST_SPAN = timedelta(days=90)  # of one question; the specification
MOST_REQUESTS = 1000  # in one answer; the specification


@dataclass(frozen=True, kw_only=True)
class Span:
    """A time from `since` to `until`, both included."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Part:
    """Which part of a list: pages count from 1."""

    page: int
    size: int

    @property
    def skip(self) -> int:
        """How many come before it."""
        return (self.page - 1) * self.size


@dataclass(frozen=True, kw_only=True)
class Search:
    """Which requests are asked for; `ids` overrides all the rest."""

    ids: tuple[str, ...]
    codes: tuple[str, ...]
    states: list[str]
    span: Span
    part: Part


def links(request: Request, part: Part, *, more: bool) -> dict[str, str]:
    """Name the pages before and after this one (RFC 8288)."""
    pages = ([("prev", part.page - 1)] if part.page > 1 else []) + ([("next", part.page + 1)] if more else [])
    linked = [f'<{_address(request, page, part.size)}>; rel="{name}"' for name, page in pages]
    return {"Link": ", ".join(linked)} if linked else {}


def _address(request: Request, page: int, size: int) -> str:
    """Return the same question for another page; a key that came along is not repeated."""
    kept = {name: values for name, values in request.query.items() if name not in ("page", "page_size", "api_key")}
    query = urlencode({**kept, "page": [str(page)], "page_size": [str(size)]}, doseq=True)
    return f"{request.root.rstrip('/')}{request.url}?{query}"


def search(asked: Parameters, now: datetime) -> Search:
    """Read what requests are asked for; raises InvalidInput."""
    ids = asked.texts("service_request_id")
    if len(ids) > MOST_REQUESTS:
        raise wrong("service_request_id", f"may name at most {MOST_REQUESTS} requests")
    return Search(
        ids=ids,
        codes=asked.texts("service_code"),
        states=states(*asked.choices("status", (OPEN, CLOSED))),
        span=span(asked, now),
        part=part(asked),
    )


def span(asked: Parameters, now: datetime) -> Span:
    """Read from when to when; the last 90 days, or 90 days from or to what is named; raises InvalidInput."""
    since, until = asked.moment("start_date"), asked.moment("end_date")
    if until is None:
        until = now if since is None else max(since, min(now, since + LONGEST_SPAN))
    if since is None:
        since = until - LONGEST_SPAN
    if since > until:
        raise wrong("start_date", "must not be later than end_date")
    if until - since > LONGEST_SPAN:
        raise wrong("end_date", f"must be at most {LONGEST_SPAN.days} days after start_date")
    return Span(since=since, until=until)


def part(asked: Parameters) -> Part:
    """Read which page, of how many; raises InvalidInput."""
    size = asked.whole("page_size", MOST_REQUESTS, MOST_REQUESTS)
    return Part(page=asked.whole("page", 1, MOST_REQUESTS), size=size)
