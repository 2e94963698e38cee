"""The usual steps of 小区协商议事 as data: what is done, by which command."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Step(StrEnum):
    """One step of a deliberation, in the usual order."""

    PROPOSE = "propose"
    ROLL = "roll"
    CHECK = "check"
    NOTICE = "notice"
    MEET = "meet"
    VOTE = "vote"
    SIGN = "sign"
    PUBLISH = "publish"
    EXECUTE = "execute"
    EVALUATE = "evaluate"


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """What a step is called, and the command that does it."""

    step: Step
    zh: str
    en: str
    command: str


STEPS = (
    StepRow(step=Step.PROPOSE, zh="提出议题", en="topic proposed", command="propose_topic"),
    StepRow(step=Step.ROLL, zh="确定参与主体", en="who takes part", command="set_roll"),
    StepRow(step=Step.CHECK, zh="议题审查", en="may we decide it, who must vote", command="open_deliberation"),
    StepRow(step=Step.NOTICE, zh="会前通报", en="notice with material and date", command="open_deliberation"),
    StepRow(step=Step.MEET, zh="组织协商", en="meeting with minutes", command="record_minutes"),
    StepRow(step=Step.VOTE, zh="表决", en="votes counted", command="close_vote"),
    StepRow(step=Step.SIGN, zh="签字", en="resolution signed", command="sign_resolution"),
    StepRow(step=Step.PUBLISH, zh="结果公示", en="result posted", command="publish_resolution"),
    StepRow(step=Step.EXECUTE, zh="组织实施", en="a named person executes", command="name_executor"),
    StepRow(step=Step.EVALUATE, zh="评议", en="really solved, without after-effects?", command="evaluate_deliberation"),
)


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step that was taken, by whom and when; `automatic` where the clock took it."""

    step: Step
    by: str
    at: datetime


def record(done: tuple[Done, ...], *steps: Step, by: str, at: datetime) -> tuple[Done, ...]:
    """Note steps as taken; one that is taken again is noted anew."""
    kept = tuple(one for one in done if one.step not in steps)
    return (*kept, *(Done(step=step, by=by, at=at) for step in steps))
