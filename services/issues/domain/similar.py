"""Open issues that a new report may be about already: near first, then by how alike the words are."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.issues.domain.issue import Issue

ALIKE_FROM = 0.25  # share of common pairs of characters; decidim asks for the same of its groups of three letters
ROUNDED = 2  # places


class Why(StrEnum):
    """What speaks for it."""

    SAME_ASSET = "same_asset"
    SAME_BUILDING = "same_building"
    SAME_ESTATE = "same_estate"
    SAME_CATEGORY = "same_category"
    SIMILAR_TEXT = "similar_text"


NEAR = (Why.SAME_ASSET, Why.SAME_BUILDING, Why.SAME_ESTATE)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody is about to report, and where."""

    text: str
    building_id: str
    estate_id: str | None = None
    asset_id: str | None = None
    category: str | None = None


@dataclass(frozen=True, kw_only=True)
class Similar:
    """An open issue that may be the same; `similarity` of the words, 0 to 1."""

    issue: Issue
    similarity: float
    why: tuple[Why, ...]


def find_similar(draft: Draft, candidates: Iterable[Issue], limit: int) -> list[Similar]:
    """Choose the likeliest: same asset, then building, then estate, then by words; on an asset any words will do."""
    pairs = bigrams(draft.text)
    found = [_compared(draft, pairs, issue) for issue in candidates if not issue.guarded]
    likely = [one for one in found if Why.SIMILAR_TEXT in one.why or Why.SAME_ASSET in one.why]
    return sorted(likely, key=lambda one: (NEAR.index(one.why[0]), -one.similarity, one.issue.issue_id))[:limit]


def _compared(draft: Draft, pairs: frozenset[str], issue: Issue) -> Similar:
    alike = similarity(pairs, bigrams(issue.text))
    category = draft.category is not None and draft.category == issue.category
    why = (
        _nearness(draft, issue),
        *((Why.SAME_CATEGORY,) if category else ()),
        *((Why.SIMILAR_TEXT,) if alike >= ALIKE_FROM else ()),
    )
    return Similar(issue=issue, similarity=round(alike, ROUNDED), why=why)


def _nearness(draft: Draft, issue: Issue) -> Why:
    if draft.asset_id is not None and draft.asset_id == issue.asset_id:
        return Why.SAME_ASSET
    return Why.SAME_BUILDING if draft.building_id == issue.building_id else Why.SAME_ESTATE


def bigrams(text: str) -> frozenset[str]:
    """Cut a text into pairs of neighbouring characters, whatever their width, case and punctuation.

    Chinese has no spaces to cut words at; pairs of characters need no dictionary.
    """
    letters = "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())
    return frozenset(letters[place : place + 2] for place in range(max(1, len(letters) - 1))) - {""}


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of pairs that two texts have in common, 0 to 1 (Dice's coefficient)."""
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0
