"""Open311 GeoReport v2: anybody may look at public issues, who has a key may report."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from services.issues import open311, repository
from services.issues.domain import Category, Issue, api_clients, places
from services.issues.open311 import BASE, Parameters, Whereabouts, refused, render
from services.issues.service.reporting import take
from shared import administration
from shared.entrypoints import route
from shared.errors import NotFound
from shared.http import Reply, Request
from shared.transaction import Transaction

FORMAT = "<any(json, xml):format>"
get, post = partial(route, "GET", refused=refused), partial(route, "POST", refused=refused)


class Open311:
    """Open311 GeoReport v2: anybody may look at public issues, who has a key may report."""

    @get(f"{BASE}/discovery.{FORMAT}")
    def open311_discovery(self, tx: Transaction, request: Request) -> Reply:
        """Say where the endpoint is, and how to get a key."""
        changeset = open311.changeset(repository.newest_categories(tx).values())
        document = open311.discovery(request.root, changeset, open311.settings())
        return render("discovery", document, request.path["format"])

    @get(f"{BASE}/services.{FORMAT}")
    def open311_services(self, tx: Transaction, request: Request) -> Reply:
        """List what may be reported."""
        _asked(tx, request)
        listed = [open311.service(one) for one in _offered(tx).values()]
        return render("services", listed, request.path["format"])

    @get(f"{BASE}/services/<code>.{FORMAT}")
    def open311_definition(self, tx: Transaction, request: Request) -> Reply:
        """Say what is asked of whoever reports this."""
        _asked(tx, request)
        category = open311.of_code(_offered(tx), request.path["code"])
        return render("service_definition", open311.definition(category), request.path["format"])

    @get(f"{BASE}/requests.{FORMAT}")
    def open311_requests(self, tx: Transaction, request: Request) -> Reply:
        """List public issues: those that are named, else the newest that match."""
        asked = _asked(tx, request)
        search = open311.search(asked, tx.now)
        found = _named(tx, search.ids) if search.ids else _matching(tx, search)
        page = found if search.ids else found[: search.part.size]
        rows = _rows(tx, page, extended=asked.flag("extensions"))
        headers = open311.links(request, search.part, more=len(found) > len(page))
        return render("service_requests", rows, request.path["format"], headers=headers)

    @get(f"{BASE}/requests/<issue_id>.{FORMAT}")
    def open311_request(self, tx: Transaction, request: Request) -> Reply:
        """Show one public issue."""
        asked, issue_id = _asked(tx, request), request.path["issue_id"]
        rows = _rows(tx, _named(tx, [issue_id]), extended=asked.flag("extensions"))
        if not rows:
            raise NotFound(f"service_request_id {issue_id} was not found")
        return render("service_requests", rows, request.path["format"])

    @get(f"{BASE}/tokens/<token>.{FORMAT}")
    def open311_token(self, tx: Transaction, request: Request) -> Reply:
        """Say which request a token stands for: every request is its own, as its id is answered at once."""
        _asked(tx, request)
        token = request.path["token"]
        if not _named(tx, [token]):
            raise NotFound(f"token {token} was not found; no tokens are handed out, ids are answered at once")
        return render("service_requests", [{"service_request_id": token, "token": token}], request.path["format"])

    @get(f"{BASE}/servicerequestupdates.{FORMAT}")
    def open311_updates(self, tx: Transaction, request: Request) -> Reply:
        """List what happened to public issues."""
        asked = _asked(tx, request)
        part, facts = open311.part(asked), _facts(tx, asked)
        page = facts[: part.size]
        public = {one.issue_id for one in _named(tx, {fact["data"]["issue_id"] for fact in page})}
        told = [open311.update(fact) for fact in page if fact["data"]["issue_id"] in public]
        headers = open311.links(request, part, more=len(facts) > len(page))
        return render("service_request_updates", told, request.path["format"], headers=headers)

    @post(f"{BASE}/requests.{FORMAT}")
    def open311_report(self, tx: Transaction, request: Request) -> Reply:
        """Report a problem; the same client_id or Idempotency-Key again answers with the same request."""
        sent = Parameters(request.form)
        client = _admitted(tx, sent)
        sent.check_jurisdiction(tx.store.settings.community)
        new = open311.new_request(request)
        category = open311.of_code(_offered(tx), new.service_code)
        issue, made = take(tx, open311.report(new, category, client), _building(tx, new), category.code)
        answer = [open311.accepted(issue)]
        return render("service_requests", answer, request.path["format"], status=201 if made else 200)

    @get(f"{BASE}/<path:rest>")
    def open311_elsewhere(self, _tx: Transaction, request: Request) -> Reply:
        """Say what there is."""
        raise NotFound(f"{request.url} was not found; there are {open311.RESOURCES}, as .json and .xml")


def _asked(tx: Transaction, request: Request) -> Parameters:
    """Read the query of a request that is meant for us."""
    asked = Parameters(request.query)
    asked.check_jurisdiction(tx.store.settings.community)
    return asked


def _admitted(tx: Transaction, sent: Parameters) -> api_clients.ApiClient:
    """Let in who shows a key, as often as agreed; raises KeyRefused, TooManyRequests."""
    key = sent.text("api_key")
    if key is None:
        raise api_clients.KeyRefused("api_key was not provided")
    client = api_clients.admit(repository.client_of_key(tx, key))
    api_clients.check_rate(repository.count_request(tx, client, tx.now), tx.now)
    return client


def _offered(tx: Transaction) -> dict[str, Category]:
    """Load what may be reported now."""
    return open311.offered(repository.newest_categories(tx).values())


def _building(tx: Transaction, new: open311.NewRequest) -> str:
    """Find the building that a request is about; raises NothingNear, InvalidInput."""
    if new.address_id is not None:
        return open311.building(new.address_id, repository.org_units.find(tx, new.address_id))
    if new.point is not None:
        return places.nearest(new.point, repository.places_near(tx, new.point)).org_unit_id
    return open311.called(str(new.address), repository.buildings_called(tx, str(new.address)))


def _named(tx: Transaction, issue_ids: Iterable[str]) -> list[Issue]:
    """Load issues by id, without those that not everybody may know of."""
    found = repository.issues.find_many(tx, issue_ids)
    return [issue for issue in found.values() if open311.is_public(issue)]


def _matching(tx: Transaction, search: open311.Search) -> list[Issue]:
    """Load one issue more than the page has."""
    categories = open311.told(repository.newest_categories(tx).values())
    codes = [open311.of_code(categories, code).code for code in search.codes] or list(categories)
    return repository.public_issues(
        tx,
        states=search.states,
        categories=codes,
        since=search.span.since,
        until=search.span.until,
        skip=search.part.skip,
        limit=search.part.size + 1,
    )


def _facts(tx: Transaction, asked: Parameters) -> list[dict[str, Any]]:
    """Load one fact more than the page has."""
    span, part = open311.span(asked, tx.now), open311.part(asked)
    return administration.announced(
        tx.store, list(open311.TOLD), since=span.since, until=span.until, skip=part.skip, limit=part.size + 1
    )


def _rows(tx: Transaction, issues: list[Issue], *, extended: bool) -> list[dict[str, Any]]:
    """Tell of issues with what we know of their places and units."""
    points = repository.points_of(tx, [one.building_id for one in issues])
    units = repository.org_units.find_many(tx, [one.responsible_unit for one in issues])
    known = (
        Whereabouts(point=points.get(one.building_id), agency=unit.place_zh if unit else None)
        for one, unit in ((one, units.get(one.responsible_unit)) for one in issues)
    )
    return [open311.service_request(one, where, extended=extended) for one, where in zip(issues, known, strict=True)]
