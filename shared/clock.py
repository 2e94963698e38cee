"""The one clock: time is read here and passed on as an argument."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

COMMUNITY_TIME = ZoneInfo("Asia/Shanghai")
# Seconds by which a fault test puts this process's clock wrong, as a machine without a time server would have it.
OFFSET = timedelta(seconds=float(os.environ.get("CLOCK_OFFSET", "0")))


def now() -> datetime:
    """Return the present moment in the community's time zone.

    A file named by `CLOCK_FILE` holds the time instead where a story moves the clock of several processes.
    """
    held = os.environ.get("CLOCK_FILE")
    if held is None:
        return wall()
    return datetime.fromisoformat(Path(held).read_text(encoding="utf-8").strip()).astimezone(COMMUNITY_TIME)


def wall() -> datetime:
    """Return this machine's time, whatever a story says: for what the database ages by its own clock."""
    return datetime.now(COMMUNITY_TIME) + OFFSET


def wall_nanoseconds() -> int:
    """Return the same time since 1970, as ids are made of."""
    return time.time_ns() + OFFSET // timedelta(microseconds=1) * 1000


def set_test_clock(path: Path, moment: datetime) -> None:
    """Move the clock of every process that reads this file, in one step."""
    fresh = path.with_suffix(".new")
    fresh.write_text(moment.isoformat(), encoding="utf-8")
    fresh.replace(path)
