"""The categories: taken over from a table, and looked at."""

from typing import Any

from services.issues import domain, repository, schemas
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Cataloguing:
    """The categories: taken over from a table, and looked at."""

    @command(schemas.ImportCategories)
    def import_categories(self, tx: Transaction, request: schemas.ImportCategories) -> dict[str, Any]:
        """Take over a table of categories as a whole, or with `dry_run` say what that would do."""
        domain.authorise(tx.actor, "import_categories")
        rows = schemas.categories_of(request)
        found = domain.plan_import(repository.newest_categories(tx), rows, request.retire)
        if not request.dry_run:
            for version in found.versions:
                repository.categories.save(tx, version)
        return schemas.import_view(found, dry_run=request.dry_run)

    @query(schemas.ExportCategories)
    def export_categories(self, tx: Transaction, request: schemas.ExportCategories) -> dict[str, Any]:
        """Answer the categories in use as a table; what comes back through `import_categories` changes nothing."""
        return schemas.table_of(domain.in_force(repository.newest_categories(tx)), request.format)

    @query(schemas.ListCategories)
    def list_categories(self, tx: Transaction, request: schemas.ListCategories) -> dict[str, Any]:
        """List the categories in use, where asked for the retired ones too, by code."""
        newest = repository.newest_categories(tx)
        shown = newest.values() if request.retired else domain.in_force(newest)
        found = [one for one in shown if request.after is None or one.code > request.after]
        page = found[: request.limit]
        items = [schemas.category_view(one) for one in page]
        return {"items": items, "next": page[-1].code if len(found) > len(page) else None}

    @query(schemas.GetCategory)
    def get_category(self, tx: Transaction, request: schemas.GetCategory) -> dict[str, Any]:
        """Look at one category, in its last version or in the one that an issue carries."""
        return schemas.category_view(repository.get_category(tx, request.code, request.version))


def load_defaults(tx: Transaction) -> None:
    """Let an empty database begin with the categories that come along."""
    if not repository.knows_categories(tx):
        for category in schemas.default_categories():
            repository.categories.save(tx, category.as_version(1))


def category_in_force(tx: Transaction, code: str, version: int | None = None) -> domain.Category:
    """Load the version of a category that is used now; raises what `domain.choose` raises."""
    found = repository.newest_category(tx, code)
    return domain.choose(found, code, version, lambda: domain.codes_in_force(repository.newest_categories(tx)))
