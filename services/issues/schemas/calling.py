"""Commands on what is asked after the end."""

from dataclasses import dataclass

from services.issues import domain
from shared.schemas import Command, Id, Text


@dataclass(frozen=True, kw_only=True)
class RecordCallBack(Command):
    """Note a call to the resident; `contacted` is whether somebody had spoken to them about the case before."""

    issue_id: Id
    by: Id | None = None
    reached: bool
    solved: domain.Solved | None = None
    satisfied: domain.Satisfied | None = None
    contacted: bool | None = None
    channel: domain.Via = domain.Via.VOICE

    def call(self, by: str, units: tuple[str, ...]) -> domain.CallBack:
        """What came of the call of this person, who acts for these units."""
        return domain.CallBack(
            by=by,
            reached=self.reached,
            contacted=self.contacted,
            solved=self.solved,
            satisfied=self.satisfied,
            channel=self.channel,
            units=units,
        )


@dataclass(frozen=True, kw_only=True)
class AnswerDurability(Command):
    """Say for the reporter whether it has stayed solved."""

    issue_id: Id
    holds: bool
    by: Id | None = None
    remark: Text | None = None
    via: domain.Via = domain.Via.WECHAT
