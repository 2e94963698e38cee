"""A walk at random over the table of transitions: commands, clocks, duplicates, late facts, several actors at once."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.states import AT_REST, IssueState
from services.issues.domain.table import BY_ITSELF
from shared.errors import LinliError
from shared.shell.client import Ask, Client
from tests.e2e.fixture import B09, TREE
from tests.support.system import System
from tests.walk.moves import B10, BESIDE_THE_TABLE, HELPERS, MOVES, NOT_BY_ISSUE, REPORTERS, SECRET, Moment

AT_ONCE = 4  # the most commands at the same time
ALIVE = 10  # issues that are walked with; who is at rest makes room for a new report
COMMANDS = tuple(
    sorted({row.command for row in ISSUE.rows if BY_ITSELF not in row.who} & MOVES.keys()) + list(BESIDE_THE_TABLE)
)


@dataclass(kw_only=True)
class Walk:
    """One walk; what it tries follows from the seed and from what the issues have become."""

    system: System
    seed: int
    chance: Random = field(init=False)
    client: Client = field(init=False)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    steps: int = 0
    alive: list[str] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    filled: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin at the seed."""
        self.chance, self.client = Random(self.seed), Client(self.system.place.amqp_uri, seconds=30)

    @property
    def now(self) -> datetime:
        """The time of the story."""
        assert self.system.now is not None
        return self.system.now

    def go(self, steps: int) -> None:
        """Walk so many commands far."""
        while self.steps < steps:
            self._make_room()
            turn = self.chance.random()
            if turn < 0.05:
                self._let_time_pass()
            elif turn < 0.09:
                self._let_helpers_come()
            self._try_some()

    def _make_room(self) -> None:
        issues = self.system.database("issues").issues
        states = {one["_id"]: one["state"] for one in issues.find({"_id": {"$in": self.alive}}, {"state": 1})}
        self.alive = [one for one in self.alive if IssueState(states[one]) not in AT_REST or self.chance.random() < 0.9]
        while len(self.alive) < ALIVE:
            self._report()

    def _report(self) -> None:
        """Send a report two or three times at once under its own number: it counts once (I7)."""
        fields = {
            "reporter": self.chance.choice(REPORTERS),
            "building_id": self.chance.choice([B09, B09, B10]),
            "text": SECRET,
            "client_id": f"walk-{self.seed}-{self.steps}-{len(self.alive)}",
            "asset_id": self.chance.choice([None, "LIFT-1", "SHED-1"]),
            "urgent": self.chance.random() < 0.1,
            "request_type": self.chance.choice(["help", "complaint", "suggestion"]),
        }
        asks = [Ask(service="issues", method="report_issue", kwargs=fields) for _ in range(self.chance.randint(2, 3))]
        answers = self.client.call_all(asks)
        self.steps += len(asks)
        made = [one["issue_id"] for one in answers if not isinstance(one, LinliError)]
        self._note("report_issue", answers)
        assert len(set(made)) == 1, answers
        self.alive.append(made[0])

    def _try_some(self) -> None:
        """Try a few commands at the same time, often on one issue; some of them twice under one id."""
        hot = self.chance.choice(self.alive)
        asks = [
            self._ask(hot if self.chance.random() < 0.6 else self.chance.choice(self.alive))
            for _ in range(self.chance.randint(1, AT_ONCE))
        ]
        if self.chance.random() < 0.1:
            asks.append(Ask(service="issues", method=asks[0].method, kwargs=asks[0].kwargs))
        answers = self.client.call_all(asks)
        self.steps += len(asks)
        for ask, answer in zip(asks, answers, strict=True):
            self._note(ask.method, [answer])
            self._compare_with_before(ask, answer)

    def _ask(self, issue_id: str) -> Ask:
        issue = self.system.database("issues").issues.find_one({"_id": issue_id})
        assert issue is not None
        allowed = [one for one in ISSUE.allowed_in(IssueState(issue["state"])) if one in MOVES]
        likely = allowed and self.chance.random() < 0.85
        command = self.chance.choice(allowed if likely else COMMANDS)
        others = tuple(one for one in self.alive if one != issue_id) or (issue_id,)
        moment = Moment(self.chance, self.now, issue, others, self._conditions(issue))
        fields = {name: value for name, value in MOVES[command](moment).items() if value is not None}
        named = {} if command in NOT_BY_ISSUE else {"issue_id": issue_id}
        return Ask(
            service="issues",
            method=command,
            kwargs={**named, **fields, "command_id": str(uuid.UUID(int=self.chance.getrandbits(128)))},
        )

    def _conditions(self, issue: dict[str, Any]) -> list[str]:
        key = f"{issue['category']}@{issue['category_version']}"
        if key not in self.told:
            row = self.system.database("issues").categories.find_one({"_id": key}) or {}
            self.told[key] = list(row.get("closing_condition_zh", ()))
        return list(self.told[key])

    def _compare_with_before(self, ask: Ask, answer: Any) -> None:
        """Ask again under the same id now and then: the answer is the first one, whatever has happened since (I6)."""
        if isinstance(answer, LinliError) or self.chance.random() > 0.05:
            return
        again = self.client.call_all([Ask(service="issues", method=ask.method, kwargs=ask.kwargs)])[0]
        self.steps += 1
        if again != answer:
            self.surprises.append(f"{ask.method} answered otherwise the second time: {answer} {again}")

    def _note(self, command: str, answers: list[Any]) -> None:
        for answer in answers:
            if not isinstance(answer, LinliError):
                self.done[command] += 1
            elif answer.code in ("unavailable", "linli_error") or answer.retryable:
                self.surprises.append(f"{command}: {answer}")
            else:
                self.refused[answer.code] += 1

    def _let_time_pass(self) -> None:
        """Move the clock on, and let all replicas tick at once."""
        span = self.chance.choice([timedelta(minutes=30), timedelta(hours=5), timedelta(days=1), timedelta(days=4)])
        self.system.move_clock(span)
        ticks = [Ask(service="issues", method="run_due", kwargs={"now": self.now.isoformat()}) for _ in range(3)]
        for answer in self.client.call_all(ticks):
            assert not isinstance(answer, LinliError), answer

    def _let_helpers_come(self) -> None:
        """Send a fact of volunteer twice, or one of an earlier round, or an old state of the tree (I6)."""
        issue = self.system.database("issues").issues.find_one({"_id": self.chance.choice(self.alive)})
        assert issue is not None
        fact = {
            "dispatch_id": f"DP-{len(self.filled)}", "issue_id": issue["_id"], "qualified_count": 0,
            "volunteer_ids": self.chance.sample(HELPERS, 2), "lead_rule_waived": False,
            "round": max(1, issue["round"] - self.chance.choice([0, 0, 1])),
        }  # fmt: skip
        self.filled.append(fact)
        for one in (fact, self.chance.choice(self.filled)):
            self.system.dispatch("volunteer", "dispatch.filled", one)
        self.system.dispatch("volunteer", "org_unit.updated", {**TREE[0], "revision": 0, "secretary_id": "P-9999"})
