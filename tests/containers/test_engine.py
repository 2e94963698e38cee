"""`ENGINE=docker`: the servers in containers, everything else in processes."""

import subprocess
import sys

import pytest

from deploy.lab.place import where_ports_are
from tests.containers.stack import ROOT

pytestmark = pytest.mark.containers


def test_the_demo_runs_on_servers_in_containers_and_leaves_none_behind():
    argv = [*where_ports_are(), sys.executable, "-m", "deploy.local", "demo", "--docker"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "19 events, 210 messages delivered, 0 failed" in done.stdout
    listed = ["docker", "ps", "--all", "--format", "{{.Names}}", "--filter", "name=^linli-[0-9a-f]{8}-"]
    assert subprocess.run(listed, capture_output=True, text=True, check=True).stdout == ""
