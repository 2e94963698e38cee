"""What outside services publish and nobody takes is kept by the broker's policy, not lost unseen."""

import pytest

from tests.support.bus import publish_raw, queue_messages
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = pytest.mark.server
POLICY = {
    "pattern": r"^(?!(issues|volunteer|enrollment|notify)\.events$).*\.events$",
    "apply-to": "exchanges",
    "definition": {"alternate-exchange": "linli.unrouted"},
}


def test_an_outside_event_that_nobody_takes_is_kept_for_a_person(system: System) -> None:
    system.place.api("PUT", f"policies/{system.place.vhost}/linli-unrouted", **POLICY)
    system.start("issues", EXTRA_SOURCES='{"hotline": ["dispatch.filled"]}')
    publish_raw(system.place.amqp_uri, "hotline.events", "weather.changed", b"{}")
    eventually(lambda: queue_messages(system.place.amqp_uri, "linli.unrouted") == 1)
    shown = {queue["queue"]: queue["messages"] for queue in system.call("issues", "queues")["queues"]}
    assert shown["linli.unrouted"] == 1


def test_our_own_event_without_any_taker_is_published_once_and_not_kept_there(system: System) -> None:
    system.place.api("PUT", f"policies/{system.place.vhost}/linli-unrouted", **POLICY)
    [process] = system.start("enrollment")
    system.call(
        "enrollment", "plan_course", title="课程", theme="urban_management", course_kind="general", capacity=5,
        audience=["resident_backbone"],
    )  # fmt: skip
    eventually(lambda: system.database("enrollment").outbox.count_documents({"pending": True}) == 0)
    assert queue_messages(system.place.amqp_uri, "linli.unrouted") == 0
    assert process.metric("bus_published_total", outcome="confirmed") >= 1
