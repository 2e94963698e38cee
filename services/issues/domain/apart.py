"""Who handles never verifies, who verified never handles (I2), and neither takes down what the resident says (I3)."""

from collections.abc import Collection
from dataclasses import replace

from services.issues.domain.issue import Issue
from shared.errors import Refusal


class HandlerMayNotVerify(Refusal):
    """Who handled the issue does not verify it (I2)."""


class VerifierMayNotHandle(Refusal):
    """Who verified the issue does not handle it afterwards (I2)."""


class NotNeutral(Refusal):
    """Who handled or checked the issue does not take down what the resident says of it (I2, I3)."""


def check_verifier(issue: Issue, by: str) -> None:
    """Let nobody check their own work, of whatever round; raises HandlerMayNotVerify."""
    if by in issue.workers:
        raise HandlerMayNotVerify("who handled the issue does not verify it", by=by)


def check_neutral(issue: Issue, by: str, units: Collection[str]) -> None:
    """Let nobody take down the resident's word who has a part in the issue, or whose unit has; raises NotNeutral.

    `units` are those that the person acts for, outside or of our tree.
    """
    parts = sorted(set(units) & _units_with_a_part(issue))
    if parts or by in (*issue.workers, *issue.verifiers, issue.assignee):
        raise NotNeutral(
            "the resident's word is taken down by somebody who neither handled nor checked the issue, for no unit that "
            "handles it; or the resident confirms",
            by=by,
            units=parts,
        )


def _units_with_a_part(issue: Issue) -> set[str]:
    return {issue.responsible_unit, *outside_units_of(issue), *issue.units_of_lead}


def outside_units_of(issue: Issue) -> tuple[str, ...]:
    """Name the outside units that lead or led the work, or assisted, in whatever round."""
    lead = [issue.lead_unit] if issue.lead_unit else []
    signed = [order.unit for order in issue.orders if order.signed_at is not None]
    return tuple(dict.fromkeys([*lead, *signed, *(one.unit for one in issue.assisting)]))


def handled_by(issue: Issue, by: str) -> Issue:
    """Note who works on it; raises VerifierMayNotHandle."""
    if by in issue.verifiers:
        raise VerifierMayNotHandle("who verified the issue does not handle it afterwards", by=by)
    return replace(issue, handlers=with_one(issue.handlers, by))


def verified_by(issue: Issue, by: str) -> Issue:
    """Note who checked it; raises HandlerMayNotVerify."""
    check_verifier(issue, by)
    return replace(issue, verifiers=with_one(issue.verifiers, by))


def with_one(persons: tuple[str, ...], person: str) -> tuple[str, ...]:
    """Return the persons with one more, each once."""
    return persons if person in persons else (*persons, person)
