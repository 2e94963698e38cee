"""Decisions that need a second person: proposed, approved, declined."""

from typing import Any, Protocol

from services.issues import domain, repository, schemas
from services.issues.service import looking, rights
from services.issues.service.keeping import times
from services.issues.service.replying import answered, shown
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Proposing(Protocol):
    """A command that proposes a decision on an issue."""

    @property
    def issue_id(self) -> str:
        """The issue."""

    @property
    def by(self) -> str | None:
        """Who proposes it."""

    @property
    def proposal(self) -> domain.Proposal:
        """What is to be decided."""

    def check(self, entity: Any) -> None:
        """Refuse another revision than the caller has seen."""


class Approving:
    """Decisions that need a second person: proposed, approved, declined."""

    @command(schemas.Reject, key="issue_id")
    def reject(self, tx: Transaction, request: schemas.Reject) -> dict[str, Any]:
        """Say where to go instead: `n.rpc.issues.reject("IS-0401", reason="not_ours", referred_to="district")`."""
        return _propose(tx, request)

    @command(schemas.Suspend, key="issue_id")
    def suspend(self, tx: Transaction, request: schemas.Suspend) -> dict[str, Any]:
        """Propose that the issue rests until a date."""
        return _propose(tx, request)

    @command(schemas.Extend, key="issue_id")
    def extend(self, tx: Transaction, request: schemas.Extend) -> dict[str, Any]:
        """Propose more time to solve it: `n.rpc.issues.extend("IS-0401", days=5, reason="备件未到")`."""
        return _propose(tx, request)

    @command(schemas.ForceClose, key="issue_id")
    def force_close(self, tx: Transaction, request: schemas.ForceClose) -> dict[str, Any]:
        """Propose to end it without a solution."""
        return _propose(tx, request)

    @command(schemas.Approve, key="issue_id")
    def approve(self, tx: Transaction, request: schemas.Approve) -> dict[str, Any]:
        """Approve what somebody else proposed: `n.rpc.issues.approve("IS-0401", kind="suspend", by="P-0002")`."""
        issue = rights.issue_for(tx, "approve", request.issue_id)
        domain.authorise_approval(tx.actor, request.kind)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        domain.check_our_tree(by, repository.units_of(tx, by))
        issue, facts = domain.approve(issue, request.kind, by=by, now=tx.now, times=times(tx))
        return answered(tx, issue, *facts)

    @command(schemas.Decline, key="issue_id")
    def decline(self, tx: Transaction, request: schemas.Decline) -> dict[str, Any]:
        """End what was proposed; it stays on record."""
        issue = rights.issue_for(tx, "decline", request.issue_id)
        domain.authorise_approval(tx.actor, request.kind)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        domain.check_our_tree(by, repository.units_of(tx, by))
        issue, facts = domain.decline(issue, request.kind, by=by, reason=request.reason, now=tx.now)
        return answered(tx, issue, *facts)

    @query(schemas.ListApprovals)
    def list_approvals(self, tx: Transaction, request: schemas.ListApprovals) -> dict[str, Any]:
        """List what waits for a second person, for those who may be one; words are for whom the issue concerns."""
        domain.authorise(tx.actor, "approve")
        found = repository.issues_to_approve(tx, kind=request.kind, after=request.after, limit=request.limit + 1)
        page = found[: request.limit]
        items = [schemas.approvals_view(one, words=_is_concerned(tx, one)) for one in page]
        return {"items": items, "next": page[-1].issue_id if len(found) > len(page) else None}


def _is_concerned(tx: Transaction, issue: domain.Issue) -> bool:
    return looking.look(tx, issue, None) is domain.View.WHOLE


def _propose(tx: Transaction, request: Proposing) -> dict[str, Any]:
    proposal = request.proposal
    issue = rights.issue_for(tx, proposal.kind, request.issue_id)
    request.check(issue)
    by = domain.acting_person(tx.actor, request.by)
    domain.check_may_propose(issue, proposal.kind, by, repository.units_of(tx, by), tx.now)
    secretaries = domain.secretaries_of(repository.line_up(tx, issue.responsible_unit))
    issue, facts = domain.propose(issue, proposal, by=by, now=tx.now, times=times(tx), secretaries=secretaries)
    if not facts:  # the same proposal again
        return shown(tx, issue)
    return answered(tx, issue, *facts)
