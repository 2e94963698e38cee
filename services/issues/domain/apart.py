"""Who handles never verifies, and who verified never handles (I2)."""

from dataclasses import replace

from services.issues.domain.issue import Issue
from shared.errors import Refusal


class HandlerMayNotVerify(Refusal):
    """Who handled the issue does not verify it (I2)."""


class VerifierMayNotHandle(Refusal):
    """Who verified the issue does not handle it afterwards (I2)."""


def check_verifier(issue: Issue, by: str) -> None:
    """Let nobody check their own work, of whatever round; raises HandlerMayNotVerify."""
    if by in issue.workers:
        raise HandlerMayNotVerify("who handled the issue does not verify it", by=by)


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
