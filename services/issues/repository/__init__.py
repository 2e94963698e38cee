"""Documents of issues; the only place that names their fields."""

from services.issues.repository.calendar import calendar_year, calendar_years
from services.issues.repository.categories import (
    categories,
    category_of,
    get_category,
    knows_categories,
    newest_categories,
    newest_category,
)
from services.issues.repository.deliberations import deliberations, projects, save_roll, voter, voters, voters_of
from services.issues.repository.issues import issue_of_client, issues, issues_of, list_issues
from services.issues.repository.rules import rules, rules_in_force
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

COLLECTIONS = (
    issues,
    deliberations,
    voters,
    projects,
    org_units,
    rules,
    visits,
    dimensions,
    inspections,
    calendar_years,
    categories,
)

__all__ = [
    "COLLECTIONS",
    "all_dimensions",
    "calendar_year",
    "calendar_years",
    "categories",
    "category_of",
    "deliberations",
    "dimensions",
    "follow_ups_due",
    "get_category",
    "inspection_of_client",
    "inspections",
    "issue_of_client",
    "issues",
    "issues_of",
    "knows_categories",
    "knows_the_tree",
    "list_inspections",
    "list_issues",
    "list_visits",
    "load_units",
    "newest_categories",
    "newest_category",
    "org_units",
    "parent_of",
    "projects",
    "rules",
    "rules_in_force",
    "save_roll",
    "unit_of_secretary",
    "visit_of_client",
    "visits",
    "voter",
    "voters",
    "voters_of",
]
