"""What a person types on the command line."""

from datetime import timedelta

import pytest
import typer
from typer.testing import CliRunner

from shared import clock
from shared.cli.app import app
from shared.cli.options import moment
from shared.cli.output import value_of
from shared.errors import InvalidInput
from shared.shell.bus import Bus
from shared.shell.client import Ask


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("true", True),
        ("IS-0101", "IS-0101"),
        ('"5"', "5"),
        ("[1]", [1]),
        ("2025-03-03", "2025-03-03"),
        ("NaN", "NaN"),
    ],
)
def test_a_value_is_json_where_it_is_json_and_else_a_text(text, value):
    assert value_of(text) == value


def test_a_span_is_that_long_before_now():
    assert abs(clock.now() - timedelta(hours=2) - moment("2h")) < timedelta(seconds=5)


def test_a_moment_without_a_zone_is_the_communitys():
    assert moment("2025-03-03T09:00").isoformat() == "2025-03-03T09:00:00+08:00"


def test_anything_else_is_no_moment():
    with pytest.raises(typer.BadParameter):
        moment("yesterday")


def test_all_parked_events_are_never_meant_by_accident():
    with pytest.raises(InvalidInput):
        Bus(client=None).drop(limit=10)


def test_what_json_cannot_hold_is_refused_before_it_is_sent():
    with pytest.raises(InvalidInput):
        _ = Ask(service="issues", method="confirm", args=({1, 2},)).body


@pytest.mark.parametrize(
    "command", [[], ["trace"], ["queues"], ["call"], ["resend"], ["run-due"], ["parked", "replay"]]
)
def test_every_command_has_a_help_text(command):
    done = CliRunner().invoke(app, [*command, "--help"])

    assert done.exit_code == 0
    assert "Usage:" in done.stdout
