"""Documents of issues; the only place that names their fields."""

from services.issues.repository.deliberations import deliberations, projects, save_roll, voter, voters, voters_of
from services.issues.repository.groups import (
    candidates,
    closed_before,
    find_support,
    lead_of,
    part_of,
    supporters_of,
    supports,
    supports_of,
)
from services.issues.repository.issues import issue_of_client, issues, issues_of, list_issues
from services.issues.repository.rules import rules, rules_in_force
from services.issues.repository.tree import knows_the_tree, load_units, org_units, parent_of, unit_of_secretary

COLLECTIONS = (issues, deliberations, voters, projects, org_units, rules, supports)

__all__ = [
    "COLLECTIONS",
    "candidates",
    "closed_before",
    "deliberations",
    "find_support",
    "issue_of_client",
    "issues",
    "issues_of",
    "knows_the_tree",
    "lead_of",
    "list_issues",
    "load_units",
    "org_units",
    "parent_of",
    "part_of",
    "projects",
    "rules",
    "rules_in_force",
    "save_roll",
    "supporters_of",
    "supports",
    "supports_of",
    "unit_of_secretary",
    "voter",
    "voters",
    "voters_of",
]
