"""Documents of issues; the only place that names their fields."""

from services.issues.repository.deliberations import deliberations, projects, save_roll, voter, voters, voters_of
from services.issues.repository.issues import issue_of_client, issues, issues_of, list_issues
from services.issues.repository.rules import rules, rules_in_force
from services.issues.repository.tree import knows_the_tree, load_units, org_units, parent_of, unit_of_secretary
from services.issues.repository.units import (
    handling_units,
    list_units,
    list_updates,
    outside_unit,
    unit_of_tree,
    units_of,
    updates,
)

COLLECTIONS = (issues, deliberations, voters, projects, org_units, rules, handling_units, updates)

__all__ = [
    "COLLECTIONS",
    "deliberations",
    "handling_units",
    "issue_of_client",
    "issues",
    "issues_of",
    "knows_the_tree",
    "list_issues",
    "list_units",
    "list_updates",
    "load_units",
    "org_units",
    "outside_unit",
    "parent_of",
    "projects",
    "rules",
    "rules_in_force",
    "save_roll",
    "unit_of_secretary",
    "unit_of_tree",
    "units_of",
    "updates",
    "voter",
    "voters",
    "voters_of",
]
