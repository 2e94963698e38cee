"""What the documents name exists: files, tests, metrics, settings, alerts; a document that is wrong fails here."""

import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from shared import metrics

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docs/decisions/*.md"),
        *ROOT.glob("services/*/README.md"),
        *ROOT.glob("services/*/docs/*.md"),
        ROOT / "deploy/runbook.md",
    ]
)
NAMED_FILE = re.compile(r"`((?:shared|services|deploy|tests|docs)/[\w./-]+\.\w+)`")
NAMED_TEST = re.compile(r"`(test_\w+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
METRIC = re.compile(r"\bbus_[a-z_]+")
ALERTS = yaml.safe_load((ROOT / "deploy/alerts.yaml").read_text())["groups"][0]["rules"]


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def known_tests() -> set[str]:
    return {name for file in ROOT.glob("tests/**/test_*.py") for name in re.findall(r"def (test_\w+)", text_of(file))}


def metric_names() -> set[str]:
    """Return every name a scrape can show for what shared/metrics.py declares."""
    found = set()
    for metric in vars(metrics).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            found |= {f"{metric.describe()[0].name}{end}" for end in ("", "_total", "_bucket", "_sum", "_count")}
    return found


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings."""
    heads = re.findall(r"^#+ (.+)$", text_of(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(ROOT)))
def test_files_that_are_named_exist(document: Path) -> None:
    assert [name for name in NAMED_FILE.findall(text_of(document)) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(ROOT)))
def test_tests_that_are_named_exist(document: Path) -> None:
    assert set(NAMED_TEST.findall(text_of(document))) - known_tests() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for path, anchor in LINK.findall(re.sub(r"```.*?```", "", text_of(document), flags=re.DOTALL)):
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_metrics_that_are_named_exist() -> None:
    for document in (*DOCUMENTS, ROOT / "deploy/alerts.yaml"):
        assert set(METRIC.findall(text_of(document))) - metric_names() == set(), document.name


def test_every_alert_has_its_place_in_the_runbook() -> None:
    headings = re.findall(r"^### (\w+)$", text_of(ROOT / "deploy/runbook.md"), re.MULTILINE)
    assert headings == [alert["alert"] for alert in ALERTS]


def test_every_setting_is_in_the_table_of_the_readme() -> None:
    files = ("shared/config.py", "services/notify/settings.py", "services/issues/open311/discovery.py")
    code = "".join(text_of(ROOT / name) for name in files)
    settings = set(re.findall(r'env\.\w+\("([A-Z_]+)"', code))
    assert settings - set(re.findall(r"^\| `([A-Z_]+)` \|", text_of(ROOT / "README.md"), re.MULTILINE)) == set()


def test_every_decision_is_short_and_says_what_would_reopen_it() -> None:
    index = text_of(ROOT / "docs/decisions/README.md")
    for decision in ROOT.glob("docs/decisions/0*.md"):
        text = text_of(decision)
        assert len(text.splitlines()) <= 40, decision.name
        assert all(word in text for word in ("**Context.**", "**Decision.**", "**Consequences.**", "**Revisit when**"))
        assert decision.name in index
