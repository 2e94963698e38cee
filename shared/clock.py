"""The one clock: time is read here and passed on as an argument."""

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

COMMUNITY_TIME = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present moment in the community's time zone.

    A file named by `CLOCK_FILE` holds the time instead where a story moves the clock of several processes.
    """
    held = os.environ.get("CLOCK_FILE")
    if held is None:
        return datetime.now(COMMUNITY_TIME)
    return datetime.fromisoformat(Path(held).read_text(encoding="utf-8").strip()).astimezone(COMMUNITY_TIME)


def wall() -> datetime:
    """Return the real time, whatever a story says: for what the database ages by its own clock."""
    return datetime.now(COMMUNITY_TIME)


def set_test_clock(path: Path, moment: datetime) -> None:
    """Move the clock of every process that reads this file, in one step."""
    fresh = path.with_suffix(".new")
    fresh.write_text(moment.isoformat(), encoding="utf-8")
    fresh.replace(path)
