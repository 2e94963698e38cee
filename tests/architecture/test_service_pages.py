"""A service's README and the pages in its docs/ name what it does: commands, queries, facts, collections, deadlines."""

import ast
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from inspect import getmembers, isfunction
from pathlib import Path

import pytest
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from deploy.contract.catalogue import service_class
from shared.calls import named
from shared.entrypoints import Service
from shared.entrypoints.calling import Calling
from tests.contract.known import CATALOGUE, ROOT
from tests.support.office import calls_of

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


SIGNATURE = re.compile(r"`(\w+)\(([^`]+)\)`")
INNER = re.compile(r"\[[^\[\]{}]*\]|{[^\[\]{}]*}")  # what a list or an object is made of


def parameters(signature: str) -> list[str]:
    """Name the parameters of a signature as the pages write it."""
    while INNER.search(signature):
        signature = INNER.sub("", signature)
    return [found[1] for part in re.split(r"[,|/]", signature) if (found := re.match(r"\s*(\w+)", part))]


@pytest.mark.parametrize("service", CATALOGUE.services)
def test_a_signature_on_a_page_has_the_parameters_of_the_call(service: str) -> None:
    known = calls_of(service_class(service))
    for name, signature in SIGNATURE.findall(text_of(service)):
        if name in known:
            own = {one.name for one in fields(known[name].takes)} - {"command_id", "expected_revision"}
            assert set(parameters(signature)) <= own, f"{name}({signature})"
            assert "…" in signature or set(parameters(signature)) == own, f"{name}({signature})"


def written_calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Find each call of ours in what a reader is asked to type."""
    for page in ("README.md", "README.zh-CN.md"):
        for line in re.findall(r"^>>> (.+)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE):
            for node in ast.walk(ast.parse(line)):
                if isinstance(node, ast.Call) and (
                    found := re.fullmatch(r"n\.rpc\.(\w+)\.(\w+)", ast.unparse(node.func))
                ):
                    yield found[1], found[2], node


def test_the_calls_that_a_reader_is_asked_to_type_are_there_and_take_these_values() -> None:
    known = {service: calls_of(service_class(service)) for service in CATALOGUE.services}
    written = [(service, method, node) for service, method, node in written_calls() if service in known]

    assert len(written) > 20  # two sessions; with fewer, this file does not find them any more
    for service, method, node in written:
        call = known[service][method]
        own = {one.name: one for one in fields(call.takes)}
        given = set(named(call, node.args, {str(word.arg): word.value for word in node.keywords}))
        needed = {name for name, one in own.items() if one.default is MISSING and one.default_factory is MISSING}
        assert needed <= given <= set(own), ast.unparse(node)
