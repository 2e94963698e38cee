"""Categories as documents, one for each version; none is ever changed or deleted."""

from services.issues import domain
from shared.collection import Collection, Index
from shared.transaction import Transaction

categories = Collection(
    "categories",
    domain.Category,
    key="category_id",
    indexes=[Index("code", "version", unique=True)],
)


def newest_category(tx: Transaction, code: str) -> domain.Category | None:
    """Find the last version of a category, in use or retired."""
    found = categories.query(tx, {"code": code}, sort=[("version", -1)], limit=1)
    return found[0] if found else None


def get_category(tx: Transaction, code: str, version: int | None) -> domain.Category:
    """Load a version of a category, by default the last one; raises NotFound."""
    newest = newest_category(tx, code) if version is None else None
    return newest or categories.get(tx, domain.category_id(code, version or 1))


def newest_categories(tx: Transaction) -> dict[str, domain.Category]:
    """Load the last version of every category by code, in use or retired."""
    return domain.newest(categories.query(tx, {}))


def category_of(tx: Transaction, issue: domain.Issue) -> domain.Category:
    """Load the version that an issue was sorted by."""
    if issue.category is None or issue.category_version is None:
        return domain.NOT_SORTED_YET
    return categories.get(tx, domain.category_id(issue.category, issue.category_version))


def knows_categories(tx: Transaction) -> bool:
    """Whether there is any category."""
    return bool(categories.query(tx, {}, limit=1))
