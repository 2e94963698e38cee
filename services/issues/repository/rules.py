"""The office's settings as one document."""

from services.issues import domain
from shared.collection import Collection
from shared.transaction import Transaction

rules = Collection("rules", domain.Rules, key="rules_id")
DEFAULTS = domain.Rules()


def rules_in_force(tx: Transaction) -> domain.Rules:
    """Load the settings, or the defaults where nothing was set."""
    return rules.find(tx, DEFAULTS.rules_id) or DEFAULTS
