"""The generated files are as the code says, and are what they claim to be."""

import gzip
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from deploy.contract import cli, files, lifecycle, transitions
from services.issues.domain.lifecycle import BESIDE, DELIBERATION, ISSUE, MEDIATION, PROJECT
from services.issues.domain.states import STATE_ZH, IssueState
from services.issues.domain.table import LifeCycle, Row
from shared.broker.topology import Manifest
from tests.contract.known import CATALOGUE, FACTS, ROOT

DOCS = ROOT / "docs" / "contract"
ASYNCAPI = json.loads((DOCS / "asyncapi.json").read_text(encoding="utf-8"))


def test_they_do_not_differ_from_the_code(capsys):
    assert cli.main(["--check"]) == 0, capsys.readouterr().out


def test_a_difference_is_shown_with_what_to_do(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(files, "ROOT", tmp_path)
    monkeypatch.setattr(files, "contract", lambda _: {"docs/contract/README.md": "new\n"})
    stale = tmp_path / "docs" / "contract" / "schemas" / "issue.gone" / "1.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}\n")

    assert cli.main(["--check"]) == 1

    said = capsys.readouterr().out
    assert "+new" in said
    assert "docs/contract/README.md, docs/contract/schemas/issue.gone/1.json" in said
    assert "run `make contract`" in said
    assert cli.main([]) == 0
    assert cli.main(["--check"]) == 0
    assert not stale.exists()


def test_writing_twice_gives_the_same_bytes():
    assert files.contract(CATALOGUE) == files.contract(CATALOGUE)


def test_the_page_of_life_cycles_has_every_row_of_the_tables():
    page = files.contract(CATALOGUE)["docs/lifecycle.md"]
    rows = [row for table in (ISSUE, BESIDE, DELIBERATION, MEDIATION, PROJECT) for row in table.rows]

    assert [row.command for row in rows if f"| `{row.command}` |" not in page] == []
    assert [row.guard for row in rows if row.guard not in page] == []
    assert [state for state in IssueState if f"| `{state}` | {STATE_ZH[state]} |" not in page] == []


def test_another_row_of_the_table_is_another_document(monkeypatch):
    before = files.contract(CATALOGUE)
    row = Row(command="forget", states=(IssueState.CLOSED,), to=(IssueState.REPORTED,))
    changed = LifeCycle("issue", (*ISSUE.rows, row))
    for module in (transitions, lifecycle):
        monkeypatch.setattr(module, "ISSUE", changed)

    after = files.contract(CATALOGUE)

    assert {path for path, text in after.items() if text != before[path]} == {"docs/lifecycle.md", "docs/lifecycle.svg"}
    assert "closed --> reported: forget" in after["docs/lifecycle.md"]


def test_every_state_and_arrow_of_the_table_is_in_the_picture():
    drawn = ET.fromstring(files.contract(CATALOGUE)["docs/lifecycle.svg"])
    words = {one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")}

    assert {state.value for state in IssueState} - words == set()
    assert {command for arrow in transitions.arrows() for command in arrow.commands} - words == set()


def test_the_manifest_is_read_as_it_was_written():
    manifest = Manifest.read(str(ROOT / files.MANIFEST))

    assert manifest.subscriptions == tuple(taking.subscription for taking in CATALOGUE.takings)
    assert manifest.expects("issues", "issue.resolved")
    assert all(manifest.expects(service, "events.requested") for service in CATALOGUE.services)


def test_no_two_subscriptions_share_a_queue():
    queues = [taking.subscription.queue for taking in CATALOGUE.takings]

    assert len(set(queues)) == len(queues)


@pytest.mark.parametrize("kind", FACTS)
def test_a_schema_is_one(kind):
    schema = json.loads((DOCS / "schemas" / kind / "1.json").read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"https://linli.example/schemas/{kind}/1"
    assert schema["additionalProperties"] is True
    assert "$ref" not in json.dumps(schema)


def test_the_asyncapi_document_follows_the_official_schema():
    with gzip.open(Path(__file__).with_name("asyncapi-3.0.0.json.gz")) as official:
        jsonschema.Draft7Validator(json.load(official)).validate(ASYNCAPI)


def test_every_reference_of_the_asyncapi_document_leads_somewhere():
    found = list(references(ASYNCAPI))

    assert found
    assert [reference for reference in found if not leads_somewhere(reference)] == []


def test_the_asyncapi_document_has_every_sending_and_receiving():
    sent = {name for name, operation in ASYNCAPI["operations"].items() if operation["action"] == "send"}
    received = {name for name, operation in ASYNCAPI["operations"].items() if operation["action"] == "receive"}

    assert sent == {f"{publisher}.send.{fact.type}" for fact in CATALOGUE.facts for publisher in fact.publishers}
    assert received == {f"{taking.subscription.queue}.receive" for taking in CATALOGUE.takings}


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def leads_somewhere(reference):
    if not reference.startswith("#/"):
        return (DOCS / reference).is_file()
    node = ASYNCAPI
    for part in reference.removeprefix("#/").split("/"):
        node = node.get(part, {})
    return bool(node)
