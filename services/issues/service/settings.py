"""What the office sets, and what other settings would have done."""

from datetime import timedelta
from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service.keeping import times
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Settings:
    """What the office sets, and what other settings would have done."""

    @command(schemas.SetRules)
    def set_rules(self, tx: Transaction, request: schemas.SetRules) -> dict[str, Any]:
        """Set rules: `n.rpc.issues.set_rules(accept={"amount": 2, "unit": "work_day"}, most_questions=1)`."""
        domain.authorise(tx.actor, "set_rules")
        rules = repository.rules_in_force(tx)
        request.check(rules)
        by = domain.acting_person(tx.actor, None)
        changed = domain.change_rules(rules, request.changes, by=by, now=tx.now)
        if changed.version != rules.version:
            repository.save_rules(tx, changed)
        return schemas.answer(schemas.rules_view(changed))

    @query(schemas.GetRules)
    def get_rules(self, tx: Transaction, request: schemas.GetRules) -> dict[str, Any]:
        """Look at each rule beside its default."""
        return schemas.rules_view(repository.rules_of_version(tx, request.version))

    @query(schemas.PreviewRules)
    def preview_rules(self, tx: Transaction, request: schemas.PreviewRules) -> dict[str, Any]:
        """Count how many issues of the last days would have been late: `n.rpc.issues.preview_rules(days=90, …)`."""
        domain.authorise(tx.actor, "preview_rules")
        present = times(tx)
        other = domain.proposed(present.rules, request.changes)
        issues, complete = repository.issues_since(tx, tx.now - timedelta(days=request.days))
        return schemas.preview_view(domain.preview(issues, present, other, tx.now), request, complete=complete)
