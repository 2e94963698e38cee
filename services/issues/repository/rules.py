"""The office's settings: one document in force, and one for each version that was."""

from services.issues import domain
from shared.collection import Collection
from shared.transaction import Transaction

rules = Collection("rules", domain.Rules, key="rules_id")
DEFAULTS = domain.Rules()


def rules_in_force(tx: Transaction) -> domain.Rules:
    """Load the settings, or the defaults where nothing was set."""
    return rules.find(tx, DEFAULTS.rules_id) or DEFAULTS


def rules_of_version(tx: Transaction, version: int | None) -> domain.Rules:
    """Load the settings of a version, of the present one without a number; raises NotFound."""
    if version is None:
        return rules_in_force(tx)
    return DEFAULTS if version == DEFAULTS.version else rules.get(tx, domain.version_id(version))


def save_rules(tx: Transaction, changed: domain.Rules) -> None:
    """Put a version in force and on record."""
    rules.save(tx, changed)
    rules.save(tx, domain.of_version(changed))
