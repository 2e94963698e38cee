"""Lives of issues for tests of what is counted: each step is noted as the service notes it."""

import dataclasses
from datetime import datetime, timedelta

from services.issues import domain
from services.issues.domain import clocks
from tests.support.times import NOW, TIMES

S = domain.IssueState


class Life:
    """One issue on its way; `at` is the time that it has reached."""

    def __init__(self, issue: domain.Issue, at: datetime = NOW, *, repeated: bool = False) -> None:
        self.at = at
        self.issue = domain.count(None, issue, at, repeated=repeated)

    def after(self, **span: float) -> "Life":
        self.at += timedelta(**span)
        return self

    def take(self, issue: domain.Issue) -> "Life":
        settled = dataclasses.replace(issue, clocks=domain.settle(issue.clocks, TIMES))
        self.issue = domain.count(self.issue, settled, self.at)
        return self

    def go(self, *states: domain.IssueState) -> "Life":
        """Pass through states, whatever commands lead there."""
        for state in states:
            self.take(dataclasses.replace(self.issue, state=state))
        return self

    def move(self, **span: float) -> "Life":
        """Give it more time from now."""
        moved = clocks.move(self.issue.clocks, domain.ClockKind.RESOLVE, self.at + timedelta(**span), TIMES, self.at)
        return self.take(self.issue.with_clocks(moved))

    def resolve(self, outcome: domain.Outcome = domain.Outcome.SOLVED) -> "Life":
        return self.take(domain.resolve(self.issue, by="P-0009", outcome=outcome, now=self.at, times=TIMES)[0])

    def confirm(self, satisfaction: int, *, contacted: bool = True) -> "Life":
        answer = domain.Answer(
            by=self.issue.reporter_ref, satisfaction=satisfaction, via=domain.Via.SMS, remark=None, contacted=contacted
        )
        return self.take(domain.confirm(self.issue, answer, None, self.at, TIMES)[0])

    def fall_silent(self) -> "Life":
        """Let the seven days pass without an answer."""
        self.after(days=7)
        return self.take(domain.confirm_automatically(self.issue, self.at, TIMES)[0])

    def call(self, by: str = "P-0020", *, reached: bool = True, **said: object) -> "Life":
        questions = {"contacted": None, "solved": None, "satisfied": None, **said}
        call = domain.CallBack(by=by, reached=reached, channel=domain.Via.VOICE, **questions)  # type: ignore[arg-type]  # whatever a test says
        return self.take(domain.record_call_back(self.issue, call, None, self.at, TIMES)[0])
