"""Documents of issues; the only place that names their fields."""

from services.issues.repository.deliberations import deliberations, projects, save_roll, voter, voters, voters_of
from services.issues.repository.issues import (
    MOST_PREVIEWED,
    issue_of_client,
    issues,
    issues_of,
    issues_since,
    issues_to_approve,
    list_issues,
)
from services.issues.repository.rules import rules, rules_in_force, rules_of_version, save_rules
from services.issues.repository.tree import knows_the_tree, load_units, org_units, parent_of, unit_of_secretary
from services.issues.repository.visits import (
    all_dimensions,
    dimensions,
    follow_ups_due,
    inspection_of_client,
    inspections,
    list_inspections,
    list_visits,
    visit_of_client,
    visits,
)

COLLECTIONS = (issues, deliberations, voters, projects, org_units, rules, visits, dimensions, inspections)

__all__ = [
    "COLLECTIONS",
    "MOST_PREVIEWED",
    "all_dimensions",
    "deliberations",
    "dimensions",
    "follow_ups_due",
    "inspection_of_client",
    "inspections",
    "issue_of_client",
    "issues",
    "issues_of",
    "issues_since",
    "issues_to_approve",
    "knows_the_tree",
    "list_inspections",
    "list_issues",
    "list_visits",
    "load_units",
    "org_units",
    "parent_of",
    "projects",
    "rules",
    "rules_in_force",
    "rules_of_version",
    "save_roll",
    "save_rules",
    "unit_of_secretary",
    "visit_of_client",
    "visits",
    "voter",
    "voters",
    "voters_of",
]
