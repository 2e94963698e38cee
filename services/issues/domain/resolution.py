"""After the vote: signed, posted, objected to, executed by a named person, and looked at again."""

from dataclasses import replace
from datetime import date, datetime

from services.issues.domain.apart import handled_by
from services.issues.domain.ballots import NotOnTheRoll
from services.issues.domain.deliberation import Deliberation, Evaluation, Objection, Voter, voter_id
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import DELIBERATION
from services.issues.domain.rules import Times
from services.issues.domain.steps import Step
from services.issues.domain.working_time import day_of
from shared.errors import Refusal


class AlreadySigned(Refusal):
    """A resolution is signed once by each person."""


class NotSigned(Refusal):
    """A result is posted with at least one signature."""


class AlreadyPublished(Refusal):
    """A result is posted once."""


class NoNotice(Refusal):
    """Objections are taken while the notice hangs."""


class AlreadyObjected(Refusal):
    """Everybody objects once."""


class DueDateInThePast(Refusal):
    """What is to be done is due in the future."""


class NoExecutor(Refusal):
    """Nobody was named to do it, so there is nothing to evaluate."""


class AlreadyEvaluated(Refusal):
    """A deliberation is evaluated once."""


class ExecutorMayNotEvaluate(Refusal):
    """Who executes does not say whether it worked."""


def sign_resolution(deliberation: Deliberation, voter: Voter | None, *, now: datetime) -> tuple[Deliberation, Voter]:
    """Sign what was decided; raises StateNotAllowed, NotOnTheRoll, AlreadySigned, in that order."""
    state = DELIBERATION.step(deliberation.state, "sign_resolution")
    if voter is None:
        raise NotOnTheRoll("this person is not on the roll", deliberation_id=deliberation.deliberation_id)
    if voter.signed_at is not None:
        raise AlreadySigned("this person has signed", deliberation_id=deliberation.deliberation_id)
    deliberation = replace(deliberation, state=state, signatures=deliberation.signatures + 1)
    return deliberation.with_steps(Step.SIGN, by=voter.person_id, at=now), replace(voter, signed_at=now)


def publish_resolution(deliberation: Deliberation, *, by: str, now: datetime, times: Times) -> Deliberation:
    """Post the result for the days of the rules; raises StateNotAllowed, NotSigned, AlreadyPublished, in that order."""
    state = DELIBERATION.step(deliberation.state, "publish_resolution")
    if not deliberation.signatures:
        raise NotSigned("nobody has signed yet", deliberation_id=deliberation.deliberation_id)
    if deliberation.notice_until is not None:
        raise AlreadyPublished("it was posted before", notice_until=deliberation.notice_until.isoformat())
    until = times.after(now, times.rules.public_notice)
    deliberation = replace(deliberation, state=state, published_at=now, notice_until=until)
    return deliberation.with_steps(Step.PUBLISH, by=by, at=now)


def object_resolution(
    deliberation: Deliberation, known: Objection | None, text: str, *, by: str, now: datetime
) -> tuple[Deliberation, Objection]:
    """Object to a result while its notice hangs; raises StateNotAllowed, NoNotice, AlreadyObjected, in that order."""
    state, until = DELIBERATION.step(deliberation.state, "object_resolution"), deliberation.notice_until
    if until is None or now > until:
        raise NoNotice("the result is not posted at present", notice_until=until and until.isoformat())
    if known is not None:
        raise AlreadyObjected("this person has objected", deliberation_id=deliberation.deliberation_id)
    key = deliberation.deliberation_id
    objection = Objection(objection_id=voter_id(key, by), deliberation_id=key, person_id=by, text=text, at=now)
    return replace(deliberation, state=state, objections=deliberation.objections + 1), objection


def name_executor(
    deliberation: Deliberation, issue: Issue, executor: str, due_on: date, *, by: str, now: datetime
) -> tuple[Deliberation, Issue]:
    """Say who does what was decided, and until when; from now on they verify nothing of the issue (I2).

    Raises StateNotAllowed, AlreadyEvaluated, DueDateInThePast, VerifierMayNotHandle, in that order.
    """
    state = DELIBERATION.step(deliberation.state, "name_executor")
    _check_not_evaluated(deliberation)
    if due_on < day_of(now):
        raise DueDateInThePast("the due date has passed", due_on=due_on.isoformat())
    deliberation = replace(deliberation, state=state, executor=executor, execute_by=due_on)
    issue = handled_by(issue, executor)
    return deliberation.with_steps(Step.EXECUTE, by=by, at=now), issue


def evaluate_deliberation(deliberation: Deliberation, evaluation: Evaluation) -> Deliberation:
    """Say whether the topic is really solved, without after-effects.

    Raises StateNotAllowed, NoExecutor, AlreadyEvaluated, ExecutorMayNotEvaluate, in that order.
    """
    state = DELIBERATION.step(deliberation.state, "evaluate_deliberation")
    if deliberation.executor is None:
        raise NoExecutor("nobody was named to do it", deliberation_id=deliberation.deliberation_id)
    _check_not_evaluated(deliberation)
    if evaluation.by == deliberation.executor:
        raise ExecutorMayNotEvaluate("who executes does not evaluate", by=evaluation.by)
    deliberation = replace(deliberation, state=state, evaluation=evaluation)
    return deliberation.with_steps(Step.EVALUATE, by=evaluation.by, at=evaluation.at)


def _check_not_evaluated(deliberation: Deliberation) -> None:
    if deliberation.evaluation is not None:
        raise AlreadyEvaluated("it was evaluated before", at=deliberation.evaluation.at.isoformat())
