"""Photos over the bus: the largest that is allowed comes through, and its pixels hold up nobody else."""

import base64
import io
import os
import threading
import time

import pytest
from nameko.exceptions import RemoteError
from PIL import Image

from tests.e2e.fixture import B09, TREE
from tests.support.lines import LINES

pytestmark = pytest.mark.server
MEGABYTE = 1024 * 1024


def largest_photo():
    """A photo as large in bytes and as dear in pixels as one may be: 52 million of them, progressive, 8 MB."""
    coarse = Image.frombytes("RGB", (1040, 780), os.urandom(1040 * 780 * 3))
    out = io.BytesIO()
    coarse.resize((8320, 6240)).save(out, "JPEG", quality=60, progressive=True)
    assert 4 * MEGABYTE < out.tell() <= 8 * MEGABYTE
    return out.getvalue() + b"\0" * (8 * MEGABYTE - out.tell())  # what is behind the picture's end is not looked at


def test_the_largest_photo_passes_and_other_calls_are_answered_meanwhile(system):
    system.start("issues")
    for unit in TREE:
        system.dispatch("volunteer", "org_unit.updated", {**unit, "revision": 1})
    system.settled()
    data = base64.b64encode(largest_photo()).decode()
    with system.rpc() as rpc:
        issue_id = rpc.issues.report_issue(reporter="R-1001", building_id=B09, text="x")["issue_id"]
        with pytest.raises(RemoteError, match="at most 12582912 bytes"):
            rpc.issues.attach_photo(issue_id=issue_id, kind="before", data=data + "A" * 2 * MEGABYTE)
        with pytest.raises(RemoteError, match="at most 1048576 bytes"):
            rpc.issues.report_issue(reporter="R-1001", building_id=B09, text="x" * 2 * MEGABYTE)

        told = {}
        upload = threading.Thread(
            target=lambda: told.update(system.call("issues", "attach_photo", issue_id, "before", data))
        )
        began = time.monotonic()
        upload.start()
        waits = []
        while upload.is_alive():
            asked = time.monotonic()
            rpc.issues.get_issue(issue_id)
            waits.append(time.monotonic() - asked)
        upload.join()
        took = time.monotonic() - began
    assert (told["width"], told["height"]) == (2048, 1536)
    assert len(waits) > 3
    assert max(waits) < took / 2
    LINES.append(f"8 MB photo of 52 MP: {took:.2f} s; {len(waits)} other calls meanwhile, longest {max(waits):.2f} s")
