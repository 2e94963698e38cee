"""What came of it: who did what, hours, messages, and how to look further."""

from collections.abc import Mapping

from rich.panel import Panel
from rich.text import Text

from deploy.demo.fixture import HOURS, LEADER, NAMES, RESIDENT, ROLL_SIZE, VOLUNTEERS
from deploy.demo.stage import Stage
from deploy.demo.watch import DELIVERED, Late

DOMAIN_EVENTS = 19  # stories.md, story 1
MESSAGES = ROLL_SIZE + 10
SHOWN = {RESIDENT: 4, LEADER: 2, **dict.fromkeys(VOLUNTEERS, 2)}  # messages of each in this story

FURTHER = """\
make up       leave everything running      make play    this story on it      make down    stop it
make shell    the nameko shell on it; three commands to try there:
                trace("{issue_id}")                 the whole thread, over the four services, in order, with causes
                n.rpc.notify.inbox("{resident}")      the messages of {name}
                queues()                         queues, outbox and parked events"""


def tell(stage: Stage, hours_before: Mapping[str, float], seconds: float) -> None:
    """Show it all; raises Late where the counts are not those of the story."""
    screen = stage.screen
    screen.heading("谁做了什么", "who did what")
    screen.table(stage.deeds)
    screen.heading("入账时长", "credited hours")
    screen.table(_hours(stage, hours_before))
    screen.heading("收到的消息", "messages as they were received")
    for person, count in SHOWN.items():
        for message in stage.messages(person, count):
            title = f"{NAMES[person]} {person} · {message['channel']}"
            screen.out.print(Panel(Text(message["text"]), title=title, title_align="left", expand=False))
    screen.note(f"and {ROLL_SIZE} invitations to vote")
    screen.heading("怎样继续", "how to look further")
    further = FURTHER.format(issue_id=stage.issue_id, resident=RESIDENT, name=NAMES[RESIDENT])
    screen.out.print(Text(further))
    _check(stage, hours_before, seconds)


def _hours(stage: Stage, before: Mapping[str, float]) -> list[dict[str, str]]:
    rows = []
    for volunteer in VOLUNTEERS:
        total = stage.call("volunteer", "volunteer_card", volunteer)["total_hours"]
        name = f"{NAMES[volunteer]} {volunteer}"
        rows.append({"志愿者": name, "before": f"{before[volunteer]:.1f} h", "now": f"{total:.1f} h"})
    return rows


def _check(stage: Stage, before: Mapping[str, float], seconds: float) -> None:
    """Compare with the counts of the story."""
    ours = [event for event in stage.watch.seen.values() if event.get("correlationid") == stage.issue_id]
    domain = sum(event["source"] != "notify" for event in ours)
    delivered = sum(event["type"] == DELIVERED for event in ours)
    credited = [event["data"] for event in ours if event["type"] == "hours.credited"]
    right = all(row["total_hours"] == before[row["volunteer_id"]] + HOURS for row in credited)
    if (domain, delivered, len(ours)) != (DOMAIN_EVENTS, MESSAGES, DOMAIN_EVENTS + MESSAGES) or not right:
        counts = f"{domain} events and {delivered} messages, {len(ours)} in all"
        raise Late(
            f"{DOMAIN_EVENTS} events and {MESSAGES} messages, but there were {counts}", f'trace("{stage.issue_id}")'
        )
    stage.screen.out.print()
    line = f"✓ {stage.issue_id}: {domain} events, {delivered} messages delivered, 0 failed, in {seconds:.1f} s"
    stage.screen.out.print(Text(line, style="bold green"))
