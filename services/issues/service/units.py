"""The register of outside units."""

from typing import Any

from services.issues import domain, repository, schemas
from shared.actor import Actor
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Units:
    """The register of outside units."""

    @command(schemas.SetUnits)
    def set_units(self, tx: Transaction, request: schemas.SetUnits) -> dict[str, Any]:
        """Bring outside units in: `n.rpc.issues.set_units(units=[{"unit_id": "PC-0007", …}])`."""
        domain.authorise(tx.actor, "set_units")
        told = [one.unit for one in request.units]
        domain.check_codes((code for unit in told for code in unit.categories), repository.newest_categories(tx))
        ids = [unit.unit_id for unit in told]
        known = repository.handling_units.find_many(tx, ids)
        changed = domain.set_units(told, known, repository.org_units.find_many(tx, ids))
        for unit in changed:
            repository.handling_units.save(tx, unit)
        return {"changed": len(changed), "unchanged": len(told) - len(changed)}

    @query(schemas.GetUnit)
    def get_unit(self, tx: Transaction, request: schemas.GetUnit) -> dict[str, Any]:
        """Look at one outside unit."""
        unit = repository.handling_units.get(tx, request.unit_id)
        return schemas.unit_view(unit, whole=_sees_persons(tx.actor))

    @query(schemas.ListUnits)
    def list_units(self, tx: Transaction, request: schemas.ListUnits) -> dict[str, Any]:
        """List outside units by id, of one kind, or those that may handle a category."""
        found = repository.list_units(
            tx, kind=request.kind, category=request.category, after=request.after, limit=request.limit + 1
        )
        page = found[: request.limit]
        items = [schemas.unit_view(unit, whole=_sees_persons(tx.actor)) for unit in page]
        return {"items": items, "next": page[-1].unit_id if len(found) > len(page) else None}


def _sees_persons(actor: Actor) -> bool:
    return actor.is_administrator or "dispatcher" in actor.roles
