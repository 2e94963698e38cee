"""`python -m deploy.demo`: play story 1 on the services named by the environment; exit code 1 where a step fails."""

import os
import sys
import time

from rich.text import Text

from deploy.demo import ending, story
from deploy.demo.screen import Screen
from deploy.demo.stage import Stage
from deploy.demo.watch import Late, Watch
from shared.broker.connection import BROKER_ERRORS
from shared.config import settings
from shared.errors import LinliError
from shared.shell import views
from shared.shell.bus import Bus
from shared.shell.login import connect
from shared.shell.tables import console, problem


def main() -> int:
    """Play the story."""
    errors, bus = console(error=True), connect()
    if "GATEWAY_URL" not in os.environ:
        errors.print("✗ GATEWAY_URL is not set: it says where messages arrive; make up, then make play", soft_wrap=True)
        return 1
    try:
        _play(bus)
    except Late as late:
        errors.print(Text(f"✗ did not come: {late.awaited}\n  look there: {late.where}", style="red"), soft_wrap=True)
        errors.print(views.queues(bus.queues()), views.parked(bus.parked()))
        return 1
    except LinliError as error:
        errors.print(problem(error), soft_wrap=True)
        return 1
    except BROKER_ERRORS as error:
        errors.print(f"✗ lost the broker or the gateway: {error}; make up, then make play", soft_wrap=True)
        return 1
    finally:
        bus.client.close()
    return 0


def _play(bus: Bus) -> None:
    described = bus.ask("describe")
    for error in described.failures.values():
        raise error
    titles = {one["type"]: one for answer in described.answers.values() for one in answer["events"]}
    watch = Watch(settings().amqp_uri)
    stage = Stage(bus=bus, watch=watch, screen=Screen(titles), gateway=os.environ["GATEWAY_URL"])
    try:
        _acts(stage)
    finally:
        watch.close()


def _acts(stage: Stage) -> None:
    began = time.monotonic()
    stage.begin()
    before = story.prepare(stage)
    story.report(stage)
    story.triage(stage)
    story.deliberate(stage)
    project_id = story.start_project(stage)
    dispatch_id = story.call_for_help(stage)
    story.finish(stage, dispatch_id, project_id)
    ending.tell(stage, before, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
