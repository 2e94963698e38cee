"""What the container files promise without an engine."""

import os
import re
import subprocess

import pytest

from tests.containers.stack import ROOT

pytestmark = pytest.mark.containers
COMPOSE_FILE = ROOT / "docker-compose.yml"


def check(*argv: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(argv, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False)


def test_the_compose_file_is_valid():
    assert check("docker-compose", "config", "--quiet").stderr == ""


def test_without_passwords_compose_says_which_are_missing():
    refusal = check("docker-compose", "config", "--quiet", COMPOSE_ENV_FILES="deploy/env.example")

    assert refusal.returncode != 0
    assert "required variable ROOT_PASSWORD is missing a value: see deploy/env.example" in refusal.stderr


def test_the_compose_file_holds_no_secret():
    without_variables = re.sub(r"\$\{[^}]*\}", "", COMPOSE_FILE.read_text(encoding="utf-8"))

    assert re.findall(r'"password": "[^"]|://\w+:[^@]|(?:PASSWORD|AUTH_KEY): *[^#\s]', without_variables) == []


def test_the_dockerfile_has_no_finding():
    assert check("hadolint", "deploy/Dockerfile").stdout == ""
