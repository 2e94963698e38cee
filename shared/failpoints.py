"""Named points at which a fault test kills the process; without `FAILPOINT` they cost one comparison.

`FAILPOINT=after_commit:7` kills this process with SIGKILL the seventh time it passes `after_commit`.
"""

import os
import signal

_point, _, _count = os.environ.get("FAILPOINT", "").partition(":")
_left = int(_count or 1)


def passed(point: str) -> None:
    """Die here if the fault test asked for it."""
    global _left  # noqa: PLW0603 -- one counter per process is the point
    if point != _point:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
