"""A service's README and the pages in its docs/ name what it does: commands, queries, facts, collections, deadlines."""

import re
from inspect import getmembers, isfunction
from pathlib import Path

import pytest
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from deploy.contract.catalogue import service_class
from shared.entrypoints import Service
from shared.entrypoints.calling import Calling
from tests.contract.known import CATALOGUE, ROOT

OF_EVERYBODY = {name for name, _ in getmembers(Service, isfunction)}  # administration, which is told once, elsewhere
COMMON = {"events.requested"}


def pages(service: str) -> list[Path]:
    folder = ROOT / "services" / service
    return [folder / "README.md", *sorted(folder.glob("docs/*.md"))]


def text_of(service: str) -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages(service))


def calls(service: str) -> set[str]:
    """Name what can be called, without the administration that every service has."""
    methods = getmembers(service_class(service), isfunction)
    found = [(name, one) for name, method in methods for one in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())]
    return {name for name, entrypoint in found if isinstance(entrypoint, Calling)} - OF_EVERYBODY


@pytest.mark.parametrize("service", CATALOGUE.services)
def test_every_command_and_query_of_a_service_is_on_its_pages(service: str) -> None:
    assert calls(service)
    assert sorted(calls(service) - set(re.findall(r"`(\w+)\(", text_of(service)))) == []


@pytest.mark.parametrize("service", CATALOGUE.services)
def test_every_fact_that_a_service_announces_or_takes_is_on_its_pages(service: str) -> None:
    announced = {fact.type for fact in CATALOGUE.announced[service]}
    taken = {taking.inbound.type for taking in CATALOGUE.takings if taking.subscription.service == service}

    assert sorted((announced | taken) - COMMON - set(re.findall(r"[\w]+\.[\w]+", text_of(service)))) == []


@pytest.mark.parametrize("service", CATALOGUE.services)
def test_every_collection_of_a_service_is_on_its_pages(service: str) -> None:
    names = {one.name for one in service_class(service).collections}

    assert sorted(names - set(re.findall(r"`(\w+)`", text_of(service)))) == []


@pytest.mark.parametrize("service", CATALOGUE.services)
def test_every_deadline_of_a_service_is_on_its_pages(service: str) -> None:
    methods = [method for name, method in getmembers(service_class(service), isfunction) if name not in OF_EVERYBODY]
    kinds = {method.due_kind for method in methods if hasattr(method, "due_kind")}

    assert sorted(kinds - set(re.findall(r"`(\w+)`", text_of(service)))) == []


@pytest.mark.parametrize("service", CATALOGUE.services)
def test_no_line_of_a_table_stands_twice(service: str) -> None:
    rows = [line for line in text_of(service).splitlines() if line.startswith("| `")]

    assert sorted({row for row in rows if rows.count(row) > 1}) == []
